import { AbortError } from './abortError.js';
import { pacer } from './pacer.js';
import { type OnProgress, secondsLeft } from './progress.js';

/** What can watch and end a long call. */
export interface WatchOptions {
  /** ends the call between two units of work, with an AbortError */
  readonly signal?: AbortSignal | undefined;
  /** hears of the units done, at most every 40 ms */
  readonly onProgress?: OnProgress | undefined;
}

/**
 * A function to await between units of work: it lets the event loop run every 40 ms, tells progress then, and rejects once the signal is aborted.
 *
 * @param of units in all; @param made units done so far; @param partial what there is of the result when the signal is aborted
 * @example
 * let done = 0;
 * const between = watch('sum', 1000, {}, () => done);
 * for (; done < 1000; done++) await between();
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
    const done = made();
    if ((await pause()) && signal?.aborted !== true)
      onProgress?.({ done, of, secondsLeft: secondsLeft({ done, of }, since) });
    // a listener may have aborted it
    if (signal?.aborted === true) throw new AbortError(caller, signal, partial?.());
  };
}
