import { type OnProgress, requireCounts, requireEach, requirePositive } from '@hyperribbon/contract';
import { finiteTimesOf } from '../../vectors.js';

/** What an integration tells beside the time that it has reached. */
export interface FlowDetail {
  readonly steps: number;
}

/** What every integration of a flow is told. */
export interface FlowOptions {
  /** ascending, >= 0, finite; time 0 is the start */
  readonly times: ArrayLike<number>;
  /** τ > 0 in τ dW/dt = −dL/dW (default 1): 1/learning rate per step */
  readonly learningTime?: number;
  /** local error per step relative to the largest number integrated, > 0 (default 1e-12) */
  readonly tol?: number;
  /** default 100,000 */
  readonly maxSteps?: number;
  /** checked before every step; the call is synchronous, so raise it from onProgress. What was reached is returned with reason 'aborted' */
  readonly signal?: AbortSignal;
  /** units: time */
  readonly onProgress?: OnProgress<FlowDetail>;
}

export interface ResolvedFlow extends FlowOptions {
  readonly times: Float64Array;
  readonly learningTime: number;
  readonly tol: number;
  readonly maxSteps: number;
}

/** Checked options with their defaults; `limit` names what gives the state at Infinity. @throws ArgumentError */
export function resolveFlow(caller: string, options: FlowOptions, limit: string): ResolvedFlow {
  const { times, learningTime = 1, tol = 1e-12, maxSteps = 100_000 } = options;
  requireEach(requirePositive, caller, { learningTime, tol });
  requireCounts(caller, { maxSteps });
  return { ...options, times: finiteTimesOf(caller, times, limit), learningTime, tol, maxSteps };
}
