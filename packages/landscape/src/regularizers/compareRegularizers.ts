import { refuse, requireInteger, requireNoOthers, requireSeed, watch, type WatchOptions } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import {
  type AnyExamples,
  evaluate,
  type Examples,
  type LossData,
  lossFromData,
  type Network,
  requireAnyExamples,
  requireExamples,
  train,
  type TrainOptions,
} from '@hyperribbon/nn';
import { jacobianNorms } from '../sharpness/jacobianNorms.js';
import { networkSpectrum } from '../spectra/networkSpectrum.js';
import { pearson, spearman } from './correlation.js';

/** One way of training among those that are compared. */
export interface Regularizer {
  readonly name: string;
  /** of `train`, over those of the comparison */
  readonly options?: Omit<
    TrainOptions,
    'seed' | 'loss' | 'dtype' | 'deterministic' | 'initial' | 'signal' | 'onProgress'
  >;
  /** another network, such as one with batch norms; default that of the comparison */
  readonly network?: Network;
  /**
   * the examples that it trains on and that its sharpness is of, where its labels are changed once and for all: softened ones. Default those of the comparison.
   * What `augment` changes from step to step stays out of the sharpness
   */
  readonly train?: AnyExamples;
}

export interface RegularizerComparisonOptions extends WatchOptions {
  readonly network: Network;
  readonly train: Examples;
  readonly test: Examples;
  /** the runs of each regulariser, at least one */
  readonly seeds: readonly number[];
  /** of `train` for all of them: the unregularised training */
  readonly base?: Regularizer['options'];
  /** default squared error: under cross-entropy without smoothing the sharpness falls to zero once all is learned, whatever the Jacobian does */
  readonly loss?: LossData;
  /** weights that a run starts from; default `network.init(seed, dtype)` */
  readonly start?: (network: Network, seed: number) => FloatArray;
  /** of the training, default float64; what is measured is measured in float64 */
  readonly dtype?: Dtype;
  /** true: the same bits in every runtime. Default false */
  readonly deterministic?: boolean;
}

/** What is measured at the end of one run. */
export interface RegularizerMeasures {
  /** S, the largest eigenvalue of the Hessian of the loss that was minimised, without weight decay */
  readonly sharpness: number;
  /** of that eigenpair */
  readonly sharpnessResidual: number;
  /** ‖J f(x_i)‖ over the training examples */
  readonly jacobianMax: number;
  readonly jacobianMean: number;
  readonly jacobian95: number;
  /** mean losses over examples with their own labels, smoothed or not in training */
  readonly trainLoss: number;
  readonly testLoss: number;
  /** testLoss − trainLoss */
  readonly gap: number;
  readonly trainAccuracy: number;
  readonly testAccuracy: number;
  /** trainAccuracy − testAccuracy */
  readonly accuracyGap: number;
}

export interface RegularizerRun extends RegularizerMeasures {
  readonly seed: number;
  readonly steps: number;
}

/** The runs of one regulariser. */
export interface RegularizerRow {
  readonly name: string;
  readonly runs: readonly RegularizerRun[];
  /** over runs; absent where all of them failed */
  readonly mean?: RegularizerMeasures;
  /** runs that ended early, with the reason, and are in no mean */
  readonly failed: readonly { readonly seed: number; readonly reason: string }[];
}

/** How a gap goes with a measure; NaN where one of both does not vary. */
export interface GapCorrelation {
  readonly pearson: number;
  readonly spearman: number;
}

/** Which measure goes with the gap; plain data, what reports show. */
export interface RegularizerComparison {
  readonly rows: readonly RegularizerRow[];
  /** of the loss gap with each, over the means of the rows */
  readonly correlations: {
    readonly jacobianMax: GapCorrelation;
    readonly jacobianMean: GapCorrelation;
    readonly sharpness: GapCorrelation;
  };
}

/**
 * Trains a network under several regularisers and asks which goes with the gap between test and training loss: the norms of input-output Jacobians or the
 * sharpness. The question of [macdonald2023, Fig. 5]; that one causes the other is an ansatz there, and what is found is a correlation.
 *
 * Seven are compared in the literature: label smoothing, weight decay, sharpness-aware steps, augmentation or noise, the learning rate, the size of batches, and
 * an early stop; mixup and batch norms are two more. Each is options of `train`, other examples or another network.
 *
 * Batch norms count as in evaluation. A run that does not finish (a loss that is not finite) stands in `failed`.
 *
 * @throws ArgumentError for names that come twice, no seeds, and what `train` and `jacobianNorms` refuse; AbortError
 * Cost: a training for each regulariser and seed, then about 40 products with the Hessian and min(outputs, features) with the Jacobians
 * @example
 * const { rows, correlations } = await compareRegularizers(
 *   [{ name: 'none' }, { name: 'SAM', options: { sharpnessAware: sam(0.3) } }],
 *   { network: net, train: digits.train, test: digits.test, seeds: [0, 1], base: { optimizer: sgd(), schedule: constantSchedule(0.1) } },
 * );
 */
