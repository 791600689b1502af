import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { detachShard, type Shard } from './shard.js';
import { startThread, type Thread, type ThreadEvents } from './startThread.js';
import type { BoundReply, FromWorker, ProductsReply, ToWorker } from './threadMessages.js';
import { plainError, WorkerError, type WorkerFailure } from './workerError.js';

interface Pending {
  resolve(reply: BoundReply | ProductsReply): void;
  reject(error: WorkerError): void;
}

interface RemoteOptions {
  /** for messages */
  readonly name: string;
  readonly dtype: Dtype;
  /** milliseconds without a sign of progress */
  readonly timeout: number;
  readonly workerUrl: URL | undefined;
}

/**
 * A shard in a worker. Requests go one after the other; a worker that fails in any way rejects the one it was at, is
 * stopped, and the next `bind` starts another.
 */
export class RemoteShard {
  readonly #shard: () => Shard;
  readonly #dtype: Dtype;
  readonly #name: string;
  readonly #timeout: number;
  readonly #workerUrl: URL | undefined;
  #thread: Thread | undefined;
  #bound: Promise<BoundReply> | undefined;
  /** the thread has bound its shard */
  #loaded = false;
  #pending: Pending | undefined;
  /** requests that wait for those before them */
  #waiting = 0;
  /** settles with the request before */
  #last: Promise<unknown> = Promise.resolve();
  /** memory that travels to the worker and back */
  #x: FloatArray | undefined;
  #sums: readonly Float64Array[] = [];
  #watch: ReturnType<typeof setInterval> | undefined;
  #quiet = 0;
  #closed = false;

  constructor(shard: () => Shard, { name, dtype, timeout, workerUrl }: RemoteOptions) {
    this.#workerUrl = workerUrl;
    this.#dtype = dtype;
    this.#shard = shard;
    this.#name = name;
    this.#timeout = timeout;
  }

  /** Starts a worker with the shard unless one is there. */
  bind(): Promise<BoundReply> {
    if (this.#bound === undefined) {
      const bound = this.#request<BoundReply>(() => {
        this.#start();
        const { shard, memory } = detachShard(this.#shard());
        this.#thread?.post({ type: 'bind', shard }, memory);
      });
      this.#bound = bound;
      bound.catch(() => {
        if (this.#bound === bound) this.#bound = undefined;
      });
    }
    return this.#bound;
  }

  /** Sums of products by column and node; they are the caller's until the next request. */
  async products(x: FloatArray, columns: number): Promise<readonly Float64Array[]> {
    const reply = await this.#request<ProductsReply>(() => {
      const staged = this.#stage(x);
      const sums = this.#sums;
      this.#x = undefined;
      this.#sums = [];
      const message: ToWorker = { type: 'products', columns, x: staged, sums };
      this.#thread?.post(
        message,
        [staged, ...sums].map(({ buffer }) => buffer as ArrayBuffer),
      );
    });
    this.#x = reply.x;
    this.#sums = reply.sums;
    return reply.sums;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const thread = this.#thread;
    this.#fail('closed', 'the operator was closed');
    await thread?.stop();
  }

  #request<Reply extends BoundReply | ProductsReply>(send: () => void): Promise<Reply> {
    // An idle worker gets its message before this returns: the caller goes on to compute, and a message sent a microtask
    // later would leave when that is done (two threads then took as long as one).
    const idle = this.#pending === undefined && this.#waiting === 0;
    const reply = (idle ? this.#send(send) : this.#sendLater(send)) as Promise<Reply>;
    this.#last = reply.catch(() => undefined);
    return reply;
  }

  async #sendLater(send: () => void): Promise<BoundReply | ProductsReply> {
    this.#waiting++;
    await this.#last;
    this.#waiting--;
    return this.#send(send);
  }

  #send(send: () => void): Promise<BoundReply | ProductsReply> {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      if (this.#closed) this.#fail('closed', 'the operator was closed');
      else this.#attempt(send);
    });
  }

  #attempt(send: () => void): void {
    try {
      send();
    } catch (error) {
      const { name, message } = plainError(error);
      this.#fail('start', `${name}: ${message}`);
      return;
    }
    if (this.#thread === undefined) {
      this.#fail('exit', 'it ended before the product');
      return;
    }
    this.#thread.hold(true);
    this.#quiet = 0;
    // ticks are counted, not time: while this thread computes, neither ticks nor messages are heard
    this.#watch = setInterval(() => {
      if (++this.#quiet > 4) this.#fail('hang', `no sign of progress in ${this.#timeout} ms`);
    }, this.#timeout / 4);
  }

  #start(): void {
    const events: ThreadEvents = {
      onMessage: (message) => {
        if (this.#thread === thread) this.#hear(message);
      },
      onDeath: (reason, name, message) => {
        if (this.#thread === thread) this.#fail(this.#loaded ? reason : 'start', `${name}: ${message}`);
      },
    };
    const thread: Thread = startThread(events, this.#workerUrl);
    this.#thread = thread;
    this.#loaded = false;
  }

  #hear(message: FromWorker): void {
    this.#quiet = 0;
    if (message.type === 'progress') return;
    if (message.type === 'fault') {
      this.#fail('fault', `${message.name}: ${message.message}`);
      return;
    }
    if (message.type === 'bound') this.#loaded = true;
    const pending = this.#settle();
    this.#thread?.hold(false);
    pending?.resolve(message);
  }

  #fail(reason: WorkerFailure, message: string): void {
    const thread = this.#thread;
    const pending = this.#settle();
    this.#thread = undefined;
    this.#bound = undefined;
    // a worker that failed once is not trusted with another product
    thread?.stop().catch(() => undefined);
    pending?.reject(new WorkerError(reason, `${this.#name}: ${message}`));
  }

  #settle(): Pending | undefined {
    clearInterval(this.#watch);
    const pending = this.#pending;
    this.#pending = undefined;
    return pending;
  }

  #stage(x: FloatArray): FloatArray {
    const staged = this.#x?.length === x.length ? this.#x : vector(this.#dtype, x.length);
    staged.set(x);
    return staged;
  }
}

function vector(dtype: Dtype, length: number): FloatArray {
  return dtype === 'float64' ? new Float64Array(length) : new Float32Array(length);
}
