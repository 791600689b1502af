import { AbortError } from '@hyperribbon/contract';

interface Waiting {
  readonly priority: number;
  readonly start: () => void;
}

/** Lets at most so many pieces of work run at the same time; the others wait in the order of their priorities. */
export class Slots {
  readonly #waiting: Waiting[] = [];
  #free: number;

  constructor(count: number) {
    this.#free = count;
  }

  /** Runs `work` when there is room. @throws AbortError if `signal` is aborted while it waits; what `work` throws */
  async run<T>(
    work: () => Promise<T>,
    { priority = 0, signal }: { readonly priority?: number | undefined; readonly signal?: AbortSignal | undefined },
  ): Promise<T> {
    await this.#turn(priority, signal);
    try {
      return await work();
    } finally {
      this.#free++;
      this.#next();
    }
  }

  #turn(priority: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        const at = this.#waiting.indexOf(waiting);
        if (at >= 0) this.#waiting.splice(at, 1);
        reject(new AbortError('run', signal));
      };
      const waiting: Waiting = {
        priority,
        start: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
      };
      if (signal?.aborted === true) {
        leave();
        return;
      }
      signal?.addEventListener('abort', leave, { once: true });
      const behind = this.#waiting.findIndex((other) => other.priority < priority);
      this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, waiting);
      this.#next();
    });
  }

  #next(): void {
    if (this.#free === 0) return;
    const first = this.#waiting.shift();
    if (first === undefined) return;
    this.#free--;
    first.start();
  }
}
