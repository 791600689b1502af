import { requireNoOthers } from '@hyperribbon/contract';
import { type AutocorrelationTime, autocorrelationTime, type AutocorrelationOptions } from './autocorrelationTime.js';
import { afterBurnIn, allFinite, centred, meanOf } from './series.js';

export interface TimeAverageOptions extends AutocorrelationOptions {
  /** numbers left out at the start, integer ≥ 0; default 0 */
  readonly burnIn?: number;
}

/** A mean over time, and how well it is known. */
export interface TimeAverage {
  /** NaN where a number is not finite */
  readonly mean: number;
  /** numbers that were averaged */
  readonly count: number;
  /** the larger of the two below that are known; 0 for a constant series; NaN with fewer than 8 numbers */
  readonly standardError: number;
  /** √(variance · τ/T) */
  readonly byAutocorrelation: number;
  /** from the spread of means over ⌊√T⌋ numbers each */
  readonly byBatches: number;
  readonly autocorrelation: AutocorrelationTime | undefined;
  /** whether it is stationary, as far as two halves can tell; absent with fewer than 16 numbers */
  readonly halves?: Halves;
  /** sentences about what is NaN, or too short to be trusted */
  readonly notes: readonly string[];
}

/** Means of the first and the second half. */
export interface Halves {
  readonly first: number;
  readonly second: number;
  /** of their difference, each half by itself */
  readonly standardError: number;
  /** whether they differ by at most three of these */
  readonly agree: boolean;
}

/** below this many numbers neither error means anything */
const FEWEST = 8;

/**
 * The mean of a time series after a burn-in, with errors that know of its memory, and a test of whether it drifts.
 *
 * Two errors that rest on different things are given, and the larger is used: by the integrated autocorrelation time, and by batch means. Both assume that the
 * series is stationary; where its halves disagree they are too small.
 *
 * @param series (T,) in the order of time
 * @throws ArgumentError for a burn-in that leaves nothing, options out of range
 * Cost: that of {@link autocorrelationTime}, twice
 * @example
 * const { mean, standardError, halves } = timeAverage(Float64Array.from({ length: 400 }, (_, t) => (t * t) % 7), { burnIn: 50 });
 * mean; // 2.000
 * Source: batch means [flegal2010].
 */
export function timeAverage(
  series: ArrayLike<number>,
  { burnIn = 0, window = 5, ...others }: TimeAverageOptions = {},
): TimeAverage {
  requireNoOthers('timeAverage', others, 'TimeAverageOptions');
  return averageOf(afterBurnIn('timeAverage', 'series', series, burnIn), window);
}

/** The same of what is left of a series. */
export function averageOf(values: Float64Array, window: number): TimeAverage {
  const count = values.length;
  const nothing = { standardError: NaN, byAutocorrelation: NaN, byBatches: NaN, autocorrelation: undefined };
  if (!allFinite(values))
    return { mean: NaN, count, ...nothing, notes: ['losses are not finite: the run diverged, and has no average'] };
  const { mean, constant } = centred(values);
  if (count < FEWEST)
    return { mean, count, ...nothing, notes: [`${count} numbers are too few for an error: ${FEWEST} are needed`] };
  const errors = errorsOf(values, window);
  const notes: string[] = [];
  if (!constant && !errors.autocorrelation.reliable)
    notes.push('the series is shorter than 50 of its autocorrelation times: errors are lower limits');
  const halves = count < 2 * FEWEST ? undefined : halvesOf(values, window);
  if (halves?.agree === false)
    notes.push('the halves disagree: the series still drifts, and its mean is none over a stationary time');
  return { mean, count, ...errors, ...(halves && { halves }), notes };
}

function errorsOf(
  values: Float64Array,
  window: number,
): Pick<TimeAverage, 'standardError' | 'byAutocorrelation' | 'byBatches'> & { autocorrelation: AutocorrelationTime } {
  const autocorrelation = autocorrelationTime(values, { window });
  const constant = values.every((x) => x === values[0]);
  const byAutocorrelation = constant ? 0 : autocorrelation.meanError;
  const byBatches = batchMeansError(values);
  return { standardError: Math.max(byAutocorrelation, byBatches), byAutocorrelation, byBatches, autocorrelation };
}

/** √(b/(a − 1) Σ (Ȳᵢ − Ȳ)²/T), a batches of b = ⌊√T⌋ numbers; what does not fill a batch is left out at the start. */
function batchMeansError(values: Float64Array): number {
  const b = Math.floor(Math.sqrt(values.length));
  const a = Math.floor(values.length / b);
  const start = values.length - a * b;
  const means = Float64Array.from({ length: a }, (_, i) => meanOf(values, start + i * b, start + (i + 1) * b));
  const { deviations } = centred(means);
  const squares = deviations.reduce((sum, d) => sum + d * d, 0);
  return Math.sqrt((b * squares) / (a - 1) / values.length);
}

function halvesOf(values: Float64Array, window: number): Halves {
  const middle = Math.floor(values.length / 2);
  const parts = [values.subarray(0, middle), values.subarray(middle)];
  const [one, two] = parts.map((part) => errorsOf(part, window).standardError);
  const [first, second] = parts.map((part) => centred(part).mean);
  const standardError = Math.sqrt(one * one + two * two);
  return { first, second, standardError, agree: Math.abs(first - second) <= 3 * standardError };
}
