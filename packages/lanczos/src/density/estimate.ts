import { requireBetween, requireSeed, type WatchOptions } from '@hyperribbon/contract';
import type { KernelInfo, KernelOptions } from '@hyperribbon/kernels';
import { exponentOf, maxAbs, timesPower } from '../dense/powerOfTwo.js';
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
  /** of the mean over probes, never below what so few of them may hide ({@link doubt}); 0 when nothing was random */
  readonly standardError: number;
  /** estimate of |error| that more probes would not remove: too few Lanczos steps, and rounding of eigenvalues */
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

/** Mean of samples and its standard error, s/√N with N − 1 in s; without over- or underflow. */
export function meanAndError(samples: ArrayLike<number>): [number, number] {
  const count = samples.length;
  if (count === 0) return [0, 0];
  const e = exponentOf(maxAbs(samples));
  const scaled = Float64Array.from(samples, (x) => timesPower(x, -e));
  let mean = 0;
  for (let i = 0; i < count; i++) mean += scaled[i] / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (scaled[i] - mean) ** 2;
  const error = count > 1 ? Math.sqrt(squares / (count - 1) / count) : 0;
  return [timesPower(mean, e), timesPower(error, e)];
}

/**
 * Share of the largest variance there can be that a spread over N samples is not trusted to be below.
 *
 * Random signs hide a coupling when all N see it with the same one, with probability 2^(1 − N): the spread is then too small, or zero, and says nothing. Up to
 * five samples that is more than an interval of 95 % may miss; from 15 on it is chance enough.
 */
export function doubt(count: number): number {
  return count < 15 ? Math.min(1, 2 ** (5 - count)) : 0;
}

/**
 * Whether products with all columns of A take the place of as many random ones: always where they only sketch a range, which they then span; else where there
 * are too few of them to judge their own spread by.
 */
export function isWhole(random: boolean, samples: number, n: number): boolean {
  return samples >= n && (!random || doubt(samples) > 0);
}

/**
 * Standard error of the mean of `count` samples that is reported: never below what their number may hide.
 * @param deviation largest there can be @param share of its square that is a lower bound
 */
export function trustedError(
  standardError: number,
  deviation: number,
  count: number,
  share: number = doubt(count),
): number {
  return Math.max(standardError, deviation * Math.sqrt(share / count));
}

/**
 * The estimate `exact + mean(samples)`.
 * @param deviation the largest standard deviation that a sample can have, as estimated from the products; 0 where there is no such estimate
 * @param share of its square that the variance is taken for at least: 1 where it is not the largest, but the variance itself
 */
export function estimate(
  samples: ArrayLike<number>,
  exact: number,
  truncationBias: number,
  evidence: Omit<Evidence, 'probes'> & Partial<Evidence>,
  deviation = 0,
  share: number = doubt(samples.length),
): Estimate {
  const [mean, spread] = meanAndError(samples);
  const count = samples.length;
  const standardError = count === 0 ? 0 : trustedError(spread, deviation, count, share);
  const half = standardError === 0 ? 0 : studentQuantile(evidence.level, Math.max(1, count - 1)) * standardError;
  const value = exact + mean;
  return {
    value,
    standardError,
    truncationBias,
    low: value - half - truncationBias,
    high: value + half + truncationBias,
    probes: count,
    ...evidence,
  };
}
