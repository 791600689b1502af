import type { Dtype, FloatArray, KernelInfo } from '@hyperribbon/kernels';
import { type Examples, assertExamples, assertWeights } from '../examples.js';
import { type Loss, softmaxCrossEntropy } from '../losses.js';
import type { Network } from '../network.js';
import { type Anchor, addAnchor, resolveAnchor } from './anchor.js';
import { batchOrder, gatherBatch } from './batches.js';
import type { Checkpoint, EpochRecord } from './checkpoint.js';
import { createEvaluator } from './evaluate.js';
import { planGradientStep } from './gradientStep.js';
import { type Optimizer, adam, createUpdate } from './optimizer.js';
import { type Schedule, cosine, learningRateAt } from './schedule.js';
import { yieldToEventLoop } from './yieldToEventLoop.js';

export interface TrainOptions {
  /** passes over the examples, default 20 */
  readonly epochs?: number;
  /** examples per step, default 500; the last batch of an epoch holds the rest */
  readonly batchSize?: number;
  /** default {@link adam}() */
  readonly optimizer?: Optimizer;
  /** default {@link cosine}(2e-3, 5e-4) */
  readonly schedule?: Schedule;
  /** names the streams of the initial weights and of the order of the batches, default 0 */
  readonly seed?: number;
  /** loss of one example; a step minimises its mean over the batch. Default {@link softmaxCrossEntropy} */
  readonly loss?: Loss;
  /** weights to start from, default `network.init(seed, dtype)`; not changed */
  readonly initial?: FloatArray;
  /** adds g‖w − w₀‖² to the loss of every step */
  readonly anchor?: Anchor;
  /** examples whose loss and error are measured after every epoch */
  readonly validation?: Examples;
  /** default float32 */
  readonly dtype?: Dtype;
  /** true: the same bits in every runtime. Default false */
  readonly deterministic?: boolean;
  /** stops after the current step; what is done so far is returned */
  readonly signal?: AbortSignal;
  /** called about ten times a second and after every epoch */
  readonly onProgress?: (progress: TrainProgress) => void;
  /** the `checkpoint` of an earlier run with the same network, examples and options: goes on where it stopped */
  readonly resume?: Checkpoint;
}

export interface TrainProgress {
  /** epoch in [0, epochs), steps done of all steps */
  readonly epoch: number;
  readonly step: number;
  readonly steps: number;
  /** mean loss and error of the epoch so far */
  readonly loss: number;
  readonly error: number;
  readonly learningRate: number;
  readonly secondsElapsed: number;
  /** from the steps of this run so far */
  readonly secondsLeft: number;
}

export interface TrainReport {
  /** the trained weights (size,) */
  readonly params: FloatArray;
  /** the weights at the start (size,) */
  readonly initial: FloatArray;
  /** one record per finished epoch */
  readonly history: readonly EpochRecord[];
  /** true if all epochs ran */
  readonly finished: boolean;
  readonly reason: TrainReason;
  readonly steps: number;
  /** where the run stopped; hand it to `resume` to go on */
  readonly checkpoint: Checkpoint;
  readonly seconds: number;
  /** floating-point operations of the gradients, per second of the whole run */
  readonly flopsPerSecond: number;
  readonly kernels: KernelInfo;
  readonly seed: number;
}

/**
 * Why training stopped. `finished`: all epochs ran. `aborted`: the signal fired. `nonFiniteLoss`: a batch's loss was NaN
 * or infinite; the weights are those before that step. Lower the learning rate, or look at the initial weights.
 */
export type TrainReason = 'finished' | 'aborted' | 'nonFiniteLoss';

/**
 * Trains a network by mini-batches in a seeded order.
 *
 * Defaults are those of [yang2022]'s networks: Adam, 2e-3 → 5e-4 by half a cosine, batches of 500, 20 epochs.
 * The order of epoch e is the permutation of stream (seed, 'batch-order', e), so a run can be resumed anywhere and gives
 * the same bits. Gives way to the event loop every 30 ms.
 *
 * @throws RangeError, TypeError for options out of range, examples that do not fit the network, NaN in inputs or weights
 * Cost: about 6·size flops per example and epoch for dense layers; memory is planned before the first step.
 * @example
 * const run = await train(net, digits.train, { epochs: 10, seed: 7 });
 * const { error } = await evaluate(net, run.params, digits.test);
 */
