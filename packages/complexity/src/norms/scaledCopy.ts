import type { FloatArray } from '@hyperribbon/kernels';
import { largestOf, scaleOf } from '../numbers/powerOfTwo.js';

/** Numbers with a power of two taken out, so that their squares and cubes neither overflow nor vanish. */
export interface Scaled {
  /** the largest of them in [1, 2), if any is not zero */
  readonly values: Float64Array;
  /** 2^e; values · scale are the numbers */
  readonly scale: number;
}

/** A copy in float64, scaled by a power of two: nothing is rounded but what is 1e-308 of the largest. @param x finite */
export function scaledCopy(x: FloatArray): Scaled {
  const factor = scaleOf(largestOf(x));
  return { values: Float64Array.from(x, (entry) => entry * factor), scale: 1 / factor };
}
