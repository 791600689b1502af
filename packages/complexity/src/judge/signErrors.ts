import { requireNonNegative, requireNoOthers, requireOneOf, requirePositive } from '@hyperribbon/contract';
import { exp } from '@hyperribbon/kernels';
import { quantile } from '../numbers/percentile.js';
import { codesOf, type MeasuredRuns, order, requireNames, requireRuns, type RowWeights, type Setting } from './runs.js';

export interface SignErrorOptions {
  /** test examples that the gaps rest on, for the weight of a pair: see {@link hoeffdingWeight}; default 10 000 */
  readonly testExamples?: number;
  /** settings that tell repeats of one configuration apart, such as the seed; default ['seed'] where there is one */
  readonly repeats?: readonly string[];
  /**
   * what is an environment. 'configurations': two configurations that differ in one setting, with all their repeats, as in [dziugaite2020]. 'values': all
   * pairs of configurations that differ in one setting, with the same two values of it. Default 'configurations'
   */
  readonly environment?: 'configurations' | 'values';
  /** environments count from this effective number of pairs, (Σw)²/Σw², on; default 12 */
  readonly leastPairs?: number;
}

export interface Environment {
  readonly axis: string;
  readonly from: string | number | boolean;
  readonly to: string | number | boolean;
  /** weighted mean of the errors of its pairs, in [0, 1] */
  readonly error: number;
  /** (Σw)²/Σw² of them */
  readonly effectivePairs: number;
}

export interface SignErrors {
  /** over environments; 0.5 is chance. NaN where there is none */
  readonly mean: number;
  /** by linear interpolation */
  readonly percentile90: number;
  /** the robust sign error: that of the worst environment */
  readonly worst: number;
  readonly environments: readonly Environment[];
  /** environments with too few pairs whose gaps differ by more than noise */
  readonly dropped: number;
}

/**
 * How often a measure orders two networks the wrong way that differ in one setting alone: the error (1 − sign(Δμ) sign(Δg))/2 of each pair, weighted by how
 * sure the sign of Δg is, its mean over an environment, and mean, 90th percentile and worst over the environments.
 *
 * An environment has the same error in both directions, so each counts once.
 *
 * @param runs networks, their measure and gaps
 * @throws ArgumentError as {@link MeasuredRuns} demands, for repeats that no setting has, options out of range
 * Cost: n² pairs
 * @example
 * const settings = [1, 2, 3, 4].flatMap((seed) => [32, 128].map((width) => ({ width, seed })));
 * const gaps = settings.map(({ width, seed }) => (width === 32 ? 0.2 : 0.1) + 0.001 * seed);
 * signErrors({ settings, measure: settings.map(({ width }) => width), gaps }).worst; // 1: the gap falls with the width
 * Source: [dziugaite2020].
 */
export function signErrors(
  runs: MeasuredRuns,
  { testExamples = 10_000, repeats, environment = 'configurations', leastPairs = 12, ...others }: SignErrorOptions = {},
): SignErrors {
  const caller = 'signErrors';
  requireNoOthers(caller, others, 'SignErrorOptions');
  const names = requireRuns(caller, runs);
  requirePositive(caller, 'testExamples', testExamples);
  requireNonNegative(caller, 'leastPairs', leastPairs);
  requireOneOf(caller, 'environment', environment, ['configurations', 'values']);
  requireNames(caller, 'repeats', repeats ?? [], names);
  const pairs = environmentPairs(runs.settings, repeats ?? repeatsOf(names), environment);
  return signErrorsOf(pairs, runs, { testExamples, leastPairs });
}

/** Names that tell repeats apart where none are given. */
export function repeatsOf(names: readonly string[]): readonly string[] {
  return names.filter((name) => name === 'seed');
}

/**
 * How sure the sign of a difference of two gaps is: max(0, 1 − 2 exp(−2 n (Δ/2)²))², from Hoeffding's inequality for each of the two test errors.
 *
 * @param difference of two gaps, in [−2, 2]
 * @param testExamples n
 * @returns in [0, 1]
 * @example
 * hoeffdingWeight(0.03, 10_000); // 0.956
 * Source: [dziugaite2020], as their code has it.
 */
export function hoeffdingWeight(difference: number, testExamples: number): number {
  const half = difference / 2;
  const sure = Math.max(0, 1 - 2 * exp(-2 * testExamples * half * half));
  return sure * sure;
}

/** Pairs of rows that differ in one setting, by environment. */
export interface EnvironmentPairs {
  readonly axis: string;
  readonly from: Setting[string];
  readonly to: Setting[string];
  /** i, j, i, j, …: j has the value `to` */
  readonly rows: number[];
}

export function environmentPairs(
  settings: readonly Setting[],
  repeats: readonly string[],
  environment: 'configurations' | 'values',
): readonly EnvironmentPairs[] {
  const axes = Object.keys(settings[0]).filter((name) => !repeats.includes(name));
  const configurations = codesOf(settings, axes);
  const values = axes.map((axis) => codesOf(settings, [axis]));
  const found = new Map<string, EnvironmentPairs>();
  for (let i = 0; i < settings.length; i++)
    for (let j = 0; j < settings.length; j++) {
      const differing = axes.filter((_, k) => values[k][i] !== values[k][j]);
      if (differing.length !== 1) continue;
      const [axis] = differing;
      const [a, b] = [i, j].map((row) => values[axes.indexOf(axis)][row]);
      if (a >= b) continue;
      const key = environment === 'values' ? `${axis} ${a} ${b}` : `${configurations[i]} ${configurations[j]}`;
      const known = found.get(key);
      if (known !== undefined) known.rows.push(i, j);
      else found.set(key, { axis, from: settings[i][axis], to: settings[j][axis], rows: [i, j] });
    }
  return [...found.values()];
}

export function signErrorsOf(
  pairs: readonly EnvironmentPairs[],
  { measure, gaps }: Pick<MeasuredRuns, 'measure' | 'gaps'>,
  { testExamples, leastPairs }: Required<Pick<SignErrorOptions, 'testExamples' | 'leastPairs'>>,
  weights?: RowWeights,
): SignErrors {
  const environments: Environment[] = [];
  for (const { axis, from, to, rows } of pairs) {
    let [sum, squares, wrong, own] = [0, 0, 0, 0];
    for (let k = 0; k < rows.length; k += 2) {
      const [i, j] = [rows[k], rows[k + 1]];
      const sure = Math.max(0, hoeffdingWeight(gaps[j] - gaps[i], testExamples) - 0.5);
      own += sure;
      squares += sure * sure;
      const weight = sure * (weights?.[i] ?? 1) * (weights?.[j] ?? 1);
      sum += weight;
      wrong += (weight * (1 - order(measure[i], measure[j]) * order(gaps[i], gaps[j]))) / 2;
    }
    // which environments count is decided by the sample, not by a resample of it
    const effectivePairs = squares > 0 ? (own * own) / squares : 0;
    if (effectivePairs >= leastPairs && sum > 0)
      environments.push({ axis, from, to, error: wrong / sum, effectivePairs });
  }
  const errors = environments.map(({ error }) => error).sort((a, b) => a - b);
  return {
    mean: errors.reduce((total, error) => total + error, 0) / errors.length,
    percentile90: quantile(errors, 0.9),
    worst: errors.at(-1) ?? NaN,
    environments,
    dropped: pairs.length - environments.length,
  };
}
