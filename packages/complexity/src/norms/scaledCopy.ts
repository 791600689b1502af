import type { FloatArray } from '@hyperribbon/kernels';

/** Numbers with a power of two taken out, so that their squares and cubes neither overflow nor vanish. */
export interface Scaled {
  /** the largest of them in [1, 2), if any is not zero */
  readonly values: Float64Array;
  /** 2^e; values · scale are the numbers */
  readonly scale: number;
}

/** A copy in float64, scaled by a power of two: nothing is rounded but what is 1e-308 of the largest. @param x finite */
export function scaledCopy(x: FloatArray): Scaled {
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]));
  if (largest === 0) return { values: Float64Array.from(x), scale: 1 };
  let scale = 1;
  while (largest / scale >= 2) scale *= 2;
  // not below 2^-1000, whose reciprocal is a number
  while (largest / scale < 1 && scale > 2 ** -1000) scale /= 2;
  const inverse = 1 / scale;
  return { values: Float64Array.from(x, (entry) => entry * inverse), scale };
}
