import { refuse, requireWithin } from '@hyperribbon/contract';

/**
 * A percentile by linear interpolation between the order statistics on either side of p (n − 1)/100, numpy's default.
 *
 * @param values (n,) at least one, in any order; left as they are
 * @param percent in [0, 100]
 * @returns NaN where one of them is
 * @throws ArgumentError for no values, or a percentage outside [0, 100]
 * @example interpolatedPercentile(Float64Array.of(14, 4, 4, 2), 5); // 2.3
 */
export function interpolatedPercentile(values: ArrayLike<number>, percent: number): number {
  requireWithin('interpolatedPercentile', 'percent', percent, 0, 100);
  if (!(values.length > 0)) refuse('interpolatedPercentile', 'values are empty; a percentile needs at least one');
  const sorted = Float64Array.from(values).sort();
  if (Number.isNaN(sorted[sorted.length - 1])) return NaN;
  const at = (percent / 100) * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  const part = at - below;
  // from the nearer end, as numpy does: exact at both
  return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
}
