import { refuse, requireNoOthers } from '@hyperribbon/contract';
import { afterBurnIn, allFinite, meanOf, requireSeries } from './series.js';
import { averageOf, type TimeAverage, type TimeAverageOptions } from './timeAverage.js';

/** How far time averages of runs on neighbouring data sets lie from one another. */
export interface AlgorithmicStability {
  /** β̂ = mean over pairs of |A_k − A_k′|; NaN where a run diverged */
  readonly beta: number;
  /** the largest |A_k − A_k′| */
  readonly largest: number;
  readonly runs: number;
  readonly pairs: number;
  readonly burnIn: number;
  /** √(mean (|A_k − A_k′| − β̂)²/pairs), as the authors compute it. Pairs share runs: it is too small */
  readonly releasedError: number;
  /** jackknife over runs: what other replaced examples would have given. NaN with fewer than three runs */
  readonly runError: number;
  /** of this β̂, what the finite time of its averages leaves open, their memory counted */
  readonly timeError: number;
  /** √(runError² + timeError²) */
  readonly standardError: number;
  /**
   * the β̂ that finite time alone would give if all runs had the same average and their noise were independent: near it β̂ says nothing. Runs in one order share noise as
   * long as they stay in step, and β̂ may lie below
   */
  readonly noiseFloor: number;
  /** A_k with their own errors, in the order of the runs */
  readonly averages: readonly TimeAverage[];
  /** runs with losses that are not finite in the window */
  readonly diverged: readonly number[];
  /** whether the halves of every run agree; absent where runs are too short to tell */
  readonly stationary?: boolean;
  /** what it estimates, and what was seen on the way: sentences to be shown beside it */
  readonly caveats: readonly string[];
}

export type StabilityOptions = TimeAverageOptions;

const LOWER =
  'a lower-type estimate: the mean loss of test examples takes the place of the largest change over all examples, and a few replaced examples that of all';

/**
 * An estimate of the coefficient β of statistical algorithmic stability: with A_k the time average of the loss of run k after a burn-in,
 *
 *     β̂ = mean over k < k′ of |A_k − A_k′|,
 *
 * where the runs have the same seed and order and were trained on data sets that differ by one replaced example ({@link neighbourSets}).
 *
 * Where training never settles, weights keep moving and their distance says nothing; time averages of losses converge. A finite time leaves noise in them, which makes
 * β̂ too large: compare it with `noiseFloor`.
 *
 * @param runs losses (T,) of each, after every epoch: of one test set, on all runs the same
 * @param options.burnIn epochs left out, default 200, as in the released code
 * @returns NaN with a sentence where a run diverged: it is not left out silently
 * @throws ArgumentError for fewer than two runs, runs of different length, a burn-in that leaves nothing
 * Cost: that of {@link timeAverage} for each run.
 * @example
 * const losses = [[1, 1.5, 0.5], [1.1, 0.6, 1.6], [0.9, 0.9, 0.9]];
 * algorithmicStability(losses, { burnIn: 1 }).beta; // 0.1333…
 * Source: definition and estimator from the released code of [chandramoorthy2022]; errors other than the released one are ours.
 */
export function algorithmicStability(
  runs: readonly ArrayLike<number>[],
  { burnIn = 200, window = 5, ...others }: StabilityOptions = {},
): AlgorithmicStability {
  requireNoOthers('algorithmicStability', others, 'StabilityOptions');
  requireRuns('algorithmicStability', runs);
  const averages = runs.map((run, k) =>
    averageOf(afterBurnIn('algorithmicStability', `runs[${k}]`, run, burnIn), window),
  );
  const diverged = averages.flatMap(({ mean }, k) => (Number.isFinite(mean) ? [] : [k]));
  const A = averages.map(({ mean }) => mean);
  const errors = averages.map(({ standardError }) => standardError);
  const gaps = pairGaps(A);
  const beta = meanOf(gaps);
  const K = runs.length;
  const runError = jackknifeError(A);
  const timeError = Math.sqrt(
    A.reduce((sum, a, k) => {
      // of β̂ by A_k: the share of runs above it less that of runs below
      const slope = A.reduce((s, b) => s + Math.sign(a - b), 0) / gaps.length;
      const share = slope * errors[k];
      return sum + share * share;
    }, 0),
  );
  const halves = averages.flatMap(({ halves: found }) => (found === undefined ? [] : [found.agree]));
  return {
    beta,
    largest: gaps.reduce((most, gap) => (gap > most || Number.isNaN(gap) ? gap : most), 0),
    runs: K,
    pairs: gaps.length,
    burnIn,
    releasedError: Math.sqrt(meanOf(gaps.map((gap) => (gap - beta) * (gap - beta))) / gaps.length),
    runError,
    timeError,
    standardError: Math.sqrt(runError * runError + timeError * timeError),
    noiseFloor: noiseFloorOf(errors),
    averages,
    diverged,
    ...(halves.length === K && { stationary: halves.every(Boolean) }),
    caveats: caveatsOf(averages, diverged),
  };
}

