import {
  type AnyExamples,
  floatArray,
  type FloatArray,
  type OnProgress,
  refuse,
  requireInteger,
  requireOnly,
  requirePositive,
  requireSeed,
} from '@hyperribbon/contract';
import type { Dtype } from '@hyperribbon/kernels';
import {
  binaryCrossEntropy,
  type Checkpoint,
  constantSchedule,
  learningRateAt,
  type Loss,
  type LossData,
  type Network,
  type Optimizer,
  type Schedule,
  sgd,
  type SharpnessAware,
  softmaxCrossEntropy,
  squaredError,
  type TrainHook,
  type TrainOptions,
} from '@hyperribbon/nn';
import type { EdgeMoment } from './descentTypes.js';
import type { MeterOptions, MeterState } from './edgeMeter.js';

/** The live line of a watched run. */
export interface WatchDetail {
  readonly step: number;
  /** of the last step, or of the epoch so far where there are batches; NaN before the first */
  readonly loss: number;
  /** of the last measurement: λ₁ of the Hessian, and the curvature that the threshold is compared with, if there is one */
  readonly sharpness: number;
  readonly compared?: number;
  readonly threshold?: number;
}

export interface WatchDescentOptions {
  /** default `sgd()` */
  readonly optimizer?: Optimizer;
  /** gradients are taken at w + ε, see `sam` and `asam` of nn; default: at w */
  readonly ascent?: SharpnessAware;
  /** η > 0, or a schedule over the steps */
  readonly learningRate: number | Schedule;
  /** integer ≥ 0 */
  readonly steps: number;
  /** examples of a step; default all: full batches */
  readonly batchSize?: number;
  /** steps between measurements, integer ≥ 1; the first and the last moment are measured in any case. Default 50 */
  readonly every?: number;
  /** eigenvalues at each measurement, integer ≥ 1; default 1, the sharpness alone */
  readonly pairs?: number;
  /** residuals that count as converged, relative to the sharpness; default 1e-2 */
  readonly tol?: number;
  /** whose loss and curvature are measured; default: the examples of the descent. A fixed part of them costs that part */
  readonly watched?: AnyExamples;
  /**
   * batch sharpness every so many steps, a multiple of the `every` above, over batches of `batchSize`, default that of the descent, all disjoint ones of a
   * permutation unless `batches` says how many. The loss must be one of nn's, known by name
   */
  readonly batchSharpness?: { readonly every: number; readonly batchSize?: number; readonly batches?: number };
  /** share of the squared gradient in the top eigenvectors, one for each output, every so many steps, a multiple of `every`; pairs are then at least so many */
  readonly topShare?: { readonly every: number };
  /** norms of the input-output Jacobians over the examples every so many steps, a multiple of `every` */
  readonly jacobian?: { readonly every: number };
  /** loss of one example, default `softmaxCrossEntropy` */
  readonly loss?: Loss;
  /** names the start, the batches and random directions; default 0 */
  readonly seed?: number;
  /** weights to start from, default `network.init(seed, dtype)`; not changed */
  readonly initial?: FloatArray;
  /** of the run and of what is measured; default float32 */
  readonly dtype?: Dtype;
  /** true: the same bits in every runtime. Default false */
  readonly deterministic?: boolean;
  /** ends the run before the next step or product; what is done so far is returned, with reason 'aborted' */
  readonly signal?: AbortSignal | undefined;
  /** a unit is a step */
  readonly onProgress?: OnProgress<WatchDetail> | undefined;
  /** watch the run beside the measurements, after them; what they themselves have seen they keep when a run is resumed */
  readonly hooks?: readonly TrainHook[];
  /** the `checkpoint` of an earlier call with the same arguments: goes on where it stopped, with the same bits */
  readonly resume?: EdgeCheckpoint;
}

/** Where a watched run stands, as plain data: structuredClone and message passing take it as it is. */
export interface EdgeCheckpoint {
  readonly version: 1;
  readonly train: Checkpoint;
  readonly moments: readonly EdgeMoment[];
  readonly meter: MeterState;
}

/** A watched run with its defaults, checked. */
export interface WatchSettings extends MeterOptions {
  /** examples of the descent */
  readonly count: number;
  readonly batchSize: number;
  readonly steps: number;
  readonly every: number;
  readonly epochs: number;
  readonly resume: EdgeCheckpoint | undefined;
  /** what `train` is asked for */
  readonly training: TrainOptions;
}

