import type { Which } from './which.js';

/** For each value an interval value ± radius that holds its eigenvalue. */
export interface Enclosures {
  /** (k,) the smaller of residual norm [parlett1998, 4.5.1] and residual²/gap [parlett1998, 11.7.1], and rounding of 10 eps ‖A‖ */
  readonly radius: Float64Array;
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
  return { radius: radiusOf(gap, residuals, rounding), gap };
}

/** Residual norm, or residual²/gap where that is smaller and the gap known, and rounding: as large as `gap`. */
export function radiusOf(gap: Float64Array, residuals: ArrayLike<number>, rounding: number): Float64Array {
  return gap.map((g, i) => rounding + (g > 0 ? Math.min(residuals[i], residuals[i] ** 2 / g) : residuals[i]));
}
