import {
  type AnyExamples,
  floatArray,
  type FloatArray,
  refuse,
  requireInteger,
  requireOnly,
  requirePositive,
  requireSeed,
} from '@hyperribbon/contract';
import type { OnProgress } from '@hyperribbon/contract';
import type { Dtype } from '@hyperribbon/kernels';
import {
  type Checkpoint,
  constantSchedule,
  learningRateAt,
  type Loss,
  type Network,
  type Optimizer,
  type Schedule,
  type SharpnessAware,
  softmaxCrossEntropy,
  sgd,
  train,
  type TrainMoment,
  type TrainProgress,
} from '@hyperribbon/nn';
import type { EdgeMoment, EdgeRecord } from './descentTypes.js';
import { type EdgeMeter, edgeMeter, type MeterState } from './edgeMeter.js';
import { comparedCurvature, crossingOf, ruleName } from './edgeRecord.js';
import { stabilityThreshold } from './stabilityThreshold.js';

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
  /** the `checkpoint` of an earlier call with the same arguments: goes on where it stopped, with the same bits */
  readonly resume?: EdgeCheckpoint;
}

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

/** Where a watched run stands, as plain data: structuredClone and message passing take it as it is. */
export interface EdgeCheckpoint {
  readonly version: 1;
  readonly train: Checkpoint;
  readonly moments: readonly EdgeMoment[];
  readonly meter: MeterState;
}

export interface WatchedDescent {
  readonly record: EdgeRecord;
  /** the weights at the end (size,) */
  readonly params: FloatArray;
  readonly steps: number;
  /** 'diverged': the record says in `ended` what was not finite */
  readonly reason: 'finished' | 'aborted' | 'diverged';
  readonly checkpoint: EdgeCheckpoint;
}

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
    'loss',
  ] as const),
  ...(['seed', 'initial', 'dtype', 'deterministic', 'signal', 'onProgress', 'resume'] as const),
] satisfies readonly (keyof WatchDescentOptions)[];

/**
 * Descends a network's loss and watches the curvature on the way: sharpness against the threshold of the rule, the edge of stability.
 *
 * It is `train` of nn with a hook: full batches by default, any rule, any loss. Every `every` steps loss, gradient and the top eigenvalues of the Hessian
 * are measured over the examples, those of P⁻¹H beside them where the rule divides by a P, warm-started from the last ones ({@link trackPairs}). A network with
 * a training mode is measured in evaluation mode, with the statistics of the moment: its Hessian is then that of a loss near the one it descends.
 *
 * A run whose loss, weights or curvature are not finite ends early; the record says why, and holds what came before. One that starts above its
 * threshold is no failure: the first steps throw the weights to where it is less sharp.
 *
 * @returns the record for reports, the last weights, and a checkpoint
 * @throws ArgumentError, ArgumentTypeError for what does not fit; never for `signal`
 * Cost: the steps, and at each measurement a gradient and some 10 + 2·pairs products of about 1.3 gradients each (for P⁻¹H the same again)
 * @example
 * const { record } = await watchDescent(net, digits.train, { learningRate: 0.05, steps: 100, every: 10 });
 * record.moments.map(({ hessian }) => hessian.values[0]); // eleven sharpnesses
 * record.threshold; // { value: 40, formula: '2/η', … }
 * Source: [cohen2021], whose protocol it follows.
 */
export async function watchDescent(
  network: Network,
  examples: AnyExamples,
  options: WatchDescentOptions,
): Promise<WatchedDescent> {
  const run = settle(network, examples, options);
  const { steps, every, resume } = run;
  const meter = edgeMeter(run, resume?.meter);
  const moments: EdgeMoment[] = [...(resume?.moments ?? [])];
  const stop = new AbortController();
  const abort = (): void => stop.abort(options.signal?.reason);
  options.signal?.addEventListener('abort', abort);
  if (options.signal?.aborted === true) abort();
  let ended: string | undefined;
  const live = liveLine(run, moments, options.onProgress);

  async function onStep(at: TrainMoment): Promise<void> {
    const due = at.steps % every === 0 || at.steps === steps;
    if (due && at.steps > (moments.at(-1)?.step ?? -1)) {
      const found = await momentOf(meter, at);
      if ('moment' in found) moments.push(found.moment);
      ended = found.ended ?? ended;
      live.measured(at.steps);
    }
    if (ended !== undefined || at.steps === steps) stop.abort();
  }

  try {
    const went = await train(network, examples, {
      ...run.training,
      epochs: run.epochs,
      ...(resume && { resume: resume.train }),
      hooks: [{ onStep }],
      signal: stop.signal,
      onProgress: live.trained,
    });
    if (went.reason === 'non-finite-loss') ended ??= `the loss or its gradient was not finite at step ${went.steps}`;
    const record = recordOf(run, moments, ended);
    const whole = went.steps === steps && moments.at(-1)?.step === steps;
    return {
      record,
      params: went.params,
      steps: went.steps,
      reason: ended !== undefined ? 'diverged' : whole ? 'finished' : 'aborted',
      checkpoint: { version: 1, train: went.checkpoint, moments, meter: meter.state },
    };
  } finally {
    options.signal?.removeEventListener('abort', abort);
  }
}