export async function train(network: Network, examples: Examples, options: TrainOptions = {}): Promise<TrainReport> {
  const {
    epochs = 20,
    batchSize: wantedBatch = 500,
    optimizer = adam(),
    schedule = cosine(2e-3, 5e-4),
    seed = 0,
    loss = softmaxCrossEntropy,
    dtype = 'float32',
    deterministic = false,
    signal,
    onProgress,
    resume,
  } = options;
  assertWhole('epochs', epochs, 0);
  assertWhole('batchSize', wantedBatch, 1);
  assertExamples('train', network, examples);
  const { count } = examples;
  const batchSize = Math.min(wantedBatch, count);
  if (resume !== undefined) assertResumable(resume, { network, dtype, seed, count, batchSize });

  const initial = own(resume?.initial ?? options.initial ?? network.init(seed, dtype), dtype);
  assertWeights('train', 'initial', network, initial);
  const weights = own(resume?.weights ?? initial, dtype);
  const update = createUpdate(optimizer, weights);
  update.slots.forEach((slot, i) => resume?.slots[i] !== undefined && slot.set(resume.slots[i]));
  update.count = resume?.updates ?? 0;
  const anchor = resolveAnchor(options.anchor, network, initial, dtype);
  const evaluator =
    options.validation === undefined
      ? undefined
      : createEvaluator(network, options.validation, { loss, dtype, deterministic });

  const batches = Math.ceil(count / batchSize);
  const rest = count - (batches - 1) * batchSize;
  const full = planGradientStep(network, loss, batchSize, { dtype, deterministic });
  const last = rest === batchSize ? full : planGradientStep(network, loss, rest, { dtype, deterministic });
  const steps = epochs * batches;
  const history: EpochRecord[] = [...(resume?.history ?? [])];
  const firstStep = resume === undefined ? 0 : resume.epoch * batches + resume.batch;
  let step = firstStep;
  let lossSum = resume?.lossSum ?? 0;
  let mistakes = resume?.mistakes ?? 0;
  let flops = 0;
  let rate = learningRateAt(schedule, { step: Math.min(step, steps - 1), steps, epoch: 0 });
  let reason: TrainReason = 'finished';

  const start = performance.now();
  let lastYield = start;
  let lastReport = start;
  const report = (now: number): void => {
    lastReport = now;
    const elapsed = (now - start) / 1000;
    const epoch = Math.min(epochs - 1, Math.floor((step - 1) / batches));
    const seen = Math.min(count, (step - epoch * batches) * batchSize);
    onProgress?.({
      epoch,
      step,
      steps,
      loss: lossSum / seen,
      error: mistakes / seen,
      learningRate: rate,
      secondsElapsed: elapsed,
      secondsLeft: (elapsed / (step - firstStep)) * (steps - step),
    });
  };

  training: for (let epoch = Math.floor(step / batches); epoch < epochs; epoch++) {
    const order = batchOrder(count, seed, epoch);
    for (let batch = step - epoch * batches; batch < batches; batch++) {
      if (signal?.aborted === true) {
        reason = 'aborted';
        break training;
      }
      const plan = batch === batches - 1 ? last : full;
      gatherBatch(examples, order, batch * batchSize, plan.inputs, plan.labels);
      const result = plan.run(weights);
      if (!Number.isFinite(result.lossSum)) {
        reason = 'nonFiniteLoss';
        break training;
      }
      rate = learningRateAt(schedule, { step, steps, epoch });
      addAnchor(anchor, rate, weights, plan.gradient);
      update.apply(weights, plan.gradient, rate);
      lossSum += result.lossSum;
      mistakes += result.mistakes;
      flops += plan.flops;
      step++;
      const now = performance.now();
      if (now - lastReport > 100) report(now);
      if (now - lastYield > 30) {
        await yieldToEventLoop();
        lastYield = performance.now();
      }
    }
    report(performance.now());
    const measured = await evaluator?.evaluate(weights);
    history.push({
      epoch,
      loss: lossSum / count,
      error: mistakes / count,
      learningRate: rate,
      ...(measured === undefined ? {} : { validationLoss: measured.loss, validationError: measured.error }),
    });
    lossSum = 0;
    mistakes = 0;
  }

  const seconds = (performance.now() - start) / 1000;
  const epoch = Math.floor(step / batches);
  return {
    params: weights,
    initial,
    history,
    finished: reason === 'finished',
    reason,
    steps: step,
    checkpoint: {
      version: 1,
      network: network.name,
      dtype,
      seed,
      count,
      batchSize,
      epoch,
      batch: step - epoch * batches,
      weights,
      initial,
      slots: update.slots,
      updates: update.count,
      lossSum,
      mistakes,
      history,
    },
    seconds,
    flopsPerSecond: seconds > 0 ? flops / seconds : 0,
    kernels: full.kernels,
    seed,
  };
}

function own(values: FloatArray, dtype: Dtype): FloatArray {
  return dtype === 'float64' ? Float64Array.from(values) : Float32Array.from(values);
}

function assertWhole(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new RangeError(`train: ${name} must be an integer ≥ ${least}, got ${value}`);
  }
}

/** A resumed run must be the run that stopped: anything else would give weights that no seed explains. */
function assertResumable(
  checkpoint: Checkpoint,
  now: { network: Network; dtype: Dtype; seed: number; count: number; batchSize: number },
): void {
  const pairs: [string, unknown, unknown][] = [
    ['network', checkpoint.network, now.network.name],
    ['dtype', checkpoint.dtype, now.dtype],
    ['seed', checkpoint.seed, now.seed],
    ['count', checkpoint.count, now.count],
    ['batchSize', checkpoint.batchSize, now.batchSize],
  ];
  for (const [name, was, is] of pairs) {
    if (was !== is) {
      throw new RangeError(`train: resume must have the ${name} of this run, ${String(is)}, got ${String(was)}`);
    }
  }
}
