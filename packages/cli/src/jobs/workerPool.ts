import { Worker } from 'node:worker_threads';
import type { Job, JobResult } from './job.js';
import type { FromWorker } from './messages.js';

interface Thread {
  readonly worker: Worker;
  readonly stopFlag: Int32Array;
  busy: boolean;
}

interface Waiting {
  readonly priority: number;
  readonly start: (thread: Thread) => void;
}

export interface RunOptions {
  /** hears the share done in [0, 1] and a few words */
  readonly onProgress?: (fraction: number, detail: string) => void;
  /** the job has a thread now */
  readonly onStart?: () => void;
  /** of the waiting jobs the one with the highest priority goes first; default 0 */
  readonly priority?: number;
}

/**
 * A few threads that each run one job at a time; the main thread stays free to draw progress and to hear Ctrl-C.
 * A worker that dies rejects its job and is replaced.
 */
export class WorkerPool {
  readonly #threads: Thread[] = [];
  readonly #queue: Waiting[] = [];
  readonly #size: number;
  #stopped = false;
  #closed = false;

  constructor(size: number) {
    this.#size = size;
  }

  /** Queues a job; it starts when a thread is free. */
  run<J extends Job>(job: J, { onProgress, onStart, priority = 0 }: RunOptions = {}): Promise<JobResult<J>> {
    return new Promise((resolve, reject) => {
      const start = (thread: Thread): void => {
        thread.busy = true;
        const { worker } = thread;
        const finish = (settle: () => void, alive: boolean): void => {
          worker.off('message', onMessage);
          worker.off('error', onError);
          worker.off('exit', onExit);
          if (alive) thread.busy = false;
          else this.#threads.splice(this.#threads.indexOf(thread), 1);
          settle();
          this.#next();
        };
        const onMessage = (message: FromWorker): void => {
          if (message.type === 'progress') onProgress?.(message.fraction, message.detail);
          else if (message.type === 'result') finish(() => resolve(message.result as JobResult<J>), true);
          else finish(() => reject(revive(message)), true);
        };
        const onError = (error: Error): void => finish(() => reject(error), false);
        const onExit = (code: number): void =>
          finish(() => reject(new Error(`a worker ended by itself with code ${code} during ${job.kind}`)), false);
        worker.on('message', onMessage);
        worker.on('error', onError);
        worker.on('exit', onExit);
        onStart?.();
        worker.postMessage(job);
      };
      const behind = this.#queue.findIndex((waiting) => waiting.priority < priority);
      this.#queue.splice(behind < 0 ? this.#queue.length : behind, 0, { priority, start });
      this.#next();
    });
  }

  /** Asks every running and queued job to stop soon; each still resolves, with what it has. */
  stop(): void {
    this.#stopped = true;
    for (const { stopFlag } of this.#threads) Atomics.store(stopFlag, 0, 1);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #next(): void {
    if (this.#closed || this.#queue.length === 0) return;
    let thread = this.#threads.find(({ busy }) => !busy);
    if (thread === undefined) {
      if (this.#threads.length >= this.#size) return;
      thread = this.#spawn();
    }
    this.#queue.shift()!.start(thread);
  }

  #spawn(): Thread {
    const flag = new SharedArrayBuffer(4);
    const stopFlag = new Int32Array(flag);
    if (this.#stopped) Atomics.store(stopFlag, 0, 1);
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: flag });
    const thread: Thread = { worker, stopFlag, busy: false };
    this.#threads.push(thread);
    return thread;
  }
}

function revive({ name, message, stack }: { name: string; message: string; stack: string }): Error {
  const error =
    name === 'TypeError'
      ? new TypeError(message)
      : name === 'RangeError'
        ? new RangeError(message)
        : new Error(message);
  error.name = name;
  error.stack = stack;
  return error;
}