/** A run with its defaults, checked. */
type Settled = ReturnType<typeof settle>;

function settle(network: Network, examples: AnyExamples, options: WatchDescentOptions) {
  const caller = 'watchDescent';
  requireOnly(caller, options, names);
  const { optimizer = sgd(), ascent, steps, every = 50, pairs = 1, tol = 1e-2, loss = softmaxCrossEntropy } = options;
  const { learningRate: rate, seed = 0, dtype = 'float32', deterministic = false, initial, resume } = options;
  const batchSize = Math.min(options.batchSize ?? examples.count, examples.count);
  requireInteger(caller, 'steps', steps, 0);
  requireInteger(caller, 'every', every, 1);
  requireInteger(caller, 'pairs', pairs, 1);
  requireInteger(caller, 'batchSize', batchSize, 1);
  requirePositive(caller, 'tol', tol);
  requireSeed(caller, seed);
  if (typeof rate === 'number') requirePositive(caller, 'learningRate', rate);
  if (resume !== undefined && resume.version !== 1)
    refuse(caller, `resume must be a checkpoint of version 1, got ${String(resume.version)}`);
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
    pairs,
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

/** One measurement, or why there is none. */
async function momentOf(
  meter: EdgeMeter,
  at: TrainMoment,
): Promise<{ readonly moment: EdgeMoment; readonly ended?: string } | { readonly ended: string }> {
  if (!at.weights.every((w: number) => Number.isFinite(w)))
    return { ended: `weights were not finite after step ${at.steps}` };
  const moment = await meter.measure(at);
  const { loss, hessian } = moment;
  if (!Number.isFinite(loss)) return { ended: `the loss was ${loss} after step ${at.steps}` };
  if (!hessian.values.every(Number.isFinite))
    return { ended: `products with the Hessian were not finite after step ${at.steps}, loss ${loss}` };
  return { moment };
}

function recordOf(
  { rule, ascent, learningRate, batchSize, count }: Settled,
  moments: readonly EdgeMoment[],
  ended: string | undefined,
): EdgeRecord {
  const rate = learningRate(0);
  const gradientNorm = moments[0]?.gradientNorm;
  const asked = { ...(ascent && { ascent }), ...(gradientNorm !== undefined && { gradientNorm }) };
  const threshold =
    rate > 0 ? stabilityThreshold(rule, rate, asked) : { why: 'the learning rate of the first step is 0' };
  const crossing = crossingOf({ threshold, moments });
  return {
    rule: ruleName(rule, ascent),
    learningRate: rate,
    batchSize,
    examples: count,
    threshold,
    moments: [...moments],
    ...(crossing !== undefined && { crossing }),
    ...(ended !== undefined && { ended }),
  };
}

/** What progress tells: the steps of `train` with the numbers of the last measurement. */
function liveLine(
  run: Settled,
  moments: readonly EdgeMoment[],
  onProgress: OnProgress<WatchDetail> | undefined,
): { readonly trained: (progress: TrainProgress) => void; readonly measured: (step: number) => void } {
  let loss = NaN;
  const tell = (done: number, secondsLeft?: number): void => {
    const last = moments.at(-1);
    const { threshold } = recordOf(run, moments, undefined);
    const compared = last && comparedCurvature(threshold, last);
    const bound = last?.threshold ?? ('value' in threshold ? threshold.value : undefined);
    onProgress?.({
      done,
      of: run.steps,
      detail: {
        step: done,
        loss,
        sharpness: last?.hessian.values[0] ?? NaN,
        ...(compared !== undefined && { compared }),
        ...(bound !== undefined && { threshold: bound }),
      },
      ...(secondsLeft !== undefined && { secondsLeft }),
    });
  };
  return {
    trained(progress) {
      loss = progress.detail?.loss ?? loss;
      if (progress.done <= run.steps) tell(progress.done, progress.secondsLeft);
    },
    measured(step) {
      loss = moments.at(-1)?.loss ?? loss;
      tell(step);
    },
  };
}
