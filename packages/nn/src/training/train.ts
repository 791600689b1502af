import { refuse } from '@hyperribbon/contract';
import { type AnyExamples, isTargeted, requireAnyExamples } from '../examples.js';
import { type Loss, requireLoss, softmaxCrossEntropy } from '../losses.js';
import type { Network } from '../network.js';
import { addAnchor, type ResolvedAnchor, resolveAnchor } from './anchor.js';
import { batchGradients, type BatchGradients } from './batchGradients.js';
import {
  type Checkpoint,
  currentCheckpoint,
  type EpochRecord,
  type TrainDetail,
  type TrainIdentity,
} from './checkpoint.js';
import { clipNorm as clip } from './clipNorm.js';
import { type Descended, type DescentSums, descend, type EpochSoFar, type MaybeAsync } from './descend.js';
import { createEvaluator, type Evaluator } from './evaluate.js';
import type { TrainWorkers } from './gradientWorkers.js';
import { microGradients } from './microGradients.js';
import { addNormBias } from './normBias.js';
import { adam } from './optimizers/optimizer.js';
import { requireSameRun, runIdentity, trainingIdentity } from './runIdentity.js';
import { copies, evaluated, type RunState, snapshot, startState } from './runState.js';
import { cosineSchedule } from './schedule.js';
import { planAscent } from './sharpnessAware.js';
import { sharpnessAwareGradients } from './sharpnessAwareGradients.js';
import { requireTrainOptions, type TrainOptions, type TrainReport } from './trainOptions.js';
import { watchRun } from './watchRun.js';

/**
 * Trains a network by mini-batches in a seeded order.
 *
 * Defaults are those of [yang2022]'s networks: Adam, 2e-3 → 5e-4 by half a cosine, batches of 500, 20 epochs.
 * Examples may have targets in place of labels (errors are NaN then, there is no wrong or right), and weights: the loss is
 * Σ wᵢ ℓᵢ / Σ wᵢ. The order of epoch e is the permutation of stream (seed, 'batch-order', e), so a run can be resumed anywhere and gives
 * the same bits. Gives way to the event loop every 40 ms. A signal that aborts ends it with reason 'aborted' and what it has.
 *
 * A network with a training mode is trained in it: its buffers (running statistics) move with every step, dropout draws from stream (seed,
 * 'dropout', step), and what is measured after an epoch is measured in evaluation mode with the buffers of that moment. A batch whose loss,
 * gradient or statistics are not finite changes nothing: the run ends before it, with reason 'non-finite-loss'.
 *
 * With `microBatch` batches are cut, and `workers` share the parts: any number of threads gives the same bits.
 *
 * @throws RangeError, TypeError for options out of range, examples that do not fit the network, NaN in inputs or weights, a batch that is too small
 * for batch norm; WorkerError for a worker that fails twice
 * Cost: about 6·size flops per example and epoch for dense layers; memory is planned before the first step.
 * @example
 * const run = await train(net, digits.train, { epochs: 10, seed: 7 });
 * const { error } = await evaluate(run.network, run.params, digits.test);
 */
export async function train(network: Network, examples: AnyExamples, options: TrainOptions = {}): Promise<TrainReport> {
  const { epochs = 20, schedule = cosineSchedule(2e-3, 5e-4), signal, onProgress, clipNorm } = options;
  requireTrainOptions(network, options, epochs);
  const { identity, resume, state, anchor, evaluator, gradients } = prepare(network, examples, options);
  const { weights, buffers, named, update } = state;
  const of = epochs * gradients.batches;
  const watch = watchRun(network, state, { identity, of, hooks: options.hooks ?? [], signal });
  const perExample = ({ epoch, steps, sums, learningRate }: EpochSoFar): TrainDetail => {
    const seen = Math.min(identity.count, steps * identity.batchSize);
    return { epoch, loss: sums.loss / seen, error: sums.mistakes / seen, learningRate };
  };
  let flops = 0;
  try {
    await watch.start(resume, gradients.batches);
    const went = await descend<EpochRecord, TrainDetail>({
      epochs,
      batches: gradients.batches,
      schedule,
      resume,
      signal,
      onProgress,
      enterEpoch: gradients.enterEpoch,
      measure: (at) => gradients.measure(at, weights, buffers),
      move(learningRate) {
        const last = gradients.last();
        addAnchor(anchor, learningRate, weights, last.gradient);
        addNormBias(options.normBias, weights, last.gradient);
        if (clipNorm !== undefined) clip(last.gradient, clipNorm);
        update.apply(weights, last.gradient, learningRate);
        buffers.set(last.buffersAfter);
        flops += last.flops;
      },
      afterStep: watch.afterStep,
      detail: perExample,
      async endEpoch(whole) {
        const measured = await evaluator?.evaluate(weights, { buffers: named });
        return {
          ...perExample(whole),
          ...(measured && { validationLoss: measured.loss, validationError: measured.error }),
        };
      },
      afterEpoch: watch.afterEpoch,
    });
    const { seconds } = went;
    const flopsPerSecond = seconds > 0 ? flops / seconds : 0;
    return { ...reportOf(network, state, identity, went), seconds, flopsPerSecond, kernels: gradients.kernels };
  } finally {
    await gradients.close();
  }
}

