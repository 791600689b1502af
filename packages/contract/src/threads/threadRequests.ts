import type { Answer } from './answerRequests.js';
import type { Thread, ThreadEvents } from './startThread.js';
import { plainError, WorkerError, type WorkerFailure } from './workerError.js';

/** A message for a thread, and the memory that goes there with it. */
export interface Parcel<Message> {
  readonly message: Message;
  readonly transfer?: ArrayBuffer[];
}

export interface ThreadRequestsOptions<Message, Reply, Detail> {
  /** first words of errors, such as `hessian: worker 1` */
  readonly name: string;
  /** starts a thread whose other side is {@link answerRequests} */
  readonly start: (events: ThreadEvents<Answer<Reply, Detail>>) => Thread<Message>;
  /** said behind the error where a thread cannot be started: what was tried, what else to try */
  readonly advice?: string;
  /** milliseconds without a sign of progress after which the thread counts as hung; default: it never does */
  readonly timeout?: number;
  readonly onProgress?: (detail: Detail) => void;
  /** the thread is gone: what it held is lost */
  readonly onEnd?: () => void;
}

interface Pending<Reply> {
  resolve(reply: Reply): void;
  reject(error: WorkerError): void;
}

/**
 * Requests to one thread, one after the other. A thread that fails in any way rejects the request it was at, with a {@link WorkerError},
 * and is stopped; the next request that may start a thread starts another.
 */
export class ThreadRequests<Message, Reply, Detail = undefined> {
  readonly #options: ThreadRequestsOptions<Message, Reply, Detail>;
  #thread: Thread<Message> | undefined;
  /** the thread has answered once: it could be loaded */
  #loaded = false;
  #pending: Pending<Reply> | undefined;
  /** requests that wait for those before them */
  #waiting = 0;
  /** settles with the request before */
  #last: Promise<unknown> = Promise.resolve();
  #watch: ReturnType<typeof setInterval> | undefined;
  #quiet = 0;
  #closed = false;

  constructor(options: ThreadRequestsOptions<Message, Reply, Detail>) {
    this.#options = options;
  }

  /**
   * Asks the thread for a reply, after the requests before.
   *
   * @param parcel makes the message when it is sent: its memory is then given away
   * @param start whether a thread is started if there is none; else the request rejects
   */
  request(parcel: () => Parcel<Message>, { start = true }: { readonly start?: boolean } = {}): Promise<Reply> {
    // An idle thread gets its message before this returns: the caller goes on to compute, and a message sent a microtask
    // later would leave when that is done (two threads then took as long as one).
    const idle = this.#pending === undefined && this.#waiting === 0;
    const reply = idle ? this.#send(parcel, start) : this.#sendLater(parcel, start);
    this.#last = reply.catch(() => undefined);
    return reply;
  }

  /** Says something to the thread, if there is one, that wants no answer: heard when it next awaits. */
  tell(message: Message): void {
    this.#thread?.post(message, []);
  }

  /** Ends the thread; what is under way, and what is asked for later, rejects with reason 'closed'. */
  async close(): Promise<void> {
    this.#closed = true;
    const thread = this.#thread;
    this.#failClosed();
    await thread?.stop();
  }

  async #sendLater(parcel: () => Parcel<Message>, start: boolean): Promise<Reply> {
    this.#waiting++;
    await this.#last;
    this.#waiting--;
    return this.#send(parcel, start);
  }

  #send(parcel: () => Parcel<Message>, start: boolean): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      if (this.#closed) this.#failClosed();
      else this.#attempt(parcel, start);
    });
  }

  #attempt(parcel: () => Parcel<Message>, start: boolean): void {
    try {
      if (start) this.#thread ??= this.#start();
      if (this.#thread === undefined) {
        this.#fail('exit', 'it ended before the request');
        return;
      }
      const { message, transfer = [] } = parcel();
      this.#thread.post(message, transfer);
    } catch (error) {
      const { name, message } = plainError(error);
      this.#fail('start', `${name}: ${message}`);
      return;
    }
    this.#thread.hold(true);
    this.#quiet = 0;
    const { timeout } = this.#options;
    if (timeout === undefined) return;
    // ticks are counted, not time: while this thread computes, neither ticks nor messages are heard
    this.#watch = setInterval(() => {
      if (++this.#quiet > 4) this.#fail('hang', `no sign of progress in ${timeout} ms`);
    }, timeout / 4);
  }

  #start(): Thread<Message> {
    const thread = this.#options.start({
      onMessage: (message) => {
        if (this.#thread === thread) this.#hear(message);
      },
      onDeath: (reason, name, message) => {
        if (this.#thread === thread) this.#fail(this.#loaded ? reason : 'start', `${name}: ${message}`);
      },
    });
    this.#loaded = false;
    return thread;
  }

  #hear(message: Answer<Reply, Detail>): void {
    this.#quiet = 0;
    if (message.type === 'progress') {
      this.#options.onProgress?.(message.detail);
      return;
    }
    if (message.type === 'fault') {
      this.#fail('fault', `${message.name}: ${message.message}`, message.badArgument);
      return;
    }
    this.#loaded = true;
    const pending = this.#settle();
    this.#thread?.hold(false);
    pending?.resolve(message.reply);
  }

  #failClosed(): void {
    this.#fail('closed', 'it was closed');
  }

  #fail(reason: WorkerFailure, message: string, badArgument = false): void {
    const thread = this.#thread;
    const pending = this.#settle();
    this.#thread = undefined;
    this.#options.onEnd?.();
    // a worker that failed once is not trusted with another request
    thread?.stop().catch(() => undefined);
    const { name, advice } = this.#options;
    pending?.reject(new WorkerError(reason, `${name}: ${message}`, badArgument, reason === 'start' ? advice : ''));
  }

  #settle(): Pending<Reply> | undefined {
    clearInterval(this.#watch);
    const pending = this.#pending;
    this.#pending = undefined;
    return pending;
  }
}
