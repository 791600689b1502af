import { floatArray, type Progress, refuse, requireInteger, requireOnly } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { type AnyExamples, isTargeted, requireAnyExamples, requireWeights } from '../examples.js';
import { type Loss, requireLoss, softmaxCrossEntropy } from '../losses.js';
import type { Network } from '../network.js';
import { requireSeparateExamples } from '../separateExamples.js';
import { type Anchor, addAnchor, resolveAnchor } from './anchor.js';
import { batchGradients } from './batchGradients.js';
import type { Checkpoint, EpochRecord, TrainDetail } from './checkpoint.js';
import { descend, type DescentReport, type EpochSoFar } from './descend.js';
import { createEvaluator } from './evaluate.js';
import { createUpdate, restoreUpdates, type Update } from './optimizers/createUpdate.js';
import { adam, type Optimizer } from './optimizers/optimizer.js';
import { type RunIdentity, requireSameRun, runIdentity } from './runIdentity.js';
import { type Schedule, cosineSchedule } from './schedule.js';

export interface TrainOptions {
  /** passes over the examples, default 20 */
  readonly epochs?: number;
  /** examples per step, default 500; the last batch of an epoch holds the rest */
  readonly batchSize?: number;
  /** default {@link adam}() */
  readonly optimizer?: Optimizer;
  /** default {@link cosineSchedule}(2e-3, 5e-4) */
  readonly schedule?: Schedule;
  /** names the streams of the initial weights and of the order of the batches, default 0 */
  readonly seed?: number;
  /** loss of one example; a step minimises its mean over the batch. Default {@link softmaxCrossEntropy} */
  readonly loss?: Loss;
  /** weights to start from, default `network.init(seed, dtype)`; not changed */
  readonly initial?: FloatArray;
  /** adds g‖w − w₀‖² to the loss of every step */
  readonly anchor?: Anchor;
  /** the examples of an epoch, as many as those given and in their place, such as the same images moved anew */
  readonly renewExamples?: (epoch: number) => AnyExamples;
  /** examples whose loss and error are measured after every epoch */
  readonly validation?: AnyExamples;
  /** default float32 */
  readonly dtype?: Dtype;
  /** true: the same bits in every runtime. Default false */
  readonly deterministic?: boolean;
  /** stops before the next step; what is done so far is returned, with reason 'aborted' */
  readonly signal?: AbortSignal | undefined;
  /** called about ten times a second and after every epoch; a unit is a step */
  readonly onProgress?: (progress: TrainProgress) => void;
  /** the `checkpoint` of an earlier run with the same network, examples and options: goes on where it stopped */
  readonly resume?: Checkpoint;
}

export type TrainProgress = Progress<TrainDetail>;

export interface TrainReport extends DescentReport<EpochRecord, Checkpoint> {
  /** the trained weights (size,) */
  readonly params: FloatArray;
  /** the weights at the start (size,) */
  readonly initial: FloatArray;
  readonly steps: number;
}

/**
 * Trains a network by mini-batches in a seeded order.
 *
 * Defaults are those of [yang2022]'s networks: Adam, 2e-3 → 5e-4 by half a cosine, batches of 500, 20 epochs.
 * Examples may have targets in place of labels (errors are NaN then, there is no wrong or right), and weights: the loss is
 * Σ wᵢ ℓᵢ / Σ wᵢ. The order of epoch e is the permutation of stream (seed, 'batch-order', e), so a run can be resumed anywhere and gives
 * the same bits. Gives way to the event loop every 40 ms. A signal that aborts ends it with reason 'aborted' and what it has.
 *
 * @throws RangeError, TypeError for options out of range, examples that do not fit the network, NaN in inputs or weights
 * Cost: about 6·size flops per example and epoch for dense layers; memory is planned before the first step.
 * @example
 * const run = await train(net, digits.train, { epochs: 10, seed: 7 });
 * const { error } = await evaluate(net, run.params, digits.test);
 */