/** What a run came to, but for its cost. */
function reportOf(
  network: Network,
  state: RunState,
  identity: TrainIdentity,
  { step, sums, history, reason, finished }: Descended<EpochRecord>,
): Omit<TrainReport, 'seconds' | 'flopsPerSecond' | 'kernels'> {
  return {
    params: state.weights,
    buffers: copies(state.named),
    network: evaluated(network, state),
    initial: state.initial,
    history,
    finished,
    reason,
    steps: step,
    checkpoint: { ...identity, ...snapshot(state), version: 3, step, sums, history },
    seed: identity.seed,
  };
}

/** What a run is made of, checked and planned. */
interface Prepared {
  readonly identity: TrainIdentity;
  readonly resume: Checkpoint | undefined;
  readonly state: RunState;
  readonly anchor: ResolvedAnchor | undefined;
  readonly evaluator: Evaluator | undefined;
  readonly gradients: RunGradients;
}

function prepare(network: Network, examples: AnyExamples, options: TrainOptions): Prepared {
  const { loss = softmaxCrossEntropy, optimizer = adam(), deterministic = false, validation } = options;
  const asked = { batchSize: options.batchSize ?? 500, seed: options.seed ?? 0, dtype: options.dtype ?? 'float32' };
  const run = runIdentity('train', network, examples, asked, loss);
  const { batchSize, dtype } = run;
  const microBatch = Math.min(options.microBatch ?? batchSize, batchSize);
  const identity: TrainIdentity = { ...run, network: trainingIdentity(network), microBatch };
  const resume = options.resume && currentCheckpoint(options.resume);
  if (resume !== undefined) requireSameRun('train', resume, identity, 3);
  const state = startState(network, { optimizer, given: options.initial, resume, deterministic }, identity);
  return {
    identity,
    resume,
    state,
    anchor: resolveAnchor(options.anchor, network, state.initial, dtype),
    evaluator: validation && createEvaluator(network, validation, { loss, dtype, deterministic }),
    gradients: gradientsOf(network, examples, { ...options, loss, deterministic }, identity, state),
  };
}

/** Gradients of a run, whether batches are cut or not. */
interface RunGradients extends Omit<BatchGradients<MaybeAsync<DescentSums | undefined>>, 'enterEpoch'> {
  enterEpoch(epoch: number): void;
  close(): Promise<void>;
}

function gradientsOf(
  network: Network,
  examples: AnyExamples,
  options: TrainOptions & { readonly loss: Loss; readonly deterministic: boolean },
  { batchSize, microBatch, seed, dtype }: TrainIdentity,
  state: RunState,
): RunGradients {
  const { loss, deterministic, augment, renewExamples, sharpnessAware } = options;
  const sight = { weights: state.weights, network: () => evaluated(network, state) };
  const settled = { loss, batchSize, seed, dtype, deterministic, augment, sight, training: true };
  const check = (like: AnyExamples): void =>
    requireLoss('train', loss, network.classes, dtype, isTargeted(like) ? 'targets' : 'labels');
  // what augmentation makes of the examples is known once it was asked
  if (augment === undefined) check(examples);
  const gradients =
    options.microBatch !== undefined
      ? microGradients(network, examples, { ...workersOf(options), ...settled, microBatch })
      : batchGradients(network, examples, settled);
  if (augment !== undefined) check(gradients.like);
  const ascent = sharpnessAware && planAscent(sharpnessAware, network.parameters, network.size);
  return {
    ...gradients,
    ...(ascent && sharpnessAwareGradients(gradients, ascent)),
    enterEpoch: (epoch) =>
      gradients.enterEpoch(epoch, renewExamples && renewed(network, loss, examples, renewExamples(epoch))),
    close: 'close' in gradients ? () => gradients.close() : async () => undefined,
  };
}

function workersOf({ workers, workerTimeout, workerUrl }: TrainOptions): TrainWorkers {
  return {
    ...(workers !== undefined && { workers }),
    ...(workerTimeout !== undefined && { workerTimeout }),
    ...(workerUrl !== undefined && { workerUrl }),
  };
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
