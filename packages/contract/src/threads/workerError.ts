import { isArgumentError } from '../argumentError.js';

/**
 * Why a worker failed. fault: its program threw or trapped; exit: it ended by itself; hang: no sign of progress within the
 * time allowed; start: it could not be started or loaded; closed: by its owner.
 */
export type WorkerFailure = 'fault' | 'exit' | 'hang' | 'start' | 'closed';

/** The longest message of an error: a worker may have been asked to say anything. */
const longest = 200;

/** A worker failed; the request it was at is off, the next one starts a new worker. */
export class WorkerError extends Error {
  override readonly name: string = 'WorkerError';
  readonly reason: WorkerFailure;
  /** what the thread threw says that its caller gave a bad argument: isArgumentError holds of this error too */
  readonly badArgument: boolean;

  constructor(reason: WorkerFailure, message: string, badArgument = false, advice = '') {
    super((message.length > longest ? `${message.slice(0, longest - 1)}…` : message) + advice);
    this.reason = reason;
    this.badArgument = badArgument;
  }
}

export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly badArgument: boolean;
}

/** What of an error goes from thread to thread: stacks of traps hold megabytes, classes do not survive. */
export function plainError(error: unknown): PlainError {
  const { name, message } = (error ?? {}) as { name?: unknown; message?: unknown };
  return {
    name: typeof name === 'string' ? name : 'Error',
    message: (typeof message === 'string' ? message : String(error)).slice(0, longest),
    badArgument: isArgumentError(error),
  };
}
