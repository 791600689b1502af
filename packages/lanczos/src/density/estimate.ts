import { requireBetween, requireSeed, type WatchOptions } from '@hyperribbon/contract';
import type { KernelInfo, KernelOptions } from '@hyperribbon/kernels';
import { studentQuantile } from './studentT.js';

/** What every estimator takes. */
export interface EstimatorOptions extends WatchOptions, KernelOptions {
  /** names the random vectors; default 0 */
  readonly seed?: number;
  /** nominal coverage of intervals and bands, in (0, 1); default 0.95 */
  readonly level?: number;
}

/** @throws ArgumentError */
export function resolveEstimator(
  caller: string,
  { seed = 0, level = 0.95 }: EstimatorOptions,
): Required<Pick<EstimatorOptions, 'seed' | 'level'>> {
  requireBetween(caller, 'level', level, 0, 1);
  requireSeed(caller, seed);
  return { seed, level };
}

/** How an estimate was obtained: the same record in every estimator. */
export interface Evidence {
  /** nominal coverage of [low, high], in (0, 1) */
  readonly level: number;
  /** random vectors, or samples where they are not independent */
  readonly probes: number;
  readonly matvecs: number;
  readonly seed: number;
  readonly kernels: KernelInfo;
}

/** A random estimate with its evidence: statistical error and systematic error are kept apart. */
export interface Estimate extends Evidence {
  readonly value: number;
  /** of the mean over probes; 0 when nothing was random */
  readonly standardError: number;
  /** estimate of |error| that more probes would not remove: too few Lanczos steps */
  readonly truncationBias: number;
  /** value − (t · standardError + truncationBias), t of Student's distribution with probes − 1 degrees of freedom */
  readonly low: number;
  readonly high: number;
}

/** Estimates at many places, such as a curve or a diagonal: one entry each, the evidence in common. */
export interface EstimateCurve extends Evidence {
  readonly value: Float64Array;
  readonly standardError: Float64Array;
  readonly truncationBias: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** Mean of samples and its standard error, s/√N with N − 1 in s. */
export function meanAndError(samples: ArrayLike<number>): [number, number] {
  const count = samples.length;
  let mean = 0;
  for (let i = 0; i < count; i++) mean += samples[i] / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (samples[i] - mean) ** 2;
  return [mean, count > 1 ? Math.sqrt(squares / (count - 1) / count) : 0];
}

/** The estimate `exact + mean(samples)`. */
export function estimate(
  samples: ArrayLike<number>,
  exact: number,
  truncationBias: number,
  evidence: Omit<Evidence, 'probes'>,
): Estimate {
  const [mean, standardError] = meanAndError(samples);
  const half = standardError === 0 ? 0 : studentQuantile(evidence.level, samples.length - 1) * standardError;
  const value = exact + mean;
  return {
    value,
    standardError,
    truncationBias,
    low: value - half - truncationBias,
    high: value + half + truncationBias,
    ...evidence,
    probes: samples.length,
  };
}
