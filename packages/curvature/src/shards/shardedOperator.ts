import { refuse, requireInteger } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { OperatorFacts, ShardedCurvatureOperator } from '../operators/curvatureOperator.js';
import type { CutExamples } from './cutExamples.js';
import { norm } from './norm.js';
import type { Shard } from './shard.js';
import { type Linearised, type PoolOptions, ShardPool } from './shardPool.js';
import { shareRanges } from '@hyperribbon/nn';

// Workers of an operator that nobody can reach any more are ended; a pool never refers to its operator.
const abandoned: FinalizationRegistry<ShardPool> = new FinalizationRegistry((pool) => void pool.closeWhenIdle());

interface SharingOptions extends Omit<PoolOptions, 'chunks'> {
  readonly memoryLimit: number;
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
  let matvecs = 0;
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
    get matvecs() {
      return matvecs;
    },
    get info() {
      return { ...facts, ...known('info').plan, workers };
    },
    get ready() {
      return pool.start();
    },
    apply: (x, out) => operator.applyBlock(x, out, 1),
    async applyBlock(x, out, columns) {
      requireInteger(caller, 'columns', columns, 0);
      requireVectors(caller, size * columns, x, out);
      if (columns === 0) return;
      await pool.products(x, out, columns);
      matvecs += columns;
    },
    close: () => pool.close(),
  };
  abandoned.register(operator, pool);
  return operator;
}

// apart from the operator: closures of one scope keep alive whatever any of them uses, and the pool must not keep it
function startPool(cut: CutExamples, { memoryLimit, ...options }: SharingOptions): ShardPool {
  const { chunks } = cut;
  const shards = shareRanges(chunks, options.workers).map((range) => (): Shard => {
    const share = (memoryLimit * (range.to - range.from)) / chunks;
    return cut.shard(range, share);
  });
  return new ShardPool(shards[0](), shards.slice(1), { ...options, chunks });
}

/** Checks what `apply` is given. @throws ArgumentError */
export function requireVectors(caller: string, size: number, x: FloatArray, out: FloatArray): void {
  if (x.length !== size || out.length !== size)
    refuse(caller, `apply takes x and out of ${size} numbers, got ${x.length} and ${out.length}`);
}
