import type { FloatArray } from '@hyperribbon/kernels/linear';

/** Checks what random vectors are named by. @throws RangeError whose first word is `caller` */
export function assertSeed(seed: number, caller: string): void {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new RangeError(`${caller}: seed must be an integer in [0, 2^53 - 1], got ${seed}`);
}

/** Checks a start vector that is given, (n,) and finite. @throws RangeError whose first word is `caller` */
export function assertStart(v0: FloatArray | undefined, n: number, caller: string): void {
  if (v0 === undefined) return;
  if (v0.length !== n) throw new RangeError(`${caller}: v0 must have length ${n}, got ${v0.length}`);
  const bad = v0.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) throw new RangeError(`${caller}: v0 must be finite, got ${v0[bad]} at position ${bad}`);
}
