import {
  type OnProgress,
  pacer,
  refuse,
  requireBetween,
  requireInteger,
  requireNoOthers,
  requireSeed,
  throwIfAborted,
} from '@hyperribbon/contract';
import { type RandomStream, stream } from '@hyperribbon/random';
import { quantile } from '../numbers/percentile.js';
import {
  conditionsOf,
  type ConditionalInformation,
  informationGiven,
  type InformationOptions,
} from './conditionalInformation.js';
import { cellsOf, granulated, type GranulatedKendall } from './granulatedKendall.js';
import { weightedTau } from './kendall.js';
import { codesOf, requireNames, requireSettings, type RowWeights, type Setting } from './runs.js';
import { environmentPairs, repeatsOf, type SignErrorOptions, type SignErrors, signErrorsOf } from './signErrors.js';

/** Networks and what was measured of them. */
export interface JudgedRuns {
  /** (n,) with the same names in all of them */
  readonly settings: readonly Setting[];
  /** (n,) test error − train error */
  readonly gaps: ArrayLike<number>;
  /** (n,) by name; NaN where a network has no value: it is left out for that measure, and counted */
  readonly measures: Readonly<Record<string, ArrayLike<number>>>;
}

export interface JudgeOptions
  extends Pick<SignErrorOptions, 'testExamples' | 'repeats' | 'environment' | 'leastPairs'>,
    Pick<InformationOptions, 'largest' | 'condition'> {
  /** resamples for the intervals, at least 20; default 200. 0: no intervals */
  readonly draws?: number;
  /** that an interval is to cover, default 0.95 */
  readonly level?: number;
  /** what is drawn with replacement: configurations with all their repeats, or repeats within their configurations. Default 'configurations' */
  readonly resample?: 'configurations' | 'repeats';
  /** default 0 */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress<string>;
}

