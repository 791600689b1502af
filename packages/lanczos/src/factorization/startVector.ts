import { requireFiniteEntries, requireFloatArray } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels/linear';

/** Checks a start vector that is given, (n,) and finite. @throws ArgumentError, ArgumentTypeError */
export function requireStart(caller: string, v0: FloatArray | undefined, n: number): void {
  if (v0 === undefined) return;
  requireFloatArray(caller, 'v0', v0, n);
  requireFiniteEntries(caller, 'v0', v0);
}
