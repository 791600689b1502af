/**
 * A call ended because its `signal` was aborted; `cause` is the signal's reason.
 *
 * One rule for all calls: where what is done so far is worth having, the call returns it with `reason: 'aborted'`; every other
 * call rejects with this error. `partial` holds what there was of a result that is whole only sometimes, else undefined.
 */
export class AbortError<Partial = undefined> extends Error {
  override readonly name = 'AbortError';
  readonly partial: Partial | undefined;

  /**
   * @param caller the function that was called
   * @param signal the aborted signal, or its reason
   */
  constructor(caller: string, signal: unknown, partial?: Partial) {
    super(`${caller}: aborted by its signal`, { cause: isSignal(signal) ? signal.reason : signal });
    this.partial = partial;
  }
}

/**
 * @throws AbortError if the signal is aborted
 * @example
 * throwIfAborted('mnist', new AbortController().signal); // nothing happens
 */
export function throwIfAborted(caller: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new AbortError(caller, signal);
}

/**
 * A result that may never come, or the end of the wait for it once the signal is aborted.
 * @throws AbortError (rejects) at the abort; what `pending` rejects with
 * @example
 * await orAborted('solve', Promise.resolve(3), new AbortController().signal); // 3; rejects at an abort, whether or not the promise ever settles
 */
export function orAborted<T>(caller: string, pending: PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => reject(new AbortError(caller, signal));
    if (signal.aborted) end();
    signal.addEventListener('abort', end);
    Promise.resolve(pending)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', end));
  });
}

function isSignal(value: unknown): value is AbortSignal {
  return typeof value === 'object' && value !== null && 'aborted' in value && 'reason' in value;
}
