import { type OnProgress, requireInteger, requireNoOthers, throwIfAborted } from '@hyperribbon/contract';
import {
  constantSchedule,
  evaluate,
  type Examples,
  type Network,
  sgd,
  train,
  type TrainOptions,
  type TrainReport,
} from '@hyperribbon/nn';
import type { Estimate } from '../sharpness/sharpnessTypes.js';
import { kernelAlignment } from './kernelAlignment.js';
import { kernelChange } from './kernelChange.js';
import type { KernelFamily } from './kernelFamilies.js';
import type { KernelSample } from './kernelSample.js';
import type { KernelAgainstWidth, KernelChange, KernelWidthRow, TangentKernel } from './kernelTypes.js';
import { neuralTangentKernel } from './neuralTangentKernel.js';

/** One training run of one width: plain data, kept by whoever wants to go on later. */
export interface KernelRun {
  readonly width: number;
  readonly seed: number;
  readonly parameters: number;
  /** from the initial weights, with the batch norms' initial statistics, to the trained network */
  readonly change: KernelChange;
  /** the same from the initial weights with statistics of the training examples at them; null for a network without statistics, and of a run that diverged */
  readonly changeWithStatistics: KernelChange | null;
  /** of the trained network in evaluation mode, over all training examples; NaN of a run that diverged */
  readonly trainingLoss: number;
  readonly trainingError: number;
}

export interface KernelAgainstWidthOptions {
  readonly widths: readonly number[];
  /** one run each; intervals are over them */
  readonly seeds: readonly number[];
  /** examples of the kernel */
  readonly sample: KernelSample;
  /** how each run is trained, but for its seed */
  readonly training: Omit<TrainOptions, 'seed' | 'signal' | 'onProgress' | 'initial' | 'resume' | 'hooks'>;
  /** runs of an earlier call with the same settings, which are not done again */
  readonly done?: readonly KernelRun[];
  /** given every new run as it ends: to be kept, so that `done` has it later */
  readonly onRun?: (run: KernelRun) => void | Promise<void>;
  readonly signal?: AbortSignal;
  /** a unit is a run */
  readonly onProgress?: OnProgress<string>;
}

/** Rows for reports, and the runs they are of. */
export interface KernelAgainstWidthStudy extends KernelAgainstWidth {
  readonly runs: readonly KernelRun[];
  /** how the examples of the kernel were chosen */
  readonly sample: string;
}

/**
 * The change of the tangent kernel over training against the width of the networks, over seeds.
 *
 * Every run trains a network and compares the kernels of the sample at its start and at its end, both in evaluation mode. At the start a batch norm's
 * statistics are means 0 and variances 1, so that it does nothing: the kernel before is that of the network without norms, as in the published program.
 * `changeWithStatistics` begins with the statistics of the training examples instead (half a hundred passes with a learning rate of 0).
 *
 * @param examples of the training, labelled
 * @returns means and standard errors over the seeds that have a value. A run that diverged has no kernel after it and counts for no seed, however finite the last
 * weights before are; `missing` has a sentence for each run without a correlation
 * @throws ArgumentError, AbortError; what was done is with `onRun`
 * Cost: widths · seeds runs of `train`, and two or three kernels each. Source: [goldblum2020, section 5].
 * @example
 * const { mlp2 } = kernelFamilies({ image: [1, 2, 3], classes: 3 });
 * const sample = kernelSample(digits.train, { count: 10 });
 * const { rows } = await kernelAgainstWidth(mlp2, digits.train, { widths: [4, 8], seeds: [0, 1], sample, training: { epochs: 2 } });
 * rows.map(({ width }) => width); // [4, 8]
 */
export async function kernelAgainstWidth(
  { family, network: networkOf }: KernelFamily,
  examples: Examples,
  options: KernelAgainstWidthOptions,
): Promise<KernelAgainstWidthStudy> {
  const caller = 'kernelAgainstWidth';
  const { widths, seeds, sample, training, done = [], onRun, signal, onProgress, ...unknown } = options;
  requireNoOthers(caller, unknown, 'KernelAgainstWidthOptions');
  requireInteger(caller, 'widths.length', widths.length, 1);
  requireInteger(caller, 'seeds.length', seeds.length, 1);
  const runs: KernelRun[] = [];
  const all = widths.length * seeds.length;
  for (const width of widths) {
    const network = networkOf(width);
    for (const seed of seeds) {
      throwIfAborted(caller, signal);
      const known = done.find((run) => run.width === width && run.seed === seed);
      const run = known ?? (await oneRun(network, examples, { width, seed, sample, training, signal }));
      if (known === undefined) await onRun?.(run);
      runs.push(run);
      onProgress?.({ done: runs.length, of: all, detail: `${family}, width ${width}, seed ${seed}` });
    }
  }
  const rows = [...widths].sort((a, b) => a - b).map((width) => rowOf(runs.filter((run) => run.width === width)));
  const missing = runs.flatMap(({ width, seed, change }) =>
    change.correlation === null ? [`width ${width}, seed ${seed}: ${whyNone(change)}`] : [],
  );
  const of = sample.examples.count;
  return { family, examples: of, classes: examples.classes, rows, missing, runs, sample: sample.words };
}

