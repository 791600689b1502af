import { requireNoOthers, requirePositive } from '@hyperribbon/contract';
import { lagSums } from './autocovariance.js';
import { allFinite, centred, requireSeries } from './series.js';

export interface AutocorrelationOptions {
  /** c > 0: sums are cut at the first lag W ≥ c max(1, τ(W)); default 5 */
  readonly window?: number;
}

/** How long a series remembers. */
export interface AutocorrelationTime {
  /** τ = 1 + 2 Σ ρ(k) up to the window, in steps: 1 for independent numbers, (1 + φ)/(1 − φ) for an autoregression of order one */
  readonly time: number;
  /** of `time`, by Madras and Sokal: τ √((4 W + 2)/T) */
  readonly standardError: number;
  /** T/τ, the independent numbers that the mean is worth; at most T² where numbers alternate */
  readonly effective: number;
  /** W, the last lag that was summed */
  readonly window: number;
  /** of the series, for the bias that the mean takes off corrected */
  readonly variance: number;
  /** of the mean: √(variance · τ/T) */
  readonly meanError: number;
  /** whether a window was found within half of the series, which is longer than 50 τ: else τ is a lower limit */
  readonly reliable: boolean;
  /** a sentence where numbers are NaN: they have no autocorrelation */
  readonly undefinedBecause?: string;
}

/**
 * The integrated autocorrelation time of a series, with a window that follows it.
 *
 * Sums of autocorrelations over all lags do not converge: noise of long lags adds up. They are cut at the first W ≥ c max(1, τ(W)). What the estimated mean takes off
 * every autocovariance, τ/T of the variance, is put back, by the factor 1 + (2 W + 1)/T.
 *
 * @param series (T,) in the order of time, T ≥ 4
 * @returns numbers are NaN, with a sentence, for a constant series and one that is not finite throughout
 * @throws ArgumentError for fewer numbers and options out of range
 * Cost: T W multiplications, W about c τ.
 * @example
 * const series = Float64Array.from({ length: 200 }, (_, t) => Math.floor((t * t) / 9) % 5);
 * autocorrelationTime(series).time; // 1.3275…
 * Source: window [sokal1997]; error [madras1988]; bias [wolff2004].
 */
export function autocorrelationTime(
  series: ArrayLike<number>,
  { window: c = 5, ...others }: AutocorrelationOptions = {},
): AutocorrelationTime {
  requireNoOthers('autocorrelationTime', others, 'AutocorrelationOptions');
  requirePositive('autocorrelationTime', 'window', c);
  requireSeries('autocorrelationTime', 'series', series, 4);
  const T = series.length;
  if (!allFinite(series)) return without('the series has numbers that are not finite');
  const { deviations, constant } = centred(series);
  if (constant) return without('the series is constant: it has no autocorrelation');
  const most = Math.floor(T / 2);
  const sums = new Lags(deviations);
  let [time, W] = [1, 0];
  while (W < most && W < c * Math.max(1, time)) time += (2 * sums.at(++W)) / sums.at(0);
  const found = W >= c * Math.max(1, time);
  // numbers that alternate cancel in the mean better than any rate can say
  time = Math.max(time, 1 / T);
  const variance = (sums.at(0) / T) * (1 + (2 * W + 1) / T);
  return {
    time,
    standardError: time * Math.sqrt((4 * W + 2) / T),
    effective: T / time,
    window: W,
    variance,
    meanError: Math.sqrt((variance * time) / T),
    reliable: found && T >= 50 * time,
  };
}

/** Lag sums, made a few at a time as they are asked for. */
class Lags {
  private sums: Float64Array = new Float64Array(0);
  private readonly deviations: Float64Array;

  constructor(deviations: Float64Array) {
    this.deviations = deviations;
  }

  at(k: number): number {
    if (k >= this.sums.length) this.sums = lagSums(this.deviations, Math.min(this.deviations.length, 2 * k + 16));
    return this.sums[k];
  }
}

function without(undefinedBecause: string): AutocorrelationTime {
  const [time, standardError, effective, window, variance, meanError] = Array.from({ length: 6 }, () => NaN);
  return { time, standardError, effective, window, variance, meanError, reliable: false, undefinedBecause };
}
