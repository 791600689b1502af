/** Thrown when `signal` is aborted; `cause` is the signal's reason. */
export class AbortError extends Error {
  override readonly name = 'AbortError';

  constructor(caller: string, reason: unknown) {
    super(`${caller}: aborted by its signal`, { cause: reason });
  }
}
