import { AbortError, type OnProgress, pacer, secondsLeft } from '@hyperribbon/contract';

/** What can watch and end an estimator. */
export interface WatchOptions {
  /** ends the run between two products with an AbortError */
  readonly signal?: AbortSignal | undefined;
  /** hears of the products made, of all that there will be, at most every 40 ms */
  readonly onProgress?: OnProgress | undefined;
}

/**
 * A function to call between products: lets events in, tells progress, ends the run.
 *
 * @param of products in all; @param made products so far; @param partial what there is when the run is aborted
 */
export function watch<Partial = undefined>(
  caller: string,
  of: number,
  { signal, onProgress }: WatchOptions,
  made: () => number,
  partial?: () => Partial | undefined,
): () => Promise<void> {
  const pause = pacer();
  const since = { done: made(), at: performance.now() };
  return async () => {
    const seen = await pause();
    if (signal?.aborted === true) throw new AbortError(caller, signal, partial?.());
    if (!seen || onProgress === undefined) return;
    const done = made();
    onProgress({ done, of, secondsLeft: secondsLeft({ done, of }, since) });
  };
}
