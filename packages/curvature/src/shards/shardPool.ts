import { pacer, yieldToEventLoop } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { ResolvedWorkers } from '../curvatureOptions.js';
import type { PlanInfo } from '../operators/curvatureOperator.js';
import { planInfo } from './bindShard.js';
import { RemoteShard } from './remoteShard.js';
import type { Shard } from './shard.js';
import { type ShardSums, shardSums } from './shardSums.js';
import type { BoundReply } from './threadMessages.js';
import { createTreeSum, type TreeSum } from '@hyperribbon/nn';
import { WorkerError } from '@hyperribbon/contract/threads';

/** What is known of the operator once every shard is linearised. */
export interface Linearised {
  /** of each chunk, in order */
  readonly losses: readonly number[];
  /** scaled, (size,) */
  readonly gradient: Float64Array;
  /** of all threads */
  readonly plan: PlanInfo;
}

export interface PoolOptions extends ResolvedWorkers {
  readonly scale: number;
  /** of all shards together */
  readonly chunks: number;
}

/** milliseconds that this thread computes before it lets events in: errors of workers, a page's frames */
const slice = 100;

/**
 * Shards of one operator: the first is this thread's, each of the others a worker's, all at work at the same time. Sums
 * come back as nodes of one tree and are added here, in the order in which one thread would have added them.
 */
export class ShardPool {
  readonly #caller: string;
  readonly #scale: number;
  readonly #own: ShardSums;
  readonly #size: number;
  readonly #ownLosses: Float64Array;
  readonly #ownGradient: readonly Float64Array[];
  #ownReady = false;
  #ownSums: readonly Float64Array[] = [];
  readonly #remotes: readonly RemoteShard[];
  readonly #tree: TreeSum;
  /** of all nodes, in order */
  #levels: readonly number[] = [];
  #linearised: Linearised | undefined;
  #started: Promise<void> | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;

