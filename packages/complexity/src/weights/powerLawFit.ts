import { refuse, requireFinite, requireFloatArray, requireNoOthers, requireNonNegative } from '@hyperribbon/contract';
import { exp, log } from '@hyperribbon/kernels';

/** A power law with density ∝ x^−α above xmin. */
export interface PowerLawFit {
  /** ∞ where the largest values are all equal */
  readonly alpha: number;
  /** one of the values */
  readonly xmin: number;
  readonly xmax: number;
  /** largest distance from the fitted law to the empirical distribution function from the left: it counts values below, not values at, a point */
  readonly D: number;
  /** (α − 1)/√n, the standard error for a known xmin: see `powerLawTest` for an interval that pays for the choice of xmin */
  readonly sigma: number;
  /** values from xmin on */
  readonly tail: number;
  /** values above the threshold */
  readonly values: number;
}

/** Options of {@link powerLawFit}. */
export interface PowerLawOptions {
  /** values up to this one are left out; default 1e-5, as WeightWatcher does */
  readonly threshold?: number;
  /** the law is fitted from here on, instead of where it fits best */
  readonly xmin?: number;
}

/**
 * The power law that fits the upper part of values best, by WeightWatcher's definition.
 *
 * For every candidate xmin = x_i, n values from it on: α = 1 + n/Σ ln(x_j/x_i), the most likely one, and D = max_j |1 − (x_j/x_i)^(1−α) − (j − i)/n|. The
 * smallest D wins, the first of equal ones; the largest value is no candidate. α is above 1.
 *
 * Equal values at the top give α = ∞ and D = (n − 1)/n.
 *
 * @param values in any order, finite; unchanged
 * @throws ArgumentError for NaN and infinities, and for fewer than two values above the threshold
 * Cost: n log n to sort, then n candidates of which most are given up after a few values: 5 ms for 4,000 values; n²/2 powers at worst
 * Source: [clauset2009, §3] for the estimates; [weightwatcher] for the distance from the left alone and the threshold
 * @example
 * powerLawFit(Float64Array.from({ length: 50 }, (_, i) => 1 / Math.sqrt(1 - (i + 0.5) / 50))).alpha; // 3.0345…
 */
export function powerLawFit(values: Float64Array, options: PowerLawOptions = {}): PowerLawFit {
  const { threshold = 1e-5, xmin, ...others } = options;
  requireNoOthers('powerLawFit', others, 'PowerLawOptions');
  requireFloatArray('powerLawFit', 'values', values);
  requireNonNegative('powerLawFit', 'threshold', threshold);
  if (xmin !== undefined) requireFinite('powerLawFit', 'xmin', xmin);
  for (const x of values) if (!Number.isFinite(x)) refuse('powerLawFit', `every value must be finite, found ${x}`);
  const x = values.filter((value) => value > threshold && !(value < (xmin ?? -Infinity))).sort();
  if (x.length < 2)
    refuse('powerLawFit', `needs at least 2 values above ${xmin ?? threshold}, got ${x.length} of ${values.length}`);
  return fitOf(x, xmin !== undefined);
}

/** @param x ascending, at least two, positive @param fixed the law begins at the first value, wherever it fits best */
export function fitOf(x: Float64Array, fixed = false): PowerLawFit {
  const { start, alpha, D } = fitOfLogs(Float64Array.from(x, log), fixed);
  const tail = x.length - start;
  return {
    alpha,
    xmin: x[start],
    xmax: x[x.length - 1],
    D,
    sigma: (alpha - 1) / Math.sqrt(tail),
    tail,
    values: x.length,
  };
}

/** The fit by its place in sorted values. */
export interface PlacedFit {
  readonly start: number;
  readonly alpha: number;
  readonly D: number;
}

/** @param logs ascending logarithms of at least two values */
export function fitOfLogs(logs: Float64Array, fixed = false): PlacedFit {
  const count = logs.length;
  const excess = excesses(logs);
  let best: PlacedFit = { start: 0, alpha: NaN, D: Infinity };
  // neighbours fail at the same value: it is looked at first
  let worst = count - 1;
  for (let i = 0; i < (fixed ? 1 : count - 1); i++) {
    const alpha = 1 + (count - i) / excess[i];
    if (i > 0 && deviation(logs, i, alpha, Math.max(worst, i)) >= best.D) continue;
    let [D, at] = [0, worst];
    for (let j = i; j < count && D < best.D; j++) {
      const distance = deviation(logs, i, alpha, j);
      if (distance > D) [D, at] = [distance, j];
    }
    worst = at;
    if (D < best.D) best = { start: i, alpha, D };
  }
  return best;
}

/** (n,) Σ_{j ≥ i} ln(x_j/x_i), added up from the top: no difference of large sums. */
function excesses(logs: Float64Array): Float64Array {
  const sums = new Float64Array(logs.length);
  for (let i = logs.length - 2; i >= 0; i--) sums[i] = sums[i + 1] + (logs.length - 1 - i) * (logs[i + 1] - logs[i]);
  return sums;
}

/** |fitted law − empirical function from the left| at value j. */
function deviation(logs: Float64Array, i: number, alpha: number, j: number): number {
  const above = logs[j] === logs[i] ? 1 : exp((1 - alpha) * (logs[j] - logs[i]));
  return Math.abs(1 - above - (j - i) / (logs.length - i));
}
