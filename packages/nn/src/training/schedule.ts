import { refuse, refuseType, requireInteger, requireNonNegative, requireWithin } from '@hyperribbon/contract';
import { cos } from '@hyperribbon/kernels';

/** A learning rate as a function of the step, in [0, steps). A plain object, so that it can be stored and sent. */
export type Schedule =
  | { readonly kind: 'constant'; readonly learningRate: number }
  /** half a cosine from `from` at step 0 to `to` at the last step */
  | { readonly kind: 'cosine'; readonly from: number; readonly to: number }
  /** a line from `from` at step 0 to `to` at the last step */
  | { readonly kind: 'linear'; readonly from: number; readonly to: number }
  /** learningRate × factor^⌊epoch / every⌋ */
  | { readonly kind: 'step'; readonly learningRate: number; readonly factor: number; readonly every: number }
  /** learningRate × factor^(milestones that are ≤ epoch) */
  | {
      readonly kind: 'multi-step';
      readonly learningRate: number;
      readonly factor: number;
      readonly milestones: readonly number[];
    }
  /** half a cosine up from most/divisor, then half a cosine down to most/(divisor × finalDivisor) */
  | {
      readonly kind: 'one-cycle';
      readonly most: number;
      readonly rise: number;
      readonly divisor: number;
      readonly finalDivisor: number;
    }
  /** a line up to the first learning rate of `schedule`, which has the steps after */
  | { readonly kind: 'warm-up'; readonly steps: number; readonly schedule: Schedule }
  /** one schedule after the other: each ends at its share of all steps */
  | { readonly kind: 'sequence'; readonly parts: readonly SchedulePart[] };

/** One of several schedules that follow each other. */
export interface SchedulePart {
  readonly schedule: Schedule;
  /** share of all steps that are done when it ends, in (0, 1]; the last one's is 1 */
  readonly until: number;
}

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