interface OneRun extends Pick<KernelAgainstWidthOptions, 'sample' | 'training'> {
  readonly width: number;
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
}

async function oneRun(
  network: Network,
  examples: Examples,
  { width, seed, sample, training, signal }: OneRun,
): Promise<KernelRun> {
  const kernelOf = (at: Network, params: TrainReport['params']): Promise<TangentKernel> =>
    neuralTangentKernel(at, params, sample.examples, { signal });
  const run = await train(network, examples, { ...training, seed, signal });
  throwIfAborted('kernelAgainstWidth', signal);
  const before = await kernelOf(network, run.initial);
  const { labels } = sample.examples;
  const told = training.loss === undefined ? {} : { loss: training.loss };
  const ended =
    run.reason === 'non-finite-loss' || !run.params.every(Number.isFinite)
      ? undefined
      : await evaluate(run.network, run.params, examples, { ...told, signal });
  const named = { width, seed, parameters: network.size };
  if (ended === undefined || !Number.isFinite(ended.loss)) return { ...named, ...diverged(before, labels) };
  const after = await kernelOf(run.network, run.params);
  const settled = { labels, params: { before: run.initial, after: run.params } };
  const counts = (network.buffers ?? []).length > 0;
  const started = counts ? await withStatistics(network, run.initial, examples, { training, seed, signal }) : undefined;
  return {
    ...named,
    trainingLoss: ended.loss,
    trainingError: ended.error,
    change: kernelChange(before, after, settled),
    changeWithStatistics: started ? kernelChange(await kernelOf(started, run.initial), after, settled) : null,
  };
}

/** What there is of a run without an end: the alignment of its start. */
function diverged(
  before: TangentKernel,
  labels: Int32Array,
): Pick<KernelRun, 'trainingLoss' | 'trainingError' | 'change' | 'changeWithStatistics'> {
  const change: KernelChange = {
    correlation: null,
    cosine: null,
    relativeChange: null,
    elementwiseChange: null,
    growth: null,
    alignmentBefore: kernelAlignment(before, labels).value,
    alignmentAfter: null,
    parameterChange: null,
    missing: ['correlation: training came to a loss that is not finite'],
  };
  return { trainingLoss: Number.NaN, trainingError: Number.NaN, change, changeWithStatistics: null };
}

/** Why a change has no correlation. */
function whyNone({ missing }: KernelChange): string {
  const lead = 'correlation: ';
  return missing.find((one) => one.startsWith(lead))?.slice(lead.length) ?? 'no correlation';
}

/** The network with the running statistics of the examples at weights that do not move. */
async function withStatistics(
  network: Network,
  initial: TrainReport['params'],
  examples: Examples,
  { training, seed, signal }: Pick<OneRun, 'training' | 'seed' | 'signal'>,
): Promise<Network> {
  const {
    schedule: _rates,
    optimizer: _rule,
    anchor: _anchor,
    epochs: _epochs,
    validation: _other,
    ...same
  } = training;
  const batches = Math.ceil(examples.count / Math.min(examples.count, training.batchSize ?? 500));
  // of the initial statistics 0.9^50 = 0.5 % is left
  const epochs = Math.ceil(50 / batches);
  const still = { ...same, seed, signal, initial, epochs, optimizer: sgd(), schedule: constantSchedule(0) };
  return (await train(network, examples, still)).network;
}

function rowOf(runs: readonly KernelRun[]): KernelWidthRow {
  const having = runs.filter(({ change }) => change.correlation !== null);
  return {
    width: runs[0].width,
    parameters: runs[0].parameters,
    seeds: having.length,
    correlation: estimateOf(having.map(({ change }) => change.correlation!)),
    relativeChange: estimateOf(having.map(({ change }) => change.relativeChange!)),
    trainingLoss: estimateOf(having.map(({ trainingLoss }) => trainingLoss)),
  };
}

/** Mean and the standard error of it; NaN of no values, and the error of one. */
function estimateOf(values: readonly number[]): Estimate {
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  const squares = values.reduce((sum, x) => sum + (x - mean) * (x - mean), 0);
  return { mean, standardError: n < 2 ? Number.NaN : Math.sqrt(squares / (n - 1) / n) };
}
