import type { AnyExamples, FloatArray, OnProgress } from '@hyperribbon/contract';
import { type Network, train, type TrainMoment, type TrainProgress } from '@hyperribbon/nn';
import type { EdgeMoment, EdgeRecord } from './descentTypes.js';
import { type EdgeMeter, edgeMeter } from './edgeMeter.js';
import { comparedCurvature, crossingOf, ruleName } from './edgeRecord.js';
import { stabilityThreshold } from './stabilityThreshold.js';
import {
  type EdgeCheckpoint,
  settleWatch,
  type WatchDescentOptions,
  type WatchDetail,
  type WatchSettings,
} from './watchOptions.js';

export interface WatchedDescent {
  readonly record: EdgeRecord;
  /** the weights at the end (size,) */
  readonly params: FloatArray;
  readonly steps: number;
  /** 'diverged': the record says in `ended` what was not finite */
  readonly reason: 'finished' | 'aborted' | 'diverged';
  readonly checkpoint: EdgeCheckpoint;
}

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
  const run = settleWatch(network, examples, options);
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
  }

  /** After all that watches: the signal is theirs too. */
  function stopAtEnd(at: TrainMoment): void {
    if (ended !== undefined || at.steps === steps) stop.abort();
  }

  try {
    const went = await train(network, examples, {
      ...run.training,
      epochs: run.epochs,
      ...(resume && { resume: resume.train }),
      hooks: [{ onStep }, ...(options.hooks ?? []), { onStep: stopAtEnd }],
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
  { rule, ascent, learningRate, batchSize, count }: WatchSettings,
  moments: readonly EdgeMoment[],
  ended: string | undefined,
): EdgeRecord {
  const rate = learningRate(0);
  const { gradientNorm, dualNorm } = moments[0] ?? {};
  const asked = {
    ...(ascent && { ascent }),
    ...(gradientNorm !== undefined && { gradientNorm }),
    ...(dualNorm !== undefined && { dualNorm }),
  };
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
  run: WatchSettings,
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
