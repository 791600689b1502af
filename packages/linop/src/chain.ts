/** Whether a result comes later: promises of other realms and libraries are no instances of Promise. */
export function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

/** Runs `next` once a product that may be asynchronous is there; stays synchronous when it is. */
export function chain<T>(pending: T | PromiseLike<T>, next: (value: T) => void | Promise<void>): void | Promise<void> {
  return isThenable(pending) ? Promise.resolve(pending).then(next) : next(pending);
}
