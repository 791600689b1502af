import { log } from '@hyperribbon/kernels';
import type { PriorScale } from '../gaussian/priorFamily.js';

/** ln(π²/6) */
const LN_BASEL = 0.4977003024707454;

export interface ContinuousGridPrice {
  readonly nats: number;
  /** `factor` times the derivative by ½ ln λ of scale `s` */
  slope(s: number, factor: number): number;
}

/**
 * Price of prior scales between the members of their grids, for optimisation: 2 k ln(Σ b ln(c/λ)) + ln(π²/6), each index at least 1, over
 * the k scales that are not fixed. On the grids it is `gridPrice`; no certificate uses values between.
 *
 * @param halfLogs ½ ln λ
 */
export function continuousGridPrice(scales: readonly PriorScale[], halfLogs: ArrayLike<number>): ContinuousGridPrice {
  const indices = scales.map(({ grid: { b, c }, fixed = false }, s) =>
    fixed ? 0 : Math.max(1, b * (log(c) - 2 * halfLogs[s])),
  );
  const free = indices.filter((index) => index > 0).length;
  const sum = indices.reduce((total, index) => total + index, 0);
  return {
    nats: free === 0 ? 0 : 2 * free * log(sum) + LN_BASEL,
    // at the edge of the grid the index stays 1
    slope: (s, factor) => (indices[s] > 1 ? -(factor * 4 * free * scales[s].grid.b) / sum : 0),
  };
}