/**
 * β̂ as a function of the time that is averaged over: at t it is made of the averages over the first t epochs after the burn-in. Where it has not levelled off, more
 * epochs are needed.
 *
 * @param runs losses (T,) of each
 * @returns (T − burnIn,); NaN from where a run diverges
 * @throws ArgumentError as {@link algorithmicStability}
 * Cost: runs² (T − burnIn)
 * @example stabilityCurve([[1, 1.5, 0.5], [1.1, 0.6, 1.6], [0.9, 0.9, 0.9]], { burnIn: 1 }); // [0.6, 0.1333…]
 * Source: released code of [chandramoorthy2022].
 */
export function stabilityCurve(
  runs: readonly ArrayLike<number>[],
  { burnIn = 200, ...others }: Pick<StabilityOptions, 'burnIn'> = {},
): Float64Array {
  requireNoOthers('stabilityCurve', others, 'StabilityOptions');
  requireRuns('stabilityCurve', runs);
  const windows = runs.map((run, k) => afterBurnIn('stabilityCurve', `runs[${k}]`, run, burnIn));
  const sums = runs.map(() => 0);
  return Float64Array.from({ length: windows[0].length }, (_, t) => {
    windows.forEach((losses, k) => (sums[k] += losses[t]));
    return meanOf(pairGaps(sums.map((sum) => sum / (t + 1))));
  });
}

function requireRuns(caller: string, runs: readonly ArrayLike<number>[]): void {
  if (runs.length < 2)
    refuse(caller, `runs must be two or more, got ${runs.length}: stability is about differences between runs`);
  runs.forEach((run, k) => {
    requireSeries(caller, `runs[${k}]`, run);
    if (run.length !== runs[0].length)
      refuse(
        caller,
        `runs must be of one length, got ${runs[0].length} and ${run.length} in runs[${k}]; cut them to the shortest`,
      );
  });
}

/** |A_k − A_k′|, k < k′; sorted, so that sums do not depend on the order of the runs. */
function pairGaps(A: readonly number[]): Float64Array {
  return Float64Array.from(A.flatMap((a, k) => A.slice(k + 1).map((b) => Math.abs(a - b)))).sort();
}

/** √((K − 1)/K Σ (β̂₍₋ₖ₎ − mean)²), β̂₍₋ₖ₎ without run k. */
function jackknifeError(A: readonly number[]): number {
  const K = A.length;
  if (K < 3) return NaN;
  const without = Float64Array.from(A, (_, k) => meanOf(pairGaps(A.filter((__, j) => j !== k)))).sort();
  const mean = meanOf(without);
  return Math.sqrt(((K - 1) / K) * without.reduce((sum, b) => sum + (b - mean) * (b - mean), 0));
}

/** Mean over pairs of √(2/π) √(s_k² + s_k′²), the mean modulus of a difference of two averages that are normal about one number. */
function noiseFloorOf(errors: readonly number[]): number {
  const expected = errors.flatMap((a, k) =>
    errors.slice(k + 1).map((b) => 0.7978845608028654 * Math.sqrt(a * a + b * b)),
  );
  return meanOf(Float64Array.from(expected).sort());
}

function caveatsOf(averages: readonly TimeAverage[], diverged: readonly number[]): string[] {
  const caveats = [LOWER];
  const drifting = averages.flatMap(({ halves }, k) => (halves?.agree === false ? [k] : []));
  const short = averages.filter(({ autocorrelation }) => autocorrelation?.reliable === false);
  if (diverged.length > 0)
    caveats.push(`runs ${diverged.join(', ')} have losses that are not finite: no average, and no β̂ of all runs`);
  if (averages.length < 3) caveats.push('two runs make one difference: its error over other runs is not known');
  if (!allFinite(averages.map(({ standardError }) => standardError)) && diverged.length === 0)
    caveats.push('the window is too short for errors of the averages');
  if (short.some(({ standardError }) => standardError > 0))
    caveats.push('some runs are shorter than 50 of their autocorrelation times: errors are lower limits');
  if (drifting.length > 0)
    caveats.push(`runs ${drifting.join(', ')} still drift: their halves disagree, and a longer burn-in is needed`);
  return caveats;
}
