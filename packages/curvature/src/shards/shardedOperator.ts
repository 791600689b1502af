import type { FloatArray } from '@hyperribbon/kernels';
import type { ResolvedWorkers } from '../curvatureOptions.js';
import type { CurvatureInfo, ShardedCurvatureOperator } from '../operators/curvatureOperator.js';
import type { CutExamples } from './cutExamples.js';
import { norm } from './norm.js';
import type { Shard } from './shard.js';
import { type Linearised, ShardPool } from './shardPool.js';
import { shardRanges } from './shardRanges.js';

/** What every operator over the same data says about itself, however it runs. */
export type OperatorFacts = Pick<
  CurvatureInfo,
  'kind' | 'network' | 'reduction' | 'dtype' | 'examples' | 'chunks' | 'chunkSize' | 'seed'
>;

// Workers of an operator that nobody can reach any more are ended; a pool never refers to its operator.
const abandoned: FinalizationRegistry<ShardPool> = new FinalizationRegistry((pool) => void pool.closeWhenIdle());

interface SharingOptions extends ResolvedWorkers {
  readonly scale: number;
  readonly memoryBudget: number;
}

/** An operator whose chunks are shared among threads, this one included. */
export function shardedOperator(
  caller: string,
  params: FloatArray,
  cut: CutExamples,
  facts: OperatorFacts,
  options: SharingOptions,
): ShardedCurvatureOperator {
  const { scale } = options;
  const workers = Math.min(options.workers, cut.chunks);
  const pool = startPool(cut, options);
  const size = params.length;
  let products = 0;
  const known = (what: string): Linearised => {
    const { linearised } = pool;
    if (linearised !== undefined) return linearised;
    throw new TypeError(`${caller}: ${what} is not known before the workers have started; await operator.ready first`);
  };
  const operator: ShardedCurvatureOperator = {
    size,
    dtype: facts.dtype,
    get loss() {
      return scale * known('loss').losses.reduce((sum, loss) => sum + loss, 0);
    },
    get gradientNorm() {
      return norm(known('gradientNorm').gradient);
    },
    gradient: () => known('gradient').gradient.slice(),
    get products() {
      return products;
    },
    get info() {
      const { kernels, residentChunks, bytes, residualBytes, flops } = known('info');
      return { ...facts, kernels, residentChunks, bytes, residualBytes, flops, workers };
    },
    get ready() {
      return pool.start();
    },
    apply: (x, out) => operator.applyBlock(x, out, 1),
    async applyBlock(x, out, columns) {
      if (!Number.isInteger(columns) || columns < 0) {
        throw new RangeError(`${caller}: applyBlock takes an integer number of columns ≥ 0, got ${columns}`);
      }
      if (x.length !== size * columns || out.length !== size * columns) {
        throw new RangeError(
          `${caller}: apply takes x and out of ${size * columns} numbers, got ${x.length} and ${out.length}`,
        );
      }
      if (columns === 0) return;
      await pool.products(x, out, columns);
      products += columns;
    },
    close: () => pool.close(),
  };
  abandoned.register(operator, pool);
  return operator;
}

// apart from the operator: closures of one scope keep alive whatever any of them uses, and the pool must not keep it
function startPool(
  cut: CutExamples,
  { scale, workers, workerTimeout, workerUrl, memoryBudget }: SharingOptions,
): ShardPool {
  const { chunks } = cut;
  const shards = shardRanges(chunks, workers).map(
    ([from, to]) =>
      (): Shard =>
        cut.shard(from, to, (memoryBudget * (to - from)) / chunks),
  );
  return new ShardPool(shards[0](), shards.slice(1), { scale, timeout: workerTimeout, workerUrl, chunks });
}
