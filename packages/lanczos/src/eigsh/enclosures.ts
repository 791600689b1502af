import type { Which } from './which.js';

/** For each value intervals around it: one that holds an eigenvalue, and one that holds the eigenvalue of its place. */
export interface Enclosures {
  /**
   * (k,) value ± radius holds an eigenvalue, within a cluster maybe that of another place: the smaller of residual norm [parlett1998, 4.5.1] and residual²/gap [parlett1998, 11.7.1], and rounding of 10
   * eps ‖A‖, 30 for small orders
   */
  readonly radius: Float64Array;
  /**
   * (k,) values[i] ± ordered[i] holds the eigenvalue number i of those wanted, counted with multiplicity: `radius` where the gap tells it from all others, else
   * at least max(tol, 50 eps) ‖A‖, which is what `converged` says; infinite where that is false
   */
  readonly ordered: Float64Array;
  /** (k,) distance to the rest of the spectrum, a lower bound; 0 where nothing is known of it, and residual²/gap is not claimed */
  readonly gap: Float64Array;
}

/**
 * Enclosures from residuals and gaps.
 *
 * With the count proven each listed eigenvalue lies within `width` of its value, so the gap between neighbours in the list is known up to
 * that; beyond the outermost value there is nothing. Next to the unseen spectrum, or without proof, no gap is claimed.
 *
 * @param values descending; @param proven whether no wanted eigenvalue is missing; @param bottom how many of the list are the smallest ones
 */
export function enclosuresOf(
  values: Float64Array,
  residuals: ArrayLike<number>,
  proven: boolean,
  which: Which,
  bottom: number,
  width: number,
  rounding: number,
): Enclosures {
  const k = values.length;
  const top = k - bottom;
  const gap = Float64Array.from(values, (value, i) => {
    if (!proven) return 0;
    const above = i === 0 ? (top > 0 ? Infinity : 0) : i === top ? 0 : values[i - 1] - value;
    const below = i === k - 1 ? (bottom > 0 ? Infinity : 0) : i === top - 1 ? 0 : value - values[i + 1];
    const least = Math.min(above, below) - width;
    return least > 0 && (which !== 'LM' || least < Infinity) ? least : 0;
  });
  const radius = radiusOf(gap, residuals, rounding);
  const place = Math.max(width, 5 * rounding);
  const ordered = radius.map((r, i) => (!proven ? Infinity : gap[i] > 0 ? r : Math.max(r, place)));
  return { radius, ordered, gap };
}

/** Residual norm, or residual²/gap where that is smaller and the gap known, and rounding: as large as `gap`. */
export function radiusOf(gap: Float64Array, residuals: ArrayLike<number>, rounding: number): Float64Array {
  return gap.map((g, i) => rounding + (g > 0 ? Math.min(residuals[i], residuals[i] ** 2 / g) : residuals[i]));
}
