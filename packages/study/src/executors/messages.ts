import { isArgumentError } from '@hyperribbon/contract';

/** What a thread is asked: to run a job, whose large arrays it has or gets now; or to stop the one it is at. */
export type ToJobThread =
  | {
      readonly type: 'run';
      readonly job: unknown;
      readonly arrays: ReadonlyMap<string, ArrayBufferView>;
      /** set to 1 when the job is to stop: a thread that computes hears no messages; undefined where there is no shared memory */
      readonly stopFlag: Int32Array | undefined;
    }
  | { readonly type: 'stop' };

/** A job that failed is an answer too: the thread goes on. */
export type FromJobThread =
  | { readonly type: 'result'; readonly result: unknown }
  | { readonly type: 'error'; readonly error: PlainError };

interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly badArgument: boolean;
}

/** An error as plain data: classes do not survive the journey. */
export function errorData(error: unknown): PlainError {
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  return { name, message, stack, badArgument: isArgumentError(error) };
}

/** An error with the name, message and stack of one of another thread; isArgumentError holds of it if it did there. */
export function errorFrom({ name, message, stack, badArgument }: PlainError): Error {
  return Object.assign(new Error(message), { name, stack, ...(badArgument ? { badArgument } : {}) });
}
