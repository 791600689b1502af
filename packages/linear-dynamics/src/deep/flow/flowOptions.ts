import { type OnProgress, requireInteger, requirePositive } from '@hyperribbon/contract';
import { timesOf } from '../../vectors.js';
import type { FlowDetail, IntegrationOptions } from './integrateGauss.js';

/** What every integration of a flow is told. */
export interface FlowOptions {
  /** ascending, >= 0; time 0 is the start */
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

/** Checked options with their defaults. @throws ArgumentError */
export function resolveFlow(
  caller: string,
  { times, learningTime = 1, tol = 1e-12, maxSteps = 100_000, signal, onProgress }: FlowOptions,
): {
  readonly times: Float64Array;
  readonly learningTime: number;
  readonly integration: IntegrationOptions;
} {
  requirePositive(caller, 'learningTime', learningTime);
  requirePositive(caller, 'tol', tol);
  requireInteger(caller, 'maxSteps', maxSteps, 1);
  return { times: timesOf(caller, times), learningTime, integration: { tol, maxSteps, signal, onProgress } };
}
