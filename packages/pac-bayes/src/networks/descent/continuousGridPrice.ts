import { log } from '@hyperribbon/kernels';
import type { PriorScale } from '../gaussian/priorFamily.js';

/** ln(π²/6) */
const LN_BASEL = 0.4977003024707454;

/**
 * Price of prior scales between the members of their grids, for optimisation: 2 k ln(Σ b ln(c/λ)) + ln(π²/6), each index at least 1, over
 * the k scales that are not fixed. On the grids it is `gridPrice`; no certificate uses values between.
 *
 * @param halfLogs ½ ln λ
 * @param slopes derivatives by them are added here, times `factor`
 */
export function continuousGridPrice(scales: readonly PriorScale[], halfLogs: ArrayLike<number>): number {
  const { sum, free } = indices(scales, halfLogs);
  return free === 0 ? 0 : 2 * free * log(sum) + LN_BASEL;
}

/** Adds `factor` times the price's derivatives by ½ ln λ to `slopes`. */
export function addGridPriceSlopes(
  scales: readonly PriorScale[],
  halfLogs: ArrayLike<number>,
  factor: number,
  slopes: { [index: number]: number },
): void {
  const { sum, free } = indices(scales, halfLogs);
  scales.forEach(({ grid: { b, c }, fixed = false }, s) => {
    // at the edge of the grid the index stays 1
    if (!fixed && b * (log(c) - 2 * halfLogs[s]) > 1) slopes[s] -= (factor * 4 * free * b) / sum;
  });
}

function indices(scales: readonly PriorScale[], halfLogs: ArrayLike<number>): { sum: number; free: number } {
  let [sum, free] = [0, 0];
  scales.forEach(({ grid: { b, c }, fixed = false }, s) => {
    if (fixed) return;
    sum += Math.max(1, b * (log(c) - 2 * halfLogs[s]));
    free++;
  });
  return { sum, free };
}
