import { floatArray } from '@hyperribbon/contract';
import { startThread, ThreadRequests, type ThreadScript } from '@hyperribbon/contract/threads';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { dtypeOf } from '../matrixArguments.js';
import { type BoundRows, bindRows } from './boundRows.js';
import type { CompressedRows } from './compressedRows.js';
import { cutRows, type FromWorker, splitByEntries, type ToWorker } from './rowShard.js';

export interface ShardOptions {
  /** threads beside this one, which has rows of its own */
  readonly workers: number;
  /** where a bundler put sparseWorker.js, if not where this package has it */
  readonly workerUrl?: URL | undefined;
}

/**
 * Rows of a matrix in several threads, the first run of them in this one. Each row is summed by one thread as one thread would sum it:
 * the same bits for any number of workers. A worker that failed rejects the product; the next product starts another.
 */
export class RowShards {
  readonly #matrix: CompressedRows;
  readonly #own: BoundRows;
  readonly #bounds: readonly number[];
  readonly #remotes: readonly RemoteRows[];
  #queue: Promise<unknown> = Promise.resolve();

  /** Starts nothing: workers start with the first product. @param matrix is kept, for workers that replace others */
  constructor(caller: string, matrix: CompressedRows, { workers, workerUrl }: ShardOptions) {
    this.#matrix = matrix;
    this.#bounds = splitByEntries(matrix, workers + 1);
    this.#own = bindRows(caller, cutRows(matrix, 0, this.#bounds[1]), {});
    this.#remotes = Array.from(
      { length: workers },
      (_, w) =>
        new RemoteRows(`${caller}: worker ${w + 1}`, dtypeOf(matrix.values), workerUrl, () =>
          cutRows(this.#matrix, this.#bounds[w + 1], this.#bounds[w + 2]),
        ),
    );
  }

  /** out (rows,) ← A x, after the products asked for before. */
  product(x: FloatArray, out: FloatArray): Promise<void> {
    const done = this.#queue.then(async () => {
      // a worker that died since is replaced here
      await Promise.all(this.#remotes.map((remote) => remote.bind()));
      const replies = this.#remotes.map((remote, w) => remote.product(x, this.#bounds[w + 2] - this.#bounds[w + 1]));
      const all = Promise.all(replies);
      // waited for below; if this thread's part throws it is no unhandled rejection
      all.catch(() => undefined);
      this.#own.product(x, out.subarray(0, this.#bounds[1]));
      for (const [w, part] of (await all).entries()) out.set(part, this.#bounds[w + 1]);
    });
    this.#queue = done.catch(() => undefined);
    return done;
  }

  /** Ends the workers; what is under way is rejected. */
  async close(): Promise<void> {
    await Promise.all(this.#remotes.map((remote) => remote.close()));
  }
}

/** Rows in a worker. */
class RemoteRows {
  readonly #rows: () => CompressedRows;
  readonly #dtype: Dtype;
  readonly #worker: ThreadRequests<ToWorker, FromWorker>;
  #bound: Promise<unknown> | undefined;
  /** memory that travels to the worker and back */
  #x: FloatArray | undefined;
  #out: FloatArray | undefined;

  constructor(name: string, dtype: Dtype, workerUrl: URL | undefined, rows: () => CompressedRows) {
    this.#rows = rows;
    this.#dtype = dtype;
    const script = workerScript(workerUrl);
    this.#worker = new ThreadRequests({
      name,
      start: (events) => startThread(script, events),
      advice: `; tried ${script.url.href}; where a bundler put sparseWorker.js elsewhere, say where by workerUrl`,
      onEnd: () => {
        this.#bound = undefined;
      },
    });
  }

  /** Starts a worker with the rows unless one is there. */
  bind(): Promise<unknown> {
    if (this.#bound === undefined) {
      const bound = this.#worker.request(() => {
        const own = this.#rows();
        return { message: { type: 'bind', rows: own }, transfer: [own.offsets, own.indices, own.values].map(memory) };
      });
      this.#bound = bound;
      bound.catch(() => {
        if (this.#bound === bound) this.#bound = undefined;
      });
    }
    return this.#bound;
  }

  /** The rows of the product; the caller's until the next product. */
  async product(x: FloatArray, rows: number): Promise<FloatArray> {
    const reply = await this.#worker.request(
      () => {
        const staged = this.#x?.length === x.length ? this.#x : floatArray(this.#dtype, x.length);
        const out = this.#out?.length === rows ? this.#out : floatArray(this.#dtype, rows);
        [this.#x, this.#out] = [undefined, undefined];
        staged.set(x);
        return { message: { type: 'product', x: staged, out }, transfer: [staged, out].map(memory) };
      },
      { start: false },
    );
    [this.#x, this.#out] = [reply.x, reply.out];
    return reply.out!;
  }

  close(): Promise<void> {
    return this.#worker.close();
  }
}

const memory = ({ buffer }: Int32Array | FloatArray): ArrayBuffer => buffer as ArrayBuffer;

/** sparseWorker.js, or what `workerUrl` names; seen from src as well as from dist: the tests run from src. */
function workerScript(workerUrl: URL | undefined): ThreadScript {
  if (workerUrl !== undefined) return { url: workerUrl };
  return {
    // Not written as `new URL(…)`: bundlers would emit the file a second time, with imports that lead nowhere. Bundles in
    // CommonJS have no import.meta.url.
    url: Reflect.construct(URL, ['../../dist/sparseWorker.js', import.meta.url ?? 'file:']) as URL,
    // this expression they know as it stands, and follow its imports
    webWorker: () => new Worker(new URL('../../dist/sparseWorker.js', import.meta.url), { type: 'module' }),
  };
}
