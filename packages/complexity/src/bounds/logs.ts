// Sizes of bounds are kept as natural logarithms: products of norms over layers overflow. ln 0 is −∞, and what is NaN stays NaN.
import { exp, log, log1p } from '@hyperribbon/kernels';

/** ln Σ exp(lᵢ), without overflow; −∞ of an empty list, +∞ and NaN as in the sum itself. */
export function logSum(logs: readonly number[]): number {
  if (logs.some(Number.isNaN)) return NaN;
  const top = Math.max(-Infinity, ...logs);
  if (!Number.isFinite(top)) return top;
  return top + log(logs.reduce((sum, l) => sum + exp(l - top), 0));
}

/** ln(eᵃ − eᵇ) for a ≥ b; −∞ where they are equal. */
export function logDifference(a: number, b: number): number {
  if (b === -Infinity) return a;
  return a === b ? -Infinity : a + log1p(-exp(b - a));
}

/** ln Π xᵢ from ln xᵢ of non-negative numbers; −∞ where a factor is zero, whatever the others are; NaN where one is NaN. */
export function sumOfLogs(logs: readonly number[]): number {
  if (logs.some(Number.isNaN)) return NaN;
  return logs.includes(-Infinity) ? -Infinity : logs.reduce((sum, l) => sum + l, 0);
}

/** {@link sumOfLogs} of numbers themselves, such as the spectral norms of all layers. */
export function logProduct(values: readonly number[]): number {
  return sumOfLogs(values.map(log));
}
