import { log } from '@hyperribbon/kernels';

/**
 * ln Σ xᵢ², without overflow or underflow of the squares; −∞ of zeros and of an empty array, NaN where one entry is.
 *
 * Cost: two passes.
 */
export function logSquares(values: ArrayLike<number>): number {
  let top = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (size > top) top = size;
    else if (size !== size) return NaN;
  }
  if (top === 0 || top === Infinity) return log(top);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const share = values[i] / top;
    sum += share * share;
  }
  return log(sum) + 2 * log(top);
}
