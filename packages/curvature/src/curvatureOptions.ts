import {
  refuseType,
  requireBetween,
  requireInteger,
  requireNonNegative,
  requireOneOf,
  requireOnly,
} from '@hyperribbon/contract';
import type { Dtype } from '@hyperribbon/kernels';
import { type Loss, type ParameterFilter, softmaxCrossEntropy } from '@hyperribbon/nn';

/** examples per chunk where nothing is asked for and memory allows it */
export const usualChunkSize = 1024;

export interface CurvatureOptions {
  /** loss of one example, default {@link softmaxCrossEntropy} */
  readonly loss?: Loss;
  /** over the examples, default 'mean' */
  readonly reduction?: 'mean' | 'sum';
  /**
   * examples per chunk, default 1024, or fewer where such a chunk would not fit memoryLimit; results depend on it only through rounding
   */
  readonly chunkSize?: number;
  /** of products, default float32; sums over chunks are float64 always */
  readonly dtype?: Dtype;
  /** true: the same bits in every runtime. Default false */
  readonly deterministic?: boolean;
  /**
   * bytes for everything: chunks that do not fit recompute their residuals in every product, and an operator that does not
   * fit with one chunk at a time is refused. Default 2 GiB
   */
  readonly memoryLimit?: number;
  /**
   * the parameters that count, by a pattern, their names or a function of names: the operator is the block of theirs, a vector holds them alone, and the
   * others are constants. Default all
   */
  readonly parameters?: ParameterFilter;
}

/** Shares an operator among threads, by data. */
export interface WorkerOptions {
  /**
   * threads that compute, this one included: 2 starts one worker; never more than there are chunks. Any number gives the
   * same bits
   */
  readonly workers: number;
  /** milliseconds without a sign of progress after which a worker counts as hung, default 60,000 */
  readonly workerTimeout?: number;
  /**
   * where a bundle of `@hyperribbon/curvature/worker` lies, for bundlers that do not follow `new Worker(new URL(…))`; of the
   * page's origin. Default: the script that comes with this package
   */
  readonly workerUrl?: URL;
}

export interface ResolvedWorkers extends Required<Omit<WorkerOptions, 'workerUrl'>> {
  readonly workerUrl: URL | undefined;
}

/** Of a call without workers. */
export interface NoWorkers {
  readonly workers?: undefined;
}

export type ResolvedOptions = Required<Omit<CurvatureOptions, 'parameters'>> &
  Pick<CurvatureOptions, 'parameters'> & {
    /** nobody asked for this chunkSize */
    readonly anyChunkSize: boolean;
  };

/**
 * Options with their defaults, checked.
 *
 * @param own names of options that the caller has beside these
 * @throws ArgumentError, ArgumentTypeError
 */
export function resolveOptions(
  caller: string,
  options: CurvatureOptions,
  own: readonly string[] = [],
): ResolvedOptions {
  const {
    loss = softmaxCrossEntropy,
    reduction = 'mean',
    chunkSize = usualChunkSize,
    dtype = 'float32',
    deterministic = false,
    memoryLimit = 2 ** 31,
    parameters,
  } = options;
  const names = ['loss', 'reduction', 'chunkSize', 'dtype', 'deterministic', 'memoryLimit', 'parameters'];
  requireOnly(caller, options, [...names, 'workers', 'workerTimeout', 'workerUrl', ...own]);
  if (typeof loss !== 'function') refuseType(caller, 'loss', 'a function', loss);
  requireOneOf(caller, 'reduction', reduction, ['mean', 'sum']);
  requireInteger(caller, 'chunkSize', chunkSize, 1);
  requireOneOf(caller, 'dtype', dtype, ['float32', 'float64']);
  if (memoryLimit !== Infinity) requireNonNegative(caller, 'memoryLimit', memoryLimit);
  return {
    loss,
    reduction,
    chunkSize,
    dtype,
    deterministic,
    memoryLimit,
    anyChunkSize: options.chunkSize === undefined,
    ...(parameters === undefined ? {} : { parameters }),
  };
}

/** @throws ArgumentError, ArgumentTypeError */
export function resolveWorkers(
  caller: string,
  { workers, workerTimeout = 60_000, workerUrl }: WorkerOptions,
): ResolvedWorkers {
  requireInteger(caller, 'workers', workers, 1);
  // the largest delay of a timer
  requireBetween(caller, 'workerTimeout', workerTimeout, 0, 2 ** 31);
  if (workerUrl !== undefined && typeof (workerUrl as { href?: unknown } | null)?.href !== 'string')
    refuseType(caller, 'workerUrl', 'a URL', workerUrl);
  return { workers, workerTimeout, workerUrl };
}
