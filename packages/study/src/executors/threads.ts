import { AbortError, requireInteger, type Progress } from '@hyperribbon/contract';
import { startThread, ThreadRequests, type ThreadScript } from '@hyperribbon/contract/threads';
import type { JobTable } from '../job.js';
import { pack, type Digests } from './arrays.js';
import type { Executor, JobOptions } from './executor.js';
import { errorFrom, type FromJobThread, type ToJobThread } from './messages.js';
import { Slots } from './slots.js';

/**
 * An executor of threads that each run one job at a time; this thread stays free for a screen and for signals. Works in Node, Deno, Bun and
 * browsers.
 *
 * Large arrays of jobs travel to a thread once, by the digest of their bits, and not at all in shared memory ({@link shareArray}): they must
 * not change while the executor lives. A thread that dies rejects its job with a WorkerError and is replaced.
 *
 * @param count threads, integer in [1, 256]; they start when there is work for them
 * @param script module that the threads run: it calls {@link serveJobs} with the table
 */
export function threads<Table extends JobTable>(count: number, script: ThreadScript): Executor<Table> {
  requireInteger('threads', 'count', count, 1, 256);
  const slots = new Slots(count);
  const idle: JobThread[] = [];
  const all: JobThread[] = [];
  const digests: Digests = new WeakMap();
  const start = (): JobThread => {
    const thread = new JobThread(`thread ${all.length + 1}`, script, digests);
    all.push(thread);
    return thread;
  };
  return {
    run: (job, options = {}) =>
      slots.run(async () => {
        const thread = idle.pop() ?? start();
        try {
          return (await thread.run(job, options)) as never;
        } finally {
          idle.push(thread);
        }
      }, options),
    close: async () => {
      await Promise.all(all.map((thread) => thread.close()));
    },
  };
}

/** One thread with what it has been sent. */
class JobThread {
  readonly #requests: ThreadRequests<ToJobThread, FromJobThread, Progress<string>>;
  readonly #digests: Digests;
  readonly #sent = new Set<string>();
  #onProgress: JobOptions['onProgress'];

  constructor(name: string, script: ThreadScript, digests: Digests) {
    this.#digests = digests;
    this.#requests = new ThreadRequests({
      name,
      start: (events) => startThread(script, events),
      advice: `; tried ${script.url.href}`,
      onProgress: (progress) => this.#onProgress?.(progress),
      onEnd: () => this.#sent.clear(),
    });
  }

  async run(job: unknown, { signal, onStart, onProgress }: JobOptions): Promise<unknown> {
    this.#onProgress = onProgress;
    const stopFlag = typeof SharedArrayBuffer === 'undefined' ? undefined : new Int32Array(new SharedArrayBuffer(4));
    const stop = (): void => {
      if (stopFlag !== undefined) Atomics.store(stopFlag, 0, 1);
      this.#requests.tell({ type: 'stop' });
    };
    signal?.addEventListener('abort', stop, { once: true });
    try {
      onStart?.();
      const reply = await this.#requests.request(() => {
        const { data, arrays } = pack(job, this.#digests);
        const unknown = new Map([...arrays].filter(([digest]) => !this.#sent.has(digest)));
        for (const digest of unknown.keys()) this.#sent.add(digest);
        return { message: { type: 'run', job: data, arrays: unknown, stopFlag } };
      });
      if (reply.type === 'result') return reply.result;
      throw reply.error.name === 'AbortError' ? new AbortError('run', signal) : errorFrom(reply.error);
    } finally {
      signal?.removeEventListener('abort', stop);
      this.#onProgress = undefined;
    }
  }

  close(): Promise<void> {
    return this.#requests.close();
  }
}