  /**
   * Starts the workers.
   *
   * @param first the shard of this thread
   * @param others those of the workers; made when they are sent, because a copy may be needed
   * @throws MemoryLimitError if this thread's shard does not fit its budget
   */
  constructor(first: Shard, others: readonly (() => Shard)[], { scale, chunks, ...options }: PoolOptions) {
    this.#caller = first.caller;
    this.#scale = scale;
    this.#size = first.params.length;
    this.#own = shardSums(first);
    this.#ownLosses = new Float64Array(first.programOf.length);
    this.#ownGradient = this.#own.allocate(1);
    // the flavour this thread got, not the one it asked for: a page may not have what its workers have
    const deterministic = this.#own.plan.kernels.flavour === 'deterministic';
    this.#remotes = others.map(
      (shard, i) =>
        new RemoteShard(() => ({ ...shard(), deterministic }), {
          name: `${first.caller}: worker ${i + 1}`,
          dtype: first.dtype,
          ...options,
        }),
    );
    this.#tree = createTreeSum(this.#size, chunks);
    this.start().catch(() => undefined);
  }

  /** undefined until the first start has succeeded; it stays known then */
  get linearised(): Linearised | undefined {
    return this.#linearised;
  }

  /** Sees that every shard is there and linearised; the promise of an attempt under way or done, anew after a failure. */
  start(): Promise<void> {
    if (this.#started === undefined) {
      const started = this.#bindAll();
      this.#started = started;
      started.catch(() => {
        if (this.#started === started) this.#started = undefined;
      });
    }
    return this.#started;
  }

  /** out ← the products of the `columns` vectors in x, after those asked for before. */
  products(x: FloatArray, out: FloatArray, columns: number): Promise<void> {
    const done = this.#queue.then(() => this.#productsNow(x, out, columns));
    this.#queue = done.catch(() => undefined);
    return done;
  }

  /** Ends the workers; what is under way is rejected. */
  close(): Promise<void> {
    this.#closing ??= Promise.all(this.#remotes.map((remote) => remote.close())).then(() => undefined);
    return this.#closing;
  }

  /** Ends the workers when nothing is under way. */
  async closeWhenIdle(): Promise<void> {
    await Promise.allSettled([this.#started, this.#queue]);
    await this.close();
  }

  async #bindAll(): Promise<void> {
    const replies = settling(this.#remotes.map((remote) => remote.bind()));
    if (!this.#ownReady) {
      await yieldToEventLoop();
      await this.#run(this.#own.linearise(this.#ownLosses, this.#ownGradient), replies);
    }
    const bound = await replies.all;
    this.#assertOpen();
    // only now: this thread's part may have stopped early for a failure of another
    this.#ownReady = true;
    this.#linearised ??= this.#gather(bound);
  }

  async #productsNow(x: FloatArray, out: FloatArray, columns: number): Promise<void> {
    this.#assertOpen();
    // a worker that died since is replaced here
    await this.start();
    await Promise.all(this.#remotes.map((remote) => remote.bind()));
    const replies = settling(this.#remotes.map((remote) => remote.products(x, columns)));
    if (this.#ownSums.length !== columns * this.#own.nodes.length) this.#ownSums = this.#own.allocate(columns);
    await this.#run(this.#own.products(x, columns, this.#ownSums), replies);
    const shards = [this.#ownSums, ...(await replies.all)];
    const size = out.length / columns;
    for (let column = 0; column < columns; column++) {
      this.#total(shards, column, columns, out.subarray(column * size, (column + 1) * size));
    }
  }

  /** This thread's part, in slices; it stops when the part of another has failed. */
  async #run(chunks: Iterable<undefined>, replies: { readonly failed: boolean }): Promise<void> {
    const pause = pacer(slice);
    for (const _ of chunks) if ((await pause()) && replies.failed) return;
  }

  /** out ← scale × the sum of one column, from every shard's nodes in order. */
  #total(shards: readonly (readonly Float64Array[])[], column: number, columns: number, out: FloatArray): void {
    this.#tree.clear();
    let at = 0;
    for (const sums of shards) {
      const nodes = sums.length / columns;
      for (let node = 0; node < nodes; node++) this.#tree.addNode(sums[column * nodes + node], this.#levels[at++]);
    }
    this.#tree.total(this.#scale, out);
  }

  #gather(bound: readonly BoundReply[]): Linearised {
    const { plan } = this.#own;
    for (const { kernels } of bound) {
      // WebAssembly and its twin have the same bits in one flavour
      if (kernels.flavour === plan.kernels.flavour) continue;
      const [here, there] = [plan.kernels, kernels].map(({ engine, flavour }) => `${engine} ${flavour}`);
      throw new WorkerError('start', `${this.#caller}: kernels differ, here ${here}, in a worker ${there}`);
    }
    this.#levels = [...this.#own.nodes, ...bound.flatMap(({ nodes }) => nodes)];
    const gradient = new Float64Array(this.#size);
    this.#total([this.#ownGradient, ...bound.map(({ sums }) => sums)], 0, 1, gradient);
    const losses = [this.#ownLosses, ...bound.map((part) => part.losses)].flatMap((list) => [...list]);
    const own = planInfo(plan);
    const total = (name: Exclude<keyof PlanInfo, 'kernels'>): number =>
      bound.reduce((sum, part) => sum + part[name], own[name]);
    const [residentChunks, bytes] = [total('residentChunks'), total('bytes')];
    const [residualBytes, flops] = [total('residualBytes'), total('flops')];
    return { losses, gradient, plan: { kernels: own.kernels, residentChunks, bytes, residualBytes, flops } };
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new WorkerError('closed', `${this.#caller}: the operator was closed`);
  }
}

/** All replies, with a word as soon as one has failed; a failure that nobody waits for yet is no unhandled rejection. */
function settling<T>(replies: readonly Promise<T>[]): { readonly all: Promise<T[]>; readonly failed: boolean } {
  const state = { all: Promise.all(replies), failed: false };
  state.all.catch(() => {
    state.failed = true;
  });
  return state;
}
