import { cos } from '@hyperribbon/kernels';

/** A learning rate as a function of the step, in [0, steps). A plain object, so that it can be stored and sent. */
export type Schedule =
  | { readonly kind: 'constant'; readonly rate: number }
  /** half a cosine from `from` at step 0 to `to` at the last step */
  | { readonly kind: 'cosine'; readonly from: number; readonly to: number }
  /** rate × factor^⌊epoch / every⌋ */
  | { readonly kind: 'step'; readonly rate: number; readonly factor: number; readonly every: number };

/** The same rate at every step. */
export function constant(rate: number): Schedule {
  assertRate('constant', 'rate', rate);
  return { kind: 'constant', rate };
}

/**
 * Half a cosine: to + (from − to)(1 + cos(π t / T))/2 at step t of T + 1, so the first step uses `from` and the last `to`.
 * Source: [loshchilov2017, eq. 5] without restarts, counted in steps.
 */
export function cosine(from: number, to: number): Schedule {
  assertRate('cosine', 'from', from);
  assertRate('cosine', 'to', to);
  return { kind: 'cosine', from, to };
}

/** `rate`, multiplied by `factor` after every `every` epochs. */
export function step(rate: number, { factor, every }: { readonly factor: number; readonly every: number }): Schedule {
  assertRate('step', 'rate', rate);
  assertRate('step', 'factor', factor);
  if (!Number.isInteger(every) || every < 1) throw new RangeError(`step: every must be an integer ≥ 1, got ${every}`);
  return { kind: 'step', rate, factor, every };
}

/** Where a run stands: step in [0, steps), epoch in [0, epochs). */
export interface SchedulePosition {
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
}

/** The rate of one step. */
export function learningRateAt(schedule: Schedule, { step, steps, epoch }: SchedulePosition): number {
  switch (schedule.kind) {
    case 'constant':
      return schedule.rate;
    case 'cosine': {
      const progress = steps > 1 ? step / (steps - 1) : 0;
      return schedule.to + (schedule.from - schedule.to) * 0.5 * (1 + cos(Math.PI * progress));
    }
    case 'step': {
      let rate = schedule.rate;
      for (let i = Math.floor(epoch / schedule.every); i > 0; i--) rate *= schedule.factor;
      return rate;
    }
    default:
      throw new TypeError(`learningRateAt: unknown schedule ${JSON.stringify(schedule)}`);
  }
}

function assertRate(caller: string, name: string, value: number): void {
  if (!(value >= 0) || !Number.isFinite(value)) {
    throw new RangeError(`${caller}: ${name} must be a finite number ≥ 0, got ${value}`);
  }
}
