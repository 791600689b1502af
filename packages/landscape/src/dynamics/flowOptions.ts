import {
  type OnProgress,
  refuse,
  requireFinite,
  requireFiniteEntries,
  requireInteger,
  requireNonNegative,
  requireOneOf,
  requirePositive,
} from '@hyperribbon/contract';
import type { Dtype } from '@hyperribbon/kernels';
import type { LossData } from '@hyperribbon/nn';

/** What every flow takes beside its time. */
export interface FlowOptions {
  /** asked times, ascending and ≥ 0, or how many evenly spaced ones with 0 and the last among them; default 51 */
  readonly times?: readonly number[] | number;
  /** whether the weights at asked times are kept; default false */
  readonly keepWeights?: boolean;
  /** of one example, default softmax cross-entropy */
  readonly loss?: LossData;
  /** of gradients and products, default float32; weights are float64 always */
  readonly dtype?: Dtype;
  readonly deterministic?: boolean;
  /** of the directions in which new eigenvectors are looked for, default 0 */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** hears times that are reached, of the last one */
  readonly onProgress?: OnProgress<string>;
}

/** Why a flow ended. */
export type FlowEnd = 'reached-end' | 'aborted' | 'not-finite' | 'max-steps';

/** What each reason means and what to do about it. */
export const flowEnds: Readonly<Record<FlowEnd, string>> = {
  'reached-end': 'The flow came to the last time asked for.',
  aborted:
    'The signal was aborted. What is returned belongs to the times that were reached before; resume goes on from there.',
  'not-finite':
    'The loss or its gradient is no longer finite. Check that the loss is bounded below; lower safety or mostStep, or take dtype float64 where numbers leave the range of float32.',
  'max-steps': 'The flow used up maxSteps. Raise maxSteps and resume, or ask for an earlier last time.',
};

/** @returns the asked times, ascending, the last of them `time` */
export function askedTimes(caller: string, time: number, times: FlowOptions['times'] = 51): readonly number[] {
  requirePositive(caller, 'time', time);
  if (typeof times === 'number') {
    requireInteger(caller, 'times', times, 2);
    return Array.from({ length: times }, (_, i) => (i === times - 1 ? time : (time * i) / (times - 1)));
  }
  times.forEach((asked, i) => {
    requireFinite(caller, `times[${i}]`, asked);
    requireNonNegative(caller, `times[${i}]`, asked);
    if (i > 0 && asked <= times[i - 1])
      refuse(caller, `times must ascend, got ${times[i - 1]} before ${asked}: sort them and drop repeated ones`);
  });
  if (times.length === 0 || times[times.length - 1] > time)
    refuse(
      caller,
      `times must lie in [0, time = ${time}], got ${times.length === 0 ? 'none' : times[times.length - 1]}`,
    );
  return times;
}

/** @returns the asked steps, ascending, the last of them at most `steps` */
export function askedSteps(caller: string, steps: number, at: readonly number[] | number = 51): readonly number[] {
  if (typeof at === 'number') {
    requireInteger(caller, 'at', at, 2);
    const even = Array.from({ length: at }, (_, i) => Math.round((steps * i) / (at - 1)));
    return [...new Set(even)];
  }
  at.forEach((step, i) => {
    requireInteger(caller, `at[${i}]`, step, 0, steps);
    if (i > 0 && step <= at[i - 1])
      refuse(caller, `at must ascend, got ${at[i - 1]} before ${step}: sort them and drop repeated ones`);
  });
  if (at.length === 0) refuse(caller, `at must name steps in [0, steps = ${steps}], got none`);
  return at;
}

export function requireDtype(caller: string, dtype: Dtype): void {
  requireOneOf(caller, 'dtype', dtype, ['float32', 'float64']);
}

/** @throws ArgumentError for a state that belongs to another flow, or that is later than what is asked for */
export function requireSameSettings(
  caller: string,
  size: number,
  time: number,
  resume: { readonly time: number; readonly weights: Float64Array; readonly settings: string },
  settings: string,
): void {
  if (resume.settings !== settings)
    refuse(caller, `resume must come from a flow of the same settings, got ${resume.settings} for ${settings}`);
  requireFiniteEntries(caller, 'resume.weights', resume.weights, size);
  if (!(resume.time <= time)) refuse(caller, `time must be at least that of resume, got ${time} < ${resume.time}`);
}