export async function compareRegularizers(
  regularizers: readonly Regularizer[],
  options: RegularizerComparisonOptions,
): Promise<RegularizerComparison> {
  const caller = 'compareRegularizers';
  requireComparison(caller, regularizers, options);
  const { seeds, signal, onProgress } = options;
  let done = 0;
  const between = watch(caller, regularizers.length * seeds.length, { signal, onProgress }, () => done);
  const rows: RegularizerRow[] = [];
  for (const regularizer of regularizers) {
    const runs: RegularizerRun[] = [];
    const failed: { readonly seed: number; readonly reason: string }[] = [];
    for (const seed of seeds) {
      await between();
      const run = await regularizerRun(regularizer, seed, options);
      if ('reason' in run) failed.push(run);
      else runs.push(run);
      done++;
    }
    rows.push(regularizerRow(regularizer.name, runs, failed));
  }
  await between();
  return { rows, correlations: gapCorrelations(rows) };
}

function requireComparison(
  caller: string,
  regularizers: readonly Regularizer[],
  options: RegularizerComparisonOptions,
): void {
  const { network, train: examples, test, seeds, base: _b, loss: _l, start: _s, dtype: _d, ...rest } = options;
  const { deterministic: _deterministic, signal: _signal, onProgress: _progress, ...others } = rest;
  requireNoOthers(caller, others, 'RegularizerComparisonOptions');
  requireInteger(caller, 'regularizers.length', regularizers.length, 1);
  requireInteger(caller, 'seeds.length', seeds.length, 1);
  for (const seed of seeds) requireSeed(caller, seed);
  const names = regularizers.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) refuse(caller, `names of regularizers must differ, got ${JSON.stringify(twice)} twice`);
  requireExamples(caller, network, examples);
  requireExamples(caller, network, test);
  for (const { network: own = network, train: given } of regularizers)
    if (given !== undefined) requireAnyExamples(caller, own, given);
}

/**
 * One run of {@link compareRegularizers}, for studies that keep runs apart.
 *
 * @returns the reason, where training did not finish
 * @throws as compareRegularizers
 * @example
 * const run = await regularizerRun({ name: 'none' }, 0, { network: net, train: digits.train, test: digits.test, seeds: [0] });
 */
export async function regularizerRun(
  { options = {}, network: own, train: given }: Regularizer,
  seed: number,
  comparison: RegularizerComparisonOptions,
): Promise<RegularizerRun | { readonly seed: number; readonly reason: string }> {
  const { train: examples, test, base = {}, start, dtype = 'float64', deterministic = false, signal } = comparison;
  const { loss = { kind: 'squared-error' } as const } = comparison;
  const network = own ?? comparison.network;
  const trainedOn = given ?? examples;
  const aborting = signal && { signal };
  const run = await train(network, trainedOn, {
    ...base,
    ...options,
    ...(start && { initial: start(network, seed) }),
    ...aborting,
    loss: lossFromData(loss),
    seed,
    dtype,
    deterministic,
  });
  signal?.throwIfAborted();
  if (!run.finished) return { seed, reason: run.reason };
  const params = Float64Array.from(run.params);
  const settings = { dtype: 'float64', deterministic, ...aborting } as const;
  const { values, residualNorms } = await networkSpectrum(run.network, params, trainedOn, {
    ...settings,
    loss,
    count: 1,
    seed,
  });
  const norms = await jacobianNorms(run.network, params, examples, { ...settings, levels: [0.95] });
  const [seen, unseen] = await Promise.all(
    [examples, test].map((part) => evaluate(run.network, params, part, { ...settings, loss: lossFromData(loss) })),
  );
  return {
    seed,
    steps: run.steps,
    sharpness: values[0],
    sharpnessResidual: residualNorms[0],
    jacobianMax: norms.max,
    jacobianMean: norms.mean,
    jacobian95: norms.quantiles[0].value,
    trainLoss: seen.loss,
    testLoss: unseen.loss,
    gap: unseen.loss - seen.loss,
    trainAccuracy: 1 - seen.error,
    testAccuracy: 1 - unseen.error,
    accuracyGap: unseen.error - seen.error,
  };
}

const measures = [
  ...([
    'sharpness',
    'sharpnessResidual',
    'jacobianMax',
    'jacobianMean',
    'jacobian95',
    'trainLoss',
    'testLoss',
  ] as const),
  ...(['gap', 'trainAccuracy', 'testAccuracy', 'accuracyGap'] as const),
];

/** The runs of one regulariser with their means. */
export function regularizerRow(
  name: string,
  runs: readonly RegularizerRun[],
  failed: RegularizerRow['failed'] = [],
): RegularizerRow {
  if (runs.length === 0) return { name, runs, failed };
  const meanOf = (measure: keyof RegularizerMeasures): number =>
    runs.reduce((sum, run) => sum + run[measure], 0) / runs.length;
  const mean = Object.fromEntries(
    measures.map((measure) => [measure, meanOf(measure)]),
  ) as unknown as RegularizerMeasures;
  return { name, runs, mean, failed };
}

/**
 * Correlations of the loss gap with the norms of Jacobians and with the sharpness, over the means of rows.
 *
 * @returns NaN for fewer than two rows, and where a measure does not vary
 */
export function gapCorrelations(rows: readonly RegularizerRow[]): RegularizerComparison['correlations'] {
  const means = rows.flatMap(({ mean }) => mean ?? []);
  const gaps = means.map(({ gap }) => gap);
  const withGap = (measure: keyof RegularizerMeasures): GapCorrelation => {
    const values = means.map((mean) => mean[measure]);
    return { pearson: pearson(gaps, values), spearman: spearman(gaps, values) };
  };
  return {
    jacobianMax: withGap('jacobianMax'),
    jacobianMean: withGap('jacobianMean'),
    sharpness: withGap('sharpness'),
  };
}
