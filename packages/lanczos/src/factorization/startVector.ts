import { refuse, requireFiniteEntries, requireFloatArray } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels/linear';

/** Checks start vectors that are given, finite rows of n numbers; their number. @throws ArgumentError, ArgumentTypeError */
export function requireStart(caller: string, v0: FloatArray | undefined, n: number, most: number): number {
  if (v0 === undefined) return 0;
  requireFloatArray(caller, 'v0', v0);
  const rows = v0.length / n;
  if (!(rows >= 1) || rows > most || rows % 1 > 0)
    refuse(caller, `v0 must be ${most === 1 ? '' : 'rows of '}n=${n} numbers, got ${v0.length}`);
  requireFiniteEntries(caller, 'v0', v0);
  return rows;
}
