import { AbortError } from '../eigsh/abortError.js';
import { pacer } from '../eigsh/pacer.js';
import type { DensityReport } from './spectralDensity.js';

/** How far an estimator is. */
export interface EstimatorProgress {
  readonly matvecs: number;
  /** products in all */
  readonly total: number;
  readonly elapsedMs: number;
  /** milliseconds left if products go on taking as long as they did; null before the first */
  readonly msLeft: number | null;
}

/** What can watch and end an estimator. */
export interface WatchOptions {
  /** ends the run between two products with an {@link AbortError} */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: EstimatorProgress) => void;
}

/**
 * A function to call between products: lets events in, tells progress, ends the run.
 *
 * @param made products so far; @param partial what there is when the run is aborted
 */
export function watch(
  caller: string,
  total: number,
  { signal, onProgress }: WatchOptions,
  made: () => number,
  partial: () => DensityReport | null = () => null,
): () => Promise<void> {
  const pause = pacer();
  const start = performance.now();
  return async () => {
    const seen = await pause();
    if (signal?.aborted === true) throw new AbortError(caller, signal.reason, null, partial());
    if (!seen || onProgress === undefined) return;
    const [matvecs, elapsedMs] = [made(), performance.now() - start];
    onProgress({ matvecs, total, elapsedMs, msLeft: matvecs === 0 ? null : ((total - matvecs) * elapsedMs) / matvecs });
  };
}
