import type { Dtype } from '@hyperribbon/kernels';
import { type Loss, softmaxCrossEntropy } from '@hyperribbon/nn';

export interface CurvatureOptions {
  /** loss of one example, default {@link softmaxCrossEntropy} */
  readonly loss?: Loss;
  /** over the examples, default 'mean' */
  readonly reduction?: 'mean' | 'sum';
  /** examples per chunk, default 1024; results depend on it only through rounding */
  readonly chunkSize?: number;
  /** of products, default float32; sums over chunks are float64 always */
  readonly dtype?: Dtype;
  /** true: the same bits in every runtime. Default false */
  readonly deterministic?: boolean;
  /**
   * bytes for everything: chunks that do not fit recompute their residuals in every product, and an operator that does not
   * fit with one chunk at a time is refused. Default 2 GiB
   */
  readonly memoryBudget?: number;
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

export interface ResolvedWorkers {
  readonly workers: number;
  readonly workerTimeout: number;
  readonly workerUrl: URL | undefined;
}

/** Of a call without workers. */
export interface NoWorkers {
  readonly workers?: undefined;
}

export type ResolvedOptions = Required<CurvatureOptions>;

/** Options with their defaults, checked. @throws RangeError, TypeError whose first word is `caller` */
export function resolveOptions(caller: string, options: CurvatureOptions): ResolvedOptions {
  const {
    loss = softmaxCrossEntropy,
    reduction = 'mean',
    chunkSize = 1024,
    dtype = 'float32',
    deterministic = false,
    memoryBudget = 2 ** 31,
  } = options;
  if (typeof loss !== 'function') throw new TypeError(`${caller}: loss must be a function, got ${typeof loss}`);
  if (reduction !== 'mean' && reduction !== 'sum') {
    throw new RangeError(`${caller}: reduction must be 'mean' or 'sum', got ${String(reduction)}`);
  }
  if (!Number.isInteger(chunkSize) || chunkSize < 1) {
    throw new RangeError(`${caller}: chunkSize must be an integer ≥ 1, got ${chunkSize}`);
  }
  if (dtype !== 'float32' && dtype !== 'float64') {
    throw new RangeError(`${caller}: dtype must be 'float32' or 'float64', got ${String(dtype)}`);
  }
  if (!(memoryBudget >= 0)) throw new RangeError(`${caller}: memoryBudget must be ≥ 0 bytes, got ${memoryBudget}`);
  return { loss, reduction, chunkSize, dtype, deterministic, memoryBudget };
}

/** @throws RangeError, TypeError whose first word is `caller` */
export function resolveWorkers(
  caller: string,
  { workers, workerTimeout = 60_000, workerUrl }: WorkerOptions,
): ResolvedWorkers {
  if (!Number.isInteger(workers) || workers < 1) {
    throw new RangeError(`${caller}: workers must be an integer ≥ 1, got ${workers}`);
  }
  // the largest delay of a timer
  if (!(workerTimeout > 0 && workerTimeout < 2 ** 31)) {
    throw new RangeError(`${caller}: workerTimeout must be in (0, 2³¹) milliseconds, got ${workerTimeout}`);
  }
  if (workerUrl !== undefined && typeof (workerUrl as { href?: unknown } | null)?.href !== 'string') {
    throw new TypeError(`${caller}: workerUrl must be a URL, got ${typeof workerUrl}`);
  }
  return { workers, workerTimeout, workerUrl };
}
