import { requireInteger, requireNoOthers, requireOneOf } from '@hyperribbon/contract';
import { centred, requireSeries } from './series.js';

export interface AutocovarianceOptions {
  /** lags 0 … lags − 1, integer in [1, T]; default min(T, 100) */
  readonly lags?: number;
  /**
   * 'released': (1/(T − k)) Σ aₜ aₜ₊ₖ − ā², as the authors of statistical stability compute it. 'centred' (default): (1/T) Σ (aₜ − ā)(aₜ₊ₖ − ā), whose
   * spectrum is never negative
   */
  readonly estimator?: 'centred' | 'released';
  /** moduli, as the authors go on with; default false */
  readonly absolute?: boolean;
}

/**
 * Autocovariances C(k) of a time series.
 *
 * The two estimators differ at long lags: the released one takes the mean of all numbers off the product of the first and the last T − k. It changes with a
 * constant that is added to the series, and can have a spectrum below zero.
 *
 * @param series (T,) in the order of time
 * @returns (lags,); NaN throughout where a number is not finite
 * @throws ArgumentError for an empty series and options out of range
 * Cost: lags · T multiplications.
 * @example autocovariance([1.5, 0.5, 1.5, 0.5], { lags: 3, estimator: 'released' }); // [0.25, -0.25, 0.25]
 * Source: [chandramoorthy2022], released code.
 */
export function autocovariance(series: ArrayLike<number>, options: AutocovarianceOptions = {}): Float64Array {
  requireSeries('autocovariance', 'series', series);
  const T = series.length;
  const { lags = Math.min(T, 100), estimator = 'centred', absolute = false, ...others } = options;
  requireNoOthers('autocovariance', others, 'AutocovarianceOptions');
  requireInteger('autocovariance', 'lags', lags, 1, T);
  requireOneOf('autocovariance', 'estimator', estimator, ['centred', 'released']);
  const { mean, deviations } = centred(series);
  const C = lagSums(deviations, lags);
  if (estimator === 'centred') for (let k = 0; k < lags; k++) C[k] /= T;
  else addOffCentre(C, deviations, mean);
  return absolute ? C.map(Math.abs) : C;
}

/** Σ dₜ dₜ₊ₖ, k = 0 … lags − 1. */
export function lagSums(d: Float64Array, lags: number): Float64Array {
  const T = d.length;
  const sums = new Float64Array(lags);
  // hot
  for (let k = 0; k < lags; k++) {
    let sum = 0;
    for (let t = 0; t < T - k; t++) sum += d[t] * d[t + k];
    sums[k] = sum;
  }
  return sums;
}

/**
 * From Σ dₜ dₜ₊ₖ to (1/(T − k)) Σ (m + dₜ)(m + dₜ₊ₖ) − m², without squaring m: an offset of 1e8 would leave no digits.
 */
function addOffCentre(C: Float64Array, d: Float64Array, m: number): void {
  const T = d.length;
  // Σ over the first and over the last T − k; all of them sum to 0
  let [first, last] = [0, 0];
  for (let k = 0; k < C.length; k++) {
    if (k > 0) {
      first -= d[T - k];
      last -= d[k - 1];
    }
    C[k] = (C[k] + m * (first + last)) / (T - k);
  }
}
