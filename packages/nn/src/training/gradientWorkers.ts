import { refuseType, requireBetween, requireInteger } from '@hyperribbon/contract';
import { startThread, ThreadRequests, type ThreadScript, WorkerError } from '@hyperribbon/contract/threads';
import type { FloatArray, KernelInfo } from '@hyperribbon/kernels';
import type { GradientTask, MicroShare, MicroSums } from './microBatches.js';

/** Shares the gradient of every step among threads, by micro-batches. */
export interface TrainWorkers {
  /**
   * threads that compute, this one included: 2 starts one worker; never more than a batch has micro-batches, whose size must be given. Any
   * number gives the same bits
   */
  readonly workers?: number;
  /** milliseconds without a sign of progress after which a worker counts as hung, default 60,000 */
  readonly workerTimeout?: number;
  /**
   * where a bundle of `@hyperribbon/nn/worker` lies, for bundlers that do not follow `new Worker(new URL(…))`; of the page's origin. Default:
   * the script that comes with this package
   */
  readonly workerUrl?: URL;
}

/** @throws ArgumentError, ArgumentTypeError */
export function requireWorkers(caller: string, { workers, workerTimeout, workerUrl }: TrainWorkers): void {
  if (workers !== undefined) requireInteger(caller, 'workers', workers, 1);
  // the largest delay of a timer
  if (workerTimeout !== undefined) requireBetween(caller, 'workerTimeout', workerTimeout, 0, 2 ** 31);
  if (workerUrl !== undefined && typeof (workerUrl as { href?: unknown } | null)?.href !== 'string')
    refuseType(caller, 'workerUrl', 'a URL', workerUrl);
}

export type ToGradientWorker =
  | { readonly type: 'bind'; readonly task: GradientTask }
  | { readonly type: 'step'; readonly share: MicroShare; readonly sums: readonly Float64Array[] };

export type FromGradientWorker = { readonly kernels: KernelInfo } | MicroSums;

/** One worker that computes its share of every step. A worker that fails is replaced once per step; then the step rejects. */
export class GradientWorker {
  readonly #task: GradientTask;
  readonly #flavour: KernelInfo['flavour'];
  readonly #name: string;
  readonly #requests: ThreadRequests<ToGradientWorker, FromGradientWorker>;
  /** settles when the worker has planned the task */
  #bound: Promise<void> | undefined;
  /** memory that travels to the worker and back */
  #sums: readonly Float64Array[] = [];

  /** Starts the worker. */
  constructor(
    name: string,
    task: GradientTask,
    flavour: KernelInfo['flavour'],
    { workerTimeout = 60_000, workerUrl }: TrainWorkers,
  ) {
    this.#task = task;
    this.#flavour = flavour;
    this.#name = name;
    const script = gradientScript(workerUrl);
    const other = workerUrl === undefined ? ', or where a bundler put it; another place is given' : ', given';
    this.#requests = new ThreadRequests({
      name,
      timeout: workerTimeout,
      start: (events) => startThread(script, events),
      advice: `; tried ${script.url.href}${other} as workerUrl, see "Bundlers" in the README of @hyperribbon/nn`,
      onEnd: () => {
        this.#bound = undefined;
        this.#sums = [];
      },
    });
    this.#bind().catch(() => undefined);
  }

  /** Sums over a share of a step; they are the caller's until the next one. */
  async run(share: MicroShare): Promise<MicroSums> {
    try {
      return await this.#attempt(share);
    } catch (error) {
      const again =
        error instanceof WorkerError && ['fault', 'exit', 'hang'].includes(error.reason) && !error.badArgument;
      if (!again) throw error;
      return await this.#attempt(share);
    }
  }

  close(): Promise<void> {
    return this.#requests.close();
  }

  async #attempt(share: MicroShare): Promise<MicroSums> {
    const ready = (this.#bound ??= this.#bind());
    // an idle worker gets its message before this thread begins to compute its own share
    const asked = this.#requests.request(() => {
      const sums = this.#sums;
      this.#sums = [];
      return {
        message: { type: 'step', share: inOwnMemory(share), sums },
        transfer: sums.map(({ buffer }) => buffer as ArrayBuffer),
      };
    });
    asked.catch(() => undefined);
    await ready;
    const reply = (await asked) as MicroSums;
    this.#sums = reply.sums;
    return reply;
  }

  #bind(): Promise<void> {
    const bound = this.#askToBind();
    this.#bound = bound;
    bound.catch(() => {
      if (this.#bound === bound) this.#bound = undefined;
    });
    return bound;
  }

  async #askToBind(): Promise<void> {
    const { kernels } = (await this.#requests.request(() => ({ message: { type: 'bind', task: this.#task } }))) as {
      kernels: KernelInfo;
    };
    // WebAssembly and its twin have the same bits in one flavour
    if (kernels.flavour !== this.#flavour)
      throw new WorkerError('start', `${this.#name}: kernels differ, here ${this.#flavour}, there ${kernels.flavour}`);
  }
}

/** A message takes the whole memory of a view with it: what is sent is copied to memory of its size. */
function inOwnMemory(share: MicroShare): MicroShare {
  const inputs = Object.fromEntries(
    Object.entries(share.inputs).map(([name, array]: [string, FloatArray | Int32Array]) => [name, array.slice()]),
  );
  return { ...share, inputs: inputs as never, counted: share.counted.slice() };
}

/** gradientWorker.js, or the bundle of it that `workerUrl` names; seen from src as well as from dist: the tests run from src. */
function gradientScript(workerUrl: URL | undefined): ThreadScript {
  if (workerUrl !== undefined) return { url: workerUrl };
  return {
    // Not written as `new URL(…)`: bundlers would emit the file a second time, with imports that lead nowhere. Bundles in
    // CommonJS have no import.meta.url.
    url: Reflect.construct(URL, ['../../dist/gradientWorker.js', import.meta.url ?? 'file:']) as URL,
    // this expression they know as it stands, and follow its imports
    webWorker: () => new Worker(new URL('../../dist/gradientWorker.js', import.meta.url), { type: 'module' }),
  };
}
