/** How far a long call is: the one shape that every `onProgress` is given. */
export interface Progress<Detail = undefined> {
  /** units of work done, of this call and of those it resumes; what a unit is the call says: steps, products, rows */
  readonly done: number;
  /** units in all; where the end is not known beforehand the most there can be, Infinity if there is no limit */
  readonly of: number;
  /** what this kind of call has to tell besides */
  readonly detail?: Detail | undefined;
  /** s, from the pace so far; absent where nothing is known of it */
  readonly secondsLeft?: number | undefined;
}

/** What to call with a {@link Progress}. It runs between units of work: what it throws ends the call. */
export type OnProgress<Detail = undefined> = (progress: Progress<Detail>) => void;

/**
 * Seconds left if the rest goes as fast as what was done since `since`; undefined before the first unit and without an end.
 *
 * @param since units done and performance.now() in ms when this call began
 * @example
 * secondsLeft({ done: 30, of: 50 }, { done: 10, at: performance.now() - 2000 }); // about 2
 */
export function secondsLeft(
  now: { readonly done: number; readonly of: number },
  since: { readonly done: number; readonly at: number },
): number | undefined {
  const units = now.done - since.done;
  if (units <= 0 || now.of === Infinity) return undefined;
  return ((performance.now() - since.at) / 1000 / units) * (now.of - now.done);
}
