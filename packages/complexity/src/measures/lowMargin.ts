import { percentile } from '../numbers/percentile.js';

/**
 * How one margin γ is taken from all: the k-th smallest with k = ⌊m/10⌋, as the published numbers are; or a percentile, interpolated between neighbours.
 */
export type MarginRule = 'kth-smallest' | 'percentile-10' | 'percentile-5';

/** A margin that stands for a sample. */
export interface LowMargin {
  /** NaN where there is none */
  readonly margin: number;
  readonly undefinedBecause?: string;
}

/**
 * The margin γ of a sample: small, but not the smallest, so that one example does not decide.
 *
 * The default is the ⌊m/10⌋-th smallest, which is never interpolated and which fewer than 10 examples do not have.
 *
 * @param margins (m,) f(x)_y − max over j ≠ y of f(x)_j
 * @returns negative where the network is wrong on a tenth of the sample
 * Source: [jiang2020], as read in the code of [dziugaite2020]. Cost: a sort
 * @example
 * lowMargin(Float64Array.from({ length: 25 }, (_, i) => (i + 1) / 10)); // { margin: 0.2 }
 * lowMargin([3, 1, 2]).undefinedBecause; // a tenth of 3 examples is none …
 */
export function lowMargin(margins: ArrayLike<number>, rule: MarginRule = 'kth-smallest'): LowMargin {
  const none = (undefinedBecause: string): LowMargin => ({ margin: NaN, undefinedBecause });
  const sorted = Float64Array.from(margins).sort();
  const count = sorted.length;
  if (count === 0) return none('there are no margins');
  // NaN is sorted to the end
  if (Number.isNaN(sorted[count - 1])) return none('a margin is not a number');
  if (rule !== 'kth-smallest') return finite(percentile(sorted, rule === 'percentile-10' ? 10 : 5));
  const place = Math.floor(count / 10);
  if (place === 0) return none(`a tenth of ${count} examples is none: take at least 10, or the rule percentile-10`);
  return finite(sorted[place - 1]);
}

function finite(margin: number): LowMargin {
  if (Number.isFinite(margin)) return { margin };
  return { margin: NaN, undefinedBecause: `the margin is ${margin}: of one class there is none` };
}
