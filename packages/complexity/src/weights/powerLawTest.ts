import {
  refuse,
  requireBetween,
  requireFloatArray,
  requireInteger,
  requireNoOthers,
  requireSeed,
} from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import { type RandomStream, stream } from '@hyperribbon/random';
import { fitOfLogs } from './powerLawFit.js';

/** How sure a fitted exponent is, and whether the values look like a power law at all. */
export interface PowerLawTest {
  /** of α, at `level`; undefined where α = ∞ */
  readonly interval?: readonly [number, number];
  readonly level: number;
  /** (1 + draws whose D is at least that of the values)/(1 + draws): small is "not a power law" */
  readonly p: number;
  readonly draws: number;
  /** from this value on all values are drawn from a power law */
  readonly reach: number;
}

/** Options of {@link powerLawTest}. */
export interface PowerLawTestOptions {
  /** values up to this one are left out; default 1e-5 */
  readonly threshold?: number;
  /** simulated sets, default 300 */
  readonly draws?: number;
  /** of the interval, in (0, 1), default 0.95 */
  readonly level?: number;
  /** default 0 */
  readonly seed?: number;
  /** tells the draws of one set of values from those of others; default 0 */
  readonly index?: number;
}

/**
 * An interval for the exponent of `powerLawFit`, and the p of a Kolmogorov–Smirnov test by simulation.
 *
 * Sets of as many values are drawn: above `reach` from a power law of the fitted exponent, below it from the values there, with replacement; each is fitted
 * with its own xmin. p counts how often D is as large as found. For values that are a power law throughout, (α̂ − 1)/(α − 1) and D have one distribution
 * whatever α is: the quantiles of the ratio over the draws give the interval, and both are exact but for the number of draws.
 *
 * Differs from [clauset2009, §4] in where the drawn law begins: there at the fitted xmin, which makes p too large (its mean over power laws is 0.57, not 0.5)
 * since values below xmin can no longer be chosen; here at the lowest value from which the law still passes a test at level 0.01 with a known beginning
 * [stephens1974], and at xmin where none lower does.
 *
 * @param values in any order, finite; at least two above the threshold
 * @throws ArgumentError as `powerLawFit`, and for options out of range
 * Cost: `draws` fits
 * @example
 * const x = Float64Array.from({ length: 100 }, (_, i) => 1 / Math.sqrt(1 - (i + 0.5) / 100)); // α = 3
 * const { interval, p } = powerLawTest(x, { draws: 99 });
 * p > 0.5 && interval[0] < 3 && 3 < interval[1]; // true
 */
export function powerLawTest(values: Float64Array, options: PowerLawTestOptions = {}): PowerLawTest {
  const { threshold = 1e-5, draws = 300, level = 0.95, seed = 0, index = 0, ...others } = options;
  requireNoOthers('powerLawTest', others, 'PowerLawTestOptions');
  requireFloatArray('powerLawTest', 'values', values);
  requireInteger('powerLawTest', 'draws', draws, 1);
  requireBetween('powerLawTest', 'level', level, 0, 1);
  requireSeed('powerLawTest', seed);
  requireInteger('powerLawTest', 'index', index, 0);
  for (const x of values) if (!Number.isFinite(x)) refuse('powerLawTest', `every value must be finite, found ${x}`);
  const logs = values
    .filter((x) => x > threshold)
    .map(log)
    .sort();
  if (logs.length < 2) refuse('powerLawTest', `needs at least 2 values above ${threshold}, got ${logs.length}`);
  const { alpha, D, start } = fitOfLogs(logs);
  const from = Math.min(start, lowestPassing(logs));
  const reach = values.filter((x) => x > threshold).sort()[from];
  if (alpha === Infinity) return { level, p: 1 / (1 + draws), draws: 0, reach };
  const random = stream({ seed, purpose: 'power law', index });
  const ratios = new Float64Array(draws);
  let exceed = 0;
  for (let i = 0; i < draws; i++) {
    const fit = fitOfLogs(drawn(logs, from, alpha - 1, random));
    if (fit.D >= D) exceed++;
    ratios[i] = (fit.alpha - 1) / (alpha - 1);
  }
  ratios.sort();
  const at = (q: number): number => 1 + (alpha - 1) / quantile(ratios, q);
  return { interval: [at((1 + level) / 2), at((1 - level) / 2)], level, p: (1 + exceed) / (1 + draws), draws, reach };
}

/** One simulated set of logarithms, ascending. @param rate α − 1 */
function drawn(logs: Float64Array, from: number, rate: number, random: RandomStream): Float64Array {
  const count = logs.length;
  const out = random.uniform(new Float64Array(count));
  for (let i = 0; i < count; i++) {
    const place = out[i] * count;
    // below `from` the place is the value; above it what is left of the number is uniform again
    out[i] = place < from ? logs[Math.floor(place)] : logs[from] - log(1 - (place - from) / (count - from)) / rate;
  }
  return out.sort();
}

/** Between order statistics k of n draws at q (n + 1). @param sorted ascending */
function quantile(sorted: Float64Array, q: number): number {
  const place = Math.min(Math.max(q * (sorted.length + 1) - 1, 0), sorted.length - 1);
  const below = Math.floor(place);
  const above = sorted[Math.min(below + 1, sorted.length - 1)];
  return sorted[below] + (place - below) * (above - sorted[below]);
}

/** The first candidate whose tail passes the test of an exponential of unknown rate at level 0.01; their number where none does. */
function lowestPassing(logs: Float64Array): number {
  for (let i = 0; i < logs.length - 1; i++) {
    const n = logs.length - i;
    const root = Math.sqrt(n);
    // critical value of [stephens1974] for an exponential with its mean estimated
    const critical = 1.308 / (root + 0.26 + 0.5 / root) + 0.2 / n;
    const { D } = fitOfLogs(logs.subarray(i), true);
    if (D <= critical) return i;
  }
  return logs.length;
}