export async function train(network: Network, examples: AnyExamples, options: TrainOptions = {}): Promise<TrainReport> {
  const { epochs = 20, schedule = cosineSchedule(2e-3, 5e-4), loss = softmaxCrossEntropy } = options;
  const { deterministic = false, renewExamples, validation, signal, onProgress, resume } = options;
  requireOptions(network, options, epochs);
  const asked = { batchSize: options.batchSize ?? 500, seed: options.seed ?? 0, dtype: options.dtype ?? 'float32' };
  const identity = runIdentity('train', network, examples, asked, loss);
  const { count, batchSize, dtype, seed } = identity;
  if (resume !== undefined) requireSameRun('train', resume, identity);
  requireLoss('train', loss, network.classes, dtype, isTargeted(examples) ? 'targets' : 'labels');
  const { weights, initial, update } = startState(network, options, identity);
  const anchor = resolveAnchor(options.anchor, network, initial, dtype);
  const evaluator = validation && createEvaluator(network, validation, { loss, dtype, deterministic });
  const gradients = batchGradients(network, examples, { loss, batchSize, seed, dtype, deterministic });
  const perExample = ({ epoch, steps, sums, learningRate }: EpochSoFar): TrainDetail => {
    const seen = Math.min(count, steps * batchSize);
    return { epoch, loss: sums.loss / seen, error: sums.mistakes / seen, learningRate };
  };
  let flops = 0;
  const went = await descend<EpochRecord, TrainDetail>({
    epochs,
    batches: gradients.batches,
    schedule,
    resume,
    signal,
    onProgress,
    enterEpoch: (epoch) =>
      gradients.enterEpoch(epoch, renewExamples && renewed(network, loss, examples, renewExamples(epoch))),
    measure: (at) => gradients.measure(at, weights),
    move(learningRate) {
      const last = gradients.last();
      addAnchor(anchor, learningRate, weights, last.gradient);
      update.apply(weights, last.gradient, learningRate);
      flops += last.flops;
    },
    detail: perExample,
    async endEpoch(whole) {
      const measured = await evaluator?.evaluate(weights);
      return {
        ...perExample(whole),
        ...(measured && { validationLoss: measured.loss, validationError: measured.error }),
      };
    },
  });
  const { step, sums, history, reason, finished, seconds } = went;
  const { slots, updates } = update;
  return {
    params: weights,
    initial,
    history,
    finished,
    reason,
    steps: step,
    checkpoint: { version: 2, ...identity, step, sums, history, weights, initial, slots, updates },
    seconds,
    flopsPerSecond: seconds > 0 ? flops / seconds : 0,
    kernels: gradients.kernels,
    seed,
  };
}

const optionNames: readonly (keyof TrainOptions)[] = [
  ...(['epochs', 'batchSize', 'optimizer', 'schedule', 'seed', 'loss', 'initial', 'anchor', 'renewExamples'] as const),
  ...(['validation', 'dtype', 'deterministic', 'signal', 'onProgress', 'resume'] as const),
];

function requireOptions(network: Network, options: TrainOptions, epochs: number): void {
  requireOnly('train', options, optionNames);
  requireInteger('train', 'epochs', epochs, 0);
  requireSeparateExamples('train', network, options.deterministic ?? false);
}

/** Weights and update rule at the start, or where a run stopped. */
function startState(
  network: Network,
  { optimizer = adam(), initial: given, resume }: TrainOptions,
  { seed, dtype }: RunIdentity,
): { readonly weights: FloatArray; readonly initial: FloatArray; readonly update: Update } {
  const initial = floatArray(dtype, resume?.initial ?? given ?? network.init(seed, dtype));
  requireWeights('train', 'initial', network, initial);
  const weights = floatArray(dtype, resume?.weights ?? initial);
  const update = createUpdate(optimizer, weights);
  if (resume !== undefined) restoreUpdates('train', [update], resume);
  return { weights, initial, update };
}

function renewed(network: Network, loss: Loss, before: AnyExamples, examples: AnyExamples): AnyExamples {
  const { count } = before;
  requireAnyExamples('train', network, examples, 'float64', loss);
  if (
    isTargeted(examples) !== isTargeted(before) ||
    (examples.weights === undefined) !== (before.weights === undefined)
  )
    refuse('train', 'renewExamples must give labels, targets and weights as the examples before had them');
  if (examples.count !== count) {
    refuse('train', `renewExamples must give as many examples as there were, ${count}, got ${examples.count}`);
  }
  return examples;
}