/** A line: the first step uses `from`, the last `to`. */
export function linearSchedule(from: number, to: number): Schedule {
  requireNonNegative('linearSchedule', 'from', from);
  requireNonNegative('linearSchedule', 'to', to);
  return { kind: 'linear', from, to };
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

/**
 * `learningRate`, multiplied by `factor` at the start of each of some epochs, counted from 0.
 * @example multiStepSchedule(0.1, { factor: 0.1, milestones: [100, 150] });
 */
export function multiStepSchedule(
  learningRate: number,
  { factor, milestones }: { readonly factor: number; readonly milestones: readonly number[] },
): Schedule {
  requireNonNegative('multiStepSchedule', 'learningRate', learningRate);
  requireNonNegative('multiStepSchedule', 'factor', factor);
  for (const milestone of milestones) requireInteger('multiStepSchedule', 'milestones', milestone, 0);
  return { kind: 'multi-step', learningRate, factor, milestones: [...milestones] };
}

/**
 * Up and down once [smith2019], as PyTorch's OneCycleLR with cosines and without its cycle of momentum: from most/divisor to `most` at step
 * rise × steps − 1, then to most/(divisor × finalDivisor) at the last.
 *
 * @param options.rise share of the steps that go up, in [0, 1]; default 0.3
 * @param options.divisor default 25
 * @param options.finalDivisor default 10,000
 */
export function oneCycleSchedule(
  most: number,
  {
    rise = 0.3,
    divisor = 25,
    finalDivisor = 1e4,
  }: { readonly rise?: number; readonly divisor?: number; readonly finalDivisor?: number } = {},
): Schedule {
  requireNonNegative('oneCycleSchedule', 'most', most);
  requireWithin('oneCycleSchedule', 'rise', rise, 0, 1);
  requireWithin('oneCycleSchedule', 'divisor', divisor, 1, Number.MAX_VALUE);
  requireWithin('oneCycleSchedule', 'finalDivisor', finalDivisor, 1, Number.MAX_VALUE);
  return { kind: 'one-cycle', most, rise, divisor, finalDivisor };
}

/**
 * A line up to a schedule: step t of the first `steps` uses (t + 1)/(steps + 1) of the first learning rate of `schedule`, which begins
 * after them and has the steps that are left. What it counts in epochs it counts from the start of the run.
 *
 * @example warmUp(cosineSchedule(1e-3, 0), { steps: 100 });
 */
export function warmUp(schedule: Schedule, { steps }: { readonly steps: number }): Schedule {
  requireInteger('warmUp', 'steps', steps, 0);
  return { kind: 'warm-up', steps, schedule };
}

/**
 * Schedules one after the other. A part begins where the one before ends, at round(until × steps), and counts its steps from there; what it
 * counts in epochs it counts from the start of the run.
 *
 * @param parts at least one; `until` rises and ends at 1
 * @example
 * sequenceSchedule([
 *   { schedule: constantSchedule(1e-3), until: 0.8 },
 *   { schedule: linearSchedule(1e-3, 0), until: 1 },
 * ]);
 */
export function sequenceSchedule(parts: readonly SchedulePart[]): Schedule {
  const ends = parts.map(({ until }) => until);
  if (ends.at(-1) !== 1 || ends.some((until, i) => !(until > (i === 0 ? 0 : ends[i - 1]))))
    refuse('sequenceSchedule', `until of the parts must rise from above 0 to 1, got ${ends.join(', ') || 'no parts'}`);
  return { kind: 'sequence', parts: parts.map(({ schedule, until }) => ({ schedule, until })) };
}

/** Where a run stands: step in [0, steps), epoch in [0, epochs). */
export interface SchedulePosition {
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
}

/** The learning rate of one step. */
export function learningRateAt(schedule: Schedule, position: SchedulePosition): number {
  const { step, steps, epoch } = position;
  const progress = steps > 1 ? step / (steps - 1) : 0;
  switch (schedule.kind) {
    case 'constant':
      return schedule.learningRate;
    case 'cosine':
      return halfCosine(schedule.from, schedule.to, progress);
    case 'linear':
      return schedule.from + (schedule.to - schedule.from) * progress;
    case 'step':
      return decayed(schedule.learningRate, schedule.factor, Math.floor(epoch / schedule.every));
    case 'multi-step': {
      const { learningRate, factor, milestones } = schedule;
      return decayed(learningRate, factor, milestones.filter((milestone) => milestone <= epoch).length);
    }
    case 'one-cycle':
      return oneCycle(schedule, position);
    case 'warm-up': {
      const { steps: up, schedule: after } = schedule;
      if (step >= up) return learningRateAt(after, { step: step - up, steps: steps - up, epoch });
      return ((step + 1) / (up + 1)) * learningRateAt(after, { step: 0, steps: Math.max(1, steps - up), epoch: 0 });
    }
    case 'sequence':
      return inSequence(schedule.parts, position);
    default:
      return refuseType('learningRateAt', 'schedule', 'made by one of the functions of schedules', schedule);
  }
}

/** @param progress in [0, 1] */
function halfCosine(from: number, to: number, progress: number): number {
  return to + (from - to) * 0.5 * (1 + cos(Math.PI * progress));
}

/** learningRate × factor^times, one factor after the other. */
function decayed(learningRate: number, factor: number, times: number): number {
  let rate = learningRate;
  for (let i = times; i > 0; i--) rate *= factor;
  return rate;
}

function oneCycle(
  { most, rise, divisor, finalDivisor }: Extract<Schedule, { kind: 'one-cycle' }>,
  { step, steps }: SchedulePosition,
): number {
  const start = most / divisor;
  const top = rise * steps - 1;
  if (step <= top) return halfCosine(start, most, top > 0 ? step / top : 1);
  const down = Math.max(0, steps - 1 - Math.max(0, top));
  return halfCosine(most, start / finalDivisor, down > 0 ? (step - Math.max(0, top)) / down : 0);
}

function inSequence(parts: readonly SchedulePart[], { step, steps, epoch }: SchedulePosition): number {
  let from = 0;
  for (const { schedule, until } of parts) {
    const to = Math.round(until * steps);
    if (step < to) return learningRateAt(schedule, { step: step - from, steps: to - from, epoch });
    from = to;
  }
  return learningRateAt(parts[parts.length - 1].schedule, { step, steps, epoch });
}