const caller = 'watchDescent';
const names = [
  ...([
    'optimizer',
    'ascent',
    'learningRate',
    'steps',
    'batchSize',
    'every',
    'pairs',
    'tol',
    'watched',
    'batchSharpness',
    'topShare',
    'jacobian',
    'loss',
  ] as const),
  ...(['seed', 'initial', 'dtype', 'deterministic', 'signal', 'onProgress', 'hooks', 'resume'] as const),
] satisfies readonly (keyof WatchDescentOptions)[];

/** @throws ArgumentError, ArgumentTypeError for what can be told before the run */
export function settleWatch(network: Network, examples: AnyExamples, options: WatchDescentOptions): WatchSettings {
  requireOnly(caller, options, names);
  const { optimizer = sgd(), ascent, steps, every = 50, pairs = 1, tol = 1e-2, loss = softmaxCrossEntropy } = options;
  const { learningRate: rate, seed = 0, dtype = 'float32', deterministic = false, initial, resume } = options;
  const batchSize = Math.min(options.batchSize ?? examples.count, examples.count);
  requireWatch(options, { steps, every, pairs, batchSize, tol, seed });
  const { batchSharpness, topShare, jacobian } = options;
  const schedule = typeof rate === 'number' ? constantSchedule(rate) : rate;
  const batches = Math.ceil(examples.count / batchSize);
  const epochs = Math.ceil(steps / batches);
  const total = Math.max(1, epochs * batches);
  // after the last step there is no next one: that of the last
  const learningRate = (after: number): number => {
    const step = Math.min(after, total - 1);
    return learningRateAt(schedule, { step, steps: total, epoch: Math.floor(step / batches) });
  };
  const start = initial && { initial: floatArray(dtype, initial) };
  const ascending = ascent && { sharpnessAware: ascent };
  return {
    network,
    examples: options.watched ?? examples,
    count: examples.count,
    batchSize,
    steps,
    every,
    pairs: topShare === undefined ? pairs : Math.max(pairs, network.classes),
    batchSharpness: batchSharpness && { batchSize, ...batchSharpness, loss: namedLoss(loss) },
    topShare,
    jacobian,
    tol,
    loss,
    rule: optimizer,
    ascent,
    learningRate,
    seed,
    dtype,
    deterministic,
    error: true,
    epochs,
    resume,
    training: { batchSize, optimizer, schedule, seed, loss, dtype, deterministic, ...start, ...ascending },
  };
}

/** @throws ArgumentError */
function requireWatch(
  { learningRate, resume, batchSharpness, topShare, jacobian }: WatchDescentOptions,
  numbers: Readonly<Record<'steps' | 'every' | 'pairs' | 'batchSize' | 'tol' | 'seed', number>>,
): void {
  const { steps, every, pairs, batchSize, tol, seed } = numbers;
  requireInteger(caller, 'steps', steps, 0);
  requireInteger(caller, 'every', every, 1);
  requireInteger(caller, 'pairs', pairs, 1);
  requireInteger(caller, 'batchSize', batchSize, 1);
  requirePositive(caller, 'tol', tol);
  requireSeed(caller, seed);
  if (typeof learningRate === 'number') requirePositive(caller, 'learningRate', learningRate);
  if (resume !== undefined && resume.version !== 1)
    refuse(caller, `resume must be a checkpoint of version 1, got ${String(resume.version)}`);
  for (const [name, asked] of Object.entries({ batchSharpness, topShare, jacobian })) {
    if (asked === undefined) continue;
    requireInteger(caller, `${name}.every`, asked.every, 1);
    if (asked.every % every !== 0)
      refuse(caller, `${name}.every must be a multiple of every=${every}, got ${asked.every}`);
  }
}

/** The name of a loss of nn. @throws ArgumentError for another function */
function namedLoss(loss: Loss): LossData {
  const kinds = { 'softmax-cross-entropy': softmaxCrossEntropy, 'squared-error': squaredError } as const;
  if (loss === binaryCrossEntropy) return { kind: 'binary-cross-entropy' };
  for (const kind of ['softmax-cross-entropy', 'squared-error'] as const) if (kinds[kind] === loss) return { kind };
  return refuse(
    caller,
    'batchSharpness asks for a loss of nn that has a name: softmaxCrossEntropy, binaryCrossEntropy or squaredError',
  );
}
