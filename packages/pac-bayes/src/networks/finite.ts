import type { FloatArray } from '@hyperribbon/kernels';

/** Index of the first NaN or infinity, −1 if there is none. */
export function firstNonFiniteOf(values: FloatArray): number {
  for (let i = 0; i < values.length; i++) if (values[i] - values[i] !== 0) return i;
  return -1;
}
