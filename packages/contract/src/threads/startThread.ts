import { plainError } from './workerError.js';

/** A worker, whatever the runtime calls it. */
export interface Thread<Message> {
  post(message: Message, transfer: ArrayBuffer[]): void;
  /** true: the process stays for it; false, at the start: a program may end while it waits */
  hold(held: boolean): void;
  /** Ends it at once, whatever it is doing. */
  stop(): Promise<void>;
}

export interface ThreadEvents<Reply> {
  onMessage(message: Reply): void;
  /** it threw, could not be loaded, or ended; may be called more than once */
  onDeath(reason: 'fault' | 'exit', name: string, message: string): void;
}

/** The module that a thread runs. */
export interface ThreadScript {
  readonly url: URL;
  /** `new Worker(new URL('…', import.meta.url), { type: 'module' })` written out where bundlers look for it; default made of `url` */
  readonly webWorker?: () => object;
}

interface NodeWorker {
  on(event: string, listener: (value: never) => void): void;
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  ref(): void;
  unref(): void;
  terminate(): Promise<unknown>;
}

interface Runtime {
  readonly versions?: { readonly node?: string };
  getBuiltinModule?(name: string): { readonly Worker: new (entry: URL) => NodeWorker } | undefined;
}

/**
 * Starts a module in a thread of its own.
 *
 * node:worker_threads where there is one (Node, Deno, Bun: it says when a worker exits), else a module worker of the same
 * origin. @throws what the runtime throws where workers are refused or missing
 */
export function startThread<Message, Reply>(
  { url, webWorker = () => new Worker(url, { type: 'module' }) }: ThreadScript,
  events: ThreadEvents<Reply>,
): Thread<Message> {
  // the module is asked for at run time: nothing for a bundler to follow
  const runtime = (globalThis as { process?: Runtime }).process;
  const threads = runtime?.versions?.node === undefined ? undefined : runtime.getBuiltinModule?.('node:worker_threads');
  if (threads !== undefined) return nodeThread(new threads.Worker(url), events);
  if (typeof Worker !== 'function') throw new TypeError('this runtime has no workers');
  // declarations that need no lib DOM name no Worker
  return webThread(webWorker() as Worker, events);
}

/** @param worker of node:worker_threads */
export function nodeThread<Message, Reply>(
  worker: NodeWorker,
  { onMessage, onDeath }: ThreadEvents<Reply>,
): Thread<Message> {
  const onError = (error: unknown): void => {
    const { name, message } = plainError(error);
    onDeath('fault', name, message);
  };
  worker.on('message', onMessage);
  worker.on('error', onError);
  worker.on('messageerror', onError);
  worker.on('exit', (code: number) => onDeath('exit', 'Error', `it exited with code ${code}`));
  worker.unref();
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    hold: (held) => (held ? worker.ref() : worker.unref()),
    async stop() {
      await worker.terminate();
    },
  };
}

function webThread<Message, Reply>(worker: Worker, { onMessage, onDeath }: ThreadEvents<Reply>): Thread<Message> {
  worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => onMessage(data));
  worker.addEventListener('error', (event: Event) => {
    // reported through the promise: not once more as an uncaught error of the page
    event.preventDefault();
    const { message } = event as Partial<ErrorEvent>;
    onDeath('fault', 'Error', message === undefined || message === '' ? 'its script could not be loaded' : message);
  });
  worker.addEventListener('messageerror', () => onDeath('fault', 'DataCloneError', 'a message could not be read'));
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    hold: () => undefined,
    async stop() {
      worker.terminate();
    },
  };
}
