import { interval, type OnProgress, pacer, secondsLeft } from '@hyperribbon/contract';
import type { TrainingReason } from '@hyperribbon/contract/reasons';
import type { KernelInfo } from '@hyperribbon/kernels';
import { learningRateAt, type Schedule } from './schedule.js';

/** What the steps of an epoch add up to: the loss in the caller's unit (a batch's sum or mean), and the mistakes. */
export interface DescentSums {
  readonly loss: number;
  readonly mistakes: number;
}

/** Where a descent stands. Together with the weights and the optimiser's state it is enough to go on with the same bits. */
export interface DescentPosition<Epoch> {
  /** steps done, so also the step to take next, of epochs × batches */
  readonly step: number;
  /** over the part of the current epoch that is done */
  readonly sums: DescentSums;
  /** one record per finished epoch */
  readonly history: readonly Epoch[];
}

/** The part of an epoch that is done. */
export interface EpochSoFar {
  readonly epoch: number;
  /** of this epoch, at least 1 */
  readonly steps: number;
  readonly sums: DescentSums;
  /** of the last step */
  readonly learningRate: number;
}

/** At once, or later: what is at once costs no turn of the event loop. */
export type MaybeAsync<T> = T | Promise<T>;

/** What {@link descend} asks of its caller, in the order in which it calls. */
export interface Descent<Epoch, Detail> {
  /** integer ≥ 0 */
  readonly epochs: number;
  /** steps per epoch, integer ≥ 1 */
  readonly batches: number;
  readonly schedule: Schedule;
  /** where an earlier descent stopped; the caller has put its weights back */
  readonly resume?: DescentPosition<Epoch> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** called about ten times a second and at the end of every epoch; a unit is a step */
  readonly onProgress?: OnProgress<Detail> | undefined;
  /** Before the first step of an epoch, or of the rest of it where a resumed descent enters it at batch `from` > 0. */
  enterEpoch?(epoch: number, from: number): void | Promise<void>;
  /** Loss, mistakes and gradient of one batch; undefined if any of it is not finite, then the weights stay as they are. */
  measure(at: {
    readonly step: number;
    readonly epoch: number;
    readonly batch: number;
  }): MaybeAsync<DescentSums | undefined>;
  /** Moves the weights along the gradient just measured. */
  move(learningRate: number): void;
  /** After a step, with the number of steps done; false says that the weights have become useless, and ends the descent. */
  afterStep?(
    steps: number,
    at: { readonly learningRate: number; readonly epoch: number },
  ): MaybeAsync<boolean | undefined>;
  /** What progress tells beside the steps. */
  detail(soFar: EpochSoFar): Detail;
  /** The record of an epoch whose steps are done. */
  endEpoch(whole: EpochSoFar): Epoch | Promise<Epoch>;
  /** After the record was taken: what a checkpoint holds now. What it returns is awaited. */
  afterEpoch?(position: DescentPosition<Epoch>): unknown;
}

/** Where a descent ended, and why. */
export interface Descended<Epoch> extends DescentPosition<Epoch> {
  /** `trainingReasons` of contract says what to do about it */
  readonly reason: TrainingReason;
  /** true if all epochs ran */
  readonly finished: boolean;
  /** of this call, without the steps that it resumed from */
  readonly seconds: number;
}

/** What a report tells of a descent, whatever it was that descended. */
export interface DescentReport<Epoch, Checkpoint>
  extends Pick<Descended<Epoch>, 'history' | 'reason' | 'finished' | 'seconds'> {
  /** where it stopped; hand it to `resume` to go on */
  readonly checkpoint: Checkpoint;
  /** floating-point operations of the gradients, per second of the whole run */
  readonly flopsPerSecond: number;
  readonly kernels: KernelInfo;
  readonly seed: number;
}

/**
 * Steps over batches, epoch after epoch: the one loop of all that is trained or optimised here.
 *
 * It keeps the count of steps, the learning rate, sums, records, progress and pacing; batches, gradients and weights are the caller's.
 * The signal is asked once before every step. An aborted descent returns where it stands; resumed from there it takes the steps that
 * were left, in the same order.
 *
 * @returns never rejects for `signal`: the reason is then 'aborted'
 * @throws what the caller's functions and `onProgress` throw
 * Cost: some 100 ns a step beside the caller's
 * @example
 * let x = 4;
 * const { reason, history } = await descend({
 *   epochs: 3,
 *   batches: 10,
 *   schedule: constantSchedule(0.1),
 *   measure: () => ({ loss: x * x, mistakes: 0 }),
 *   move: (learningRate) => void (x -= learningRate * 2 * x),
 *   detail: () => undefined,
 *   endEpoch: ({ sums, steps }) => sums.loss / steps,
 * });
 * // reason 'finished', history: three means of x², falling
 */
export async function descend<Epoch, Detail>(descent: Descent<Epoch, Detail>): Promise<Descended<Epoch>> {
  const { epochs, batches, schedule, resume, signal, onProgress } = descent;
  const steps = epochs * batches;
  const began = { done: resume?.step ?? 0, at: performance.now() };
  const history = [...(resume?.history ?? [])];
  const [pause, due] = [pacer(), interval()];
  let step = began.done;
  let { loss, mistakes } = resume?.sums ?? { loss: 0, mistakes: 0 };
  let learningRate = 0;

  const position = (): DescentPosition<Epoch> => ({ step, sums: { loss, mistakes }, history });
  const soFar = (epoch: number): EpochSoFar => ({
    epoch,
    steps: step - epoch * batches,
    sums: { loss, mistakes },
    learningRate,
  });
  const report = (epoch: number): void => {
    if (onProgress === undefined) return;
    const left = secondsLeft({ done: step, of: steps }, began);
    const detail = descent.detail(soFar(epoch));
    onProgress({ done: step, of: steps, detail, ...(left === undefined ? {} : { secondsLeft: left }) });
  };
  /** Takes what is left of an epoch; 'finished' if all of it was. */
  const finishEpoch = async (epoch: number): Promise<TrainingReason> => {
    const from = step - epoch * batches;
    await descent.enterEpoch?.(epoch, from);
    for (let batch = from; batch < batches; batch++) {
      if (signal?.aborted === true) return 'aborted';
      const measured = descent.measure({ step, epoch, batch });
      const found = isPromise(measured) ? await measured : measured;
      if (found === undefined) return 'non-finite-loss';
      learningRate = learningRateAt(schedule, { step, steps, epoch });
      descent.move(learningRate);
      loss += found.loss;
      mistakes += found.mistakes;
      step++;
      const after = descent.afterStep?.(step, { learningRate, epoch });
      if ((isPromise(after) ? await after : after) === false) return 'non-finite-loss';
      if (due()) report(epoch);
      const paused = pause();
      if (paused !== false) await paused;
    }
    report(epoch);
    history.push(await descent.endEpoch(soFar(epoch)));
    loss = mistakes = 0;
    await descent.afterEpoch?.(position());
    return 'finished';
  };

  let reason: TrainingReason = 'finished';
  for (let epoch = Math.floor(step / batches); epoch < epochs && reason === 'finished'; epoch++) {
    reason = await finishEpoch(epoch);
  }
  const seconds = (performance.now() - began.at) / 1000;
  return { ...position(), reason, finished: reason === 'finished', seconds };
}

function isPromise<T>(value: MaybeAsync<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value;
}
