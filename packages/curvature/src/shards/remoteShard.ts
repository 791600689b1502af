import { floatArray } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import type { ResolvedWorkers } from '../curvatureOptions.js';
import { startThread, ThreadRequests, type ThreadScript } from '@hyperribbon/contract/threads';
import { detachShard, type Shard } from './shard.js';
import type { BoundReply, FromWorker, ProductsReply, ToWorker } from './threadMessages.js';

interface RemoteOptions extends Pick<ResolvedWorkers, 'workerTimeout' | 'workerUrl'> {
  /** for messages */
  readonly name: string;
  readonly dtype: Dtype;
}

/** A shard in a worker; after a worker failed the next `bind` starts another. */
export class RemoteShard {
  readonly #shard: () => Shard;
  readonly #dtype: Dtype;
  readonly #worker: ThreadRequests<ToWorker, FromWorker>;
  #bound: Promise<BoundReply> | undefined;
  /** memory that travels to the worker and back */
  #x: FloatArray | undefined;
  #sums: readonly Float64Array[] = [];

  constructor(shard: () => Shard, { name, dtype, workerTimeout, workerUrl }: RemoteOptions) {
    this.#dtype = dtype;
    this.#shard = shard;
    const script = shardScript(workerUrl);
    const other = workerUrl === undefined ? ', or where a bundler put it; another place is given' : ', given';
    this.#worker = new ThreadRequests({
      name,
      timeout: workerTimeout,
      start: (events) => startThread(script, events),
      advice: `; tried ${script.url.href}${other} as workerUrl, see "Bundlers" in the README of @hyperribbon/curvature`,
      onEnd: () => {
        this.#bound = undefined;
      },
    });
  }

  /** Starts a worker with the shard unless one is there. */
  bind(): Promise<BoundReply> {
    if (this.#bound === undefined) {
      const bound = this.#worker.request(() => {
        const { shard, memory } = detachShard(this.#shard());
        return { message: { type: 'bind', shard }, transfer: memory };
      }) as Promise<BoundReply>;
      this.#bound = bound;
      bound.catch(() => {
        if (this.#bound === bound) this.#bound = undefined;
      });
    }
    return this.#bound;
  }

  /** Sums of products by column and node; they are the caller's until the next request. */
  async products(x: FloatArray, columns: number): Promise<readonly Float64Array[]> {
    const parcel = (): { message: ToWorker; transfer: ArrayBuffer[] } => {
      const staged = this.#stage(x);
      const sums = this.#sums;
      this.#x = undefined;
      this.#sums = [];
      return {
        message: { type: 'products', columns, x: staged, sums },
        transfer: [staged, ...sums].map(({ buffer }) => buffer as ArrayBuffer),
      };
    };
    // only a worker that has the shard can multiply
    const reply = (await this.#worker.request(parcel, { start: false })) as ProductsReply;
    this.#x = reply.x;
    this.#sums = reply.sums;
    return reply.sums;
  }

  close(): Promise<void> {
    return this.#worker.close();
  }

  #stage(x: FloatArray): FloatArray {
    const staged = this.#x?.length === x.length ? this.#x : floatArray(this.#dtype, x.length);
    staged.set(x);
    return staged;
  }
}

/** shardWorker.js, or the bundle of it that `workerUrl` names; seen from src as well as from dist: the tests run from src. */
function shardScript(workerUrl: URL | undefined): ThreadScript {
  if (workerUrl !== undefined) return { url: workerUrl };
  return {
    // Not written as `new URL(…)`: bundlers would emit the file a second time, with imports that lead nowhere. Bundles in
    // CommonJS have no import.meta.url.
    url: Reflect.construct(URL, ['../../dist/shardWorker.js', import.meta.url ?? 'file:']) as URL,
    // this expression they know as it stands, and follow its imports
    webWorker: () => new Worker(new URL('../../dist/shardWorker.js', import.meta.url), { type: 'module' }),
  };
}
