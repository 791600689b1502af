import { requireLength } from '@hyperribbon/contract';
import { roundUp } from './rounding.js';

/** Compensated sum (Neumaier): error of one rounding, whatever the length. [neumaier1974] */
export class CompensatedSum {
  private sum = 0;
  private correction = 0;

  add(x: number): void {
    const t = this.sum + x;
    this.correction += Math.abs(this.sum) >= Math.abs(x) ? this.sum - t + x : x - t + this.sum;
    this.sum = t;
  }

  /** An infinite sum is infinite: its correction, ∞ − ∞, says nothing. */
  get total(): number {
    return Number.isFinite(this.sum) ? this.sum + this.correction : this.sum;
  }
}

/** Mean of a list; NaN for an empty one. */
export function meanOf(values: ArrayLike<number>): number {
  const sum = new CompensatedSum();
  for (let i = 0; i < values.length; i++) sum.add(values[i]);
  return sum.total / values.length;
}

/**
 * |a − b|², within two roundings and rounded up: what enters a divergence may be too large, never too small.
 *
 * @param a (n,)
 * @param b (n,)
 * @throws ArgumentError for lengths that differ
 * @example squaredDistance([3, 0], [0, 4]); // 25.0000...
 */
export function squaredDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  requireLength('squaredDistance', 'b', b, a.length);
  const sum = new CompensatedSum();
  for (let i = 0; i < a.length; i++) sum.add((a[i] - b[i]) * (a[i] - b[i]));
  // a difference, its square and the sum are off by half a unit each
  return roundUp(sum.total, 4);
}
