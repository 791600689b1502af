import { refuse, requireWithin } from '@hyperribbon/contract';

/**
 * A percentile by linear interpolation between the order statistics on either side of q (m − 1)/100, numpy's default.
 *
 * @param values (m,) at least one, in any order; left as they are
 * @param q in [0, 100]
 * @returns NaN where one of them is
 * @throws ArgumentError for no values, or q outside [0, 100]
 * @example percentile(Float64Array.of(14, 4, 4, 2), 5); // 2.3
 */
export function percentile(values: ArrayLike<number>, q: number): number {
  requireWithin('percentile', 'q', q, 0, 100);
  if (!(values.length > 0)) refuse('percentile', 'values must hold at least one number');
  const sorted = Float64Array.from(values).sort();
  return Number.isNaN(sorted[sorted.length - 1]) ? NaN : quantile(sorted, q / 100);
}

/** The same of sorted values, for a share in [0, 1]; NaN of none. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return NaN;
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
  const part = at - below;
  // differences of infinite values are no numbers
  if (part === 0 || low === high) return low;
  // from the nearer end, as numpy does: exact at both
  return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
}