/** A number with the interval that resampling gives it; NaN ends where none was asked for. */
export interface Judgement {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface JudgedMeasure {
  readonly name: string;
  /** networks that have a value */
  readonly networks: number;
  /** Kendall's τ of the measure and the gap */
  readonly tau: Judgement;
  /** Ψ, over the settings without the repeats */
  readonly granulated: Judgement & Pick<GranulatedKendall, 'axes'>;
  /** the least normalised information over conditions, `chance` that of the measure when its values are shuffled: their 95th percentile */
  readonly information: Judgement & Pick<ConditionalInformation, 'given'> & { readonly chance: number };
  readonly signError: Judgement & Pick<SignErrors, 'percentile90' | 'worst' | 'environments' | 'dropped'>;
}

/**
 * Judges measures of complexity by how they order trained networks against how their generalisation gaps do: Kendall's τ, granulated and not, conditional
 * mutual information, and sign errors, each with an interval by the bootstrap.
 *
 * Every resample draws configurations (or repeats) with replacement; a network is never compared with its own copy. The least over conditions is biased
 * upwards by chance, in resamples more than in the sample: its interval may lie above its value, and `chance` says what a measure that knows nothing would get.
 *
 * @param runs networks, their gaps and measures
 * @returns in the order in which the measures were given
 * @throws ArgumentError for tables that are none, options out of range, a measure with fewer than two values; AbortError once `signal` is aborted
 * Cost: for every measure (2 · draws + 1) times n² pairs for each condition
 * @example
 * const settings = [1, 2, 3].flatMap((seed) => [32, 64, 128].map((width) => ({ width, seed })));
 * const gaps = settings.map(({ width, seed }) => 1 / width + seed / 1000);
 * const [judged] = await judgeMeasures({ settings, gaps, measures: { inverseWidth: settings.map(({ width }) => 1 / width) } });
 * judged.granulated.value; // 1
 * Source: [jiang2020, dziugaite2020]; intervals: [efron1979], clusters drawn whole.
 */
export async function judgeMeasures(runs: JudgedRuns, options: JudgeOptions = {}): Promise<readonly JudgedMeasure[]> {
  const caller = 'judgeMeasures';
  const names = requireSettings(caller, runs.settings, runs.gaps);
  const settled = settle(caller, options, names);
  const judged: JudgedMeasure[] = [];
  const all = Object.entries(runs.measures);
  const pause = pacer();
  for (const [name, measure] of all) {
    if (measure.length !== runs.settings.length)
      refuse(
        caller,
        `measures.${name} must hold ${runs.settings.length} numbers, one for each network, got ${measure.length}`,
      );
    throwIfAborted(caller, options.signal);
    judged.push(await judge(name, knownRows(caller, name, runs, measure), settled, pause));
    options.onProgress?.({ done: judged.length, of: all.length, detail: name });
  }
  return judged;
}

type Settled = Required<Omit<JudgeOptions, 'signal' | 'onProgress'>> & {
  readonly axes: readonly string[];
  readonly signal: AbortSignal | undefined;
};

function settle(caller: string, options: JudgeOptions, names: readonly string[]): Settled {
  const {
    testExamples = 10_000,
    repeats = repeatsOf(names),
    environment = 'configurations',
    leastPairs = 12,
    largest = 2,
    condition = 'both',
    draws = 200,
    level = 0.95,
    resample = 'configurations',
    seed = 0,
    signal,
    onProgress: _onProgress,
    ...others
  } = options;
  requireNoOthers(caller, others, 'JudgeOptions');
  requireNames(caller, 'repeats', repeats, names);
  if (draws !== 0) requireInteger(caller, 'draws', draws, 20);
  requireBetween(caller, 'level', level, 0, 1);
  requireSeed(caller, seed);
  const axes = names.filter((name) => !repeats.includes(name));
  if (axes.length === 0) refuse(caller, `repeats must leave at least one setting, got all of ${names.join(', ')}`);
  return {
    testExamples,
    repeats,
    environment,
    leastPairs,
    largest,
    condition,
    draws,
    level,
    resample,
    seed,
    axes,
    signal,
  };
}

interface Table {
  readonly settings: readonly Setting[];
  readonly measure: Float64Array;
  readonly gaps: Float64Array;
}

function knownRows(caller: string, name: string, { settings, gaps }: JudgedRuns, measure: ArrayLike<number>): Table {
  const rows = Array.from(settings, (_, i) => i).filter((i) => !Number.isNaN(measure[i]));
  if (rows.length < 2)
    refuse(caller, `measures.${name} must have at least two values, got ${rows.length}: leave it out`);
  return {
    settings: rows.map((i) => settings[i]),
    measure: Float64Array.from(rows, (i) => measure[i]),
    gaps: Float64Array.from(rows, (i) => gaps[i]),
  };
}

/** The four statistics of a table whose rows count so often. */
interface Statistics {
  readonly tau: number;
  readonly granulated: GranulatedKendall;
  readonly information: ConditionalInformation;
  readonly signErrors: SignErrors;
}

async function judge(name: string, table: Table, options: Settled, pause: () => unknown): Promise<JudgedMeasure> {
  const { settings } = table;
  const { axes, draws, seed, repeats, environment, signal } = options;
  const names = Object.keys(settings[0]);
  const cells = axes.map((axis) => cellsOf(table, names, axis));
  const conditions = conditionsOf(settings, axes, options);
  const pairs = environmentPairs(settings, repeats, environment);
  const rows = Int32Array.from(settings, (_, i) => i);
  const statistics = (weights: RowWeights | undefined): Statistics => ({
    tau: weightedTau(rows, table.measure, table.gaps, weights) ?? NaN,
    granulated: granulated(axes, cells, table, weights),
    information: informationGiven(conditions, table, weights),
    signErrors: signErrorsOf(pairs, table, options, weights),
  });
  const found = statistics(undefined);
  const draw = stream({ seed, purpose: 'judge-measures', index: 0 });
  const clusters = clustersOf(codesOf(settings, axes), options.resample);
  const resamples: Statistics[] = [];
  const shuffled: number[] = [];
  for (let i = 0; i < draws; i++) {
    resamples.push(statistics(clusters(draw)));
    const measure = shuffledOf(table.measure, draw);
    shuffled.push(informationGiven(conditions, { measure, gaps: table.gaps }, undefined).value);
    throwIfAborted('judgeMeasures', signal);
    await pause();
  }
  const interval = (of: (statistics: Statistics) => number): Judgement => ({
    value: of(found),
    ...ends(resamples.map(of), options.level),
  });
  const { environments, dropped, percentile90, worst } = found.signErrors;
  return {
    name,
    networks: settings.length,
    tau: interval(({ tau }) => tau),
    granulated: { ...interval(({ granulated: { value } }) => value), axes: found.granulated.axes },
    information: {
      ...interval(({ information }) => information.value),
      given: found.information.given,
      chance: quantile(sortedKnown(shuffled), 0.95),
    },
    signError: { ...interval(({ signErrors }) => signErrors.mean), environments, dropped, percentile90, worst },
  };
}

/** Gives how often each row is drawn. */
function clustersOf(codes: Int32Array, resample: 'configurations' | 'repeats'): (draw: RandomStream) => Float64Array {
  const members: number[][] = [];
  codes.forEach((code, row) => (members[code] ??= []).push(row));
  return (draw) => {
    const weights = new Float64Array(codes.length);
    for (const own of members) {
      if (resample === 'repeats') for (let k = 0; k < own.length; k++) weights[own[draw.integer(own.length)]]++;
      else for (const row of members[draw.integer(members.length)]) weights[row]++;
    }
    return weights;
  };
}

function shuffledOf(values: Float64Array, draw: RandomStream): Float64Array {
  return Float64Array.from(draw.permutation(values.length), (i) => values[i]);
}

function ends(values: readonly number[], level: number): Pick<Judgement, 'low' | 'high'> {
  const sorted = sortedKnown(values);
  return { low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2) };
}

function sortedKnown(values: readonly number[]): Float64Array {
  return Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort();
}
