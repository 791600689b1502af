import { refuseType, requireInteger, requireNonNegative } from '@hyperribbon/contract';
import { cos } from '@hyperribbon/kernels';

/** A learning rate as a function of the step, in [0, steps). A plain object, so that it can be stored and sent. */
export type Schedule =
  | { readonly kind: 'constant'; readonly learningRate: number }
  /** half a cosine from `from` at step 0 to `to` at the last step */
  | { readonly kind: 'cosine'; readonly from: number; readonly to: number }
  /** learningRate × factor^⌊epoch / every⌋ */
  | { readonly kind: 'step'; readonly learningRate: number; readonly factor: number; readonly every: number };

/** The same learning rate at every step. */
export function constantSchedule(learningRate: number): Schedule {
  requireNonNegative('constantSchedule', 'learningRate', learningRate);
  return { kind: 'constant', learningRate };
}

/**
 * Half a cosine: to + (from − to)(1 + cos(π t / T))/2 at step t of T + 1, so the first step uses `from` and the last `to`.
 * Source: [loshchilov2017, eq. 5] without restarts, counted in steps.
 */
export function cosineSchedule(from: number, to: number): Schedule {
  requireNonNegative('cosineSchedule', 'from', from);
  requireNonNegative('cosineSchedule', 'to', to);
  return { kind: 'cosine', from, to };
}

/** `learningRate`, multiplied by `factor` after every `every` epochs. */
export function stepSchedule(
  learningRate: number,
  { factor, every }: { readonly factor: number; readonly every: number },
): Schedule {
  requireNonNegative('stepSchedule', 'learningRate', learningRate);
  requireNonNegative('stepSchedule', 'factor', factor);
  requireInteger('stepSchedule', 'every', every, 1);
  return { kind: 'step', learningRate, factor, every };
}

/** Where a run stands: step in [0, steps), epoch in [0, epochs). */
export interface SchedulePosition {
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
}

/** The learning rate of one step. */
export function learningRateAt(schedule: Schedule, { step, steps, epoch }: SchedulePosition): number {
  switch (schedule.kind) {
    case 'constant':
      return schedule.learningRate;
    case 'cosine': {
      const progress = steps > 1 ? step / (steps - 1) : 0;
      return schedule.to + (schedule.from - schedule.to) * 0.5 * (1 + cos(Math.PI * progress));
    }
    case 'step': {
      let { learningRate } = schedule;
      for (let i = Math.floor(epoch / schedule.every); i > 0; i--) learningRate *= schedule.factor;
      return learningRate;
    }
    default:
      return refuseType('learningRateAt', 'schedule', 'a constant, cosine or step schedule', schedule);
  }
}
