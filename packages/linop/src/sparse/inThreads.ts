import { refuse, requireInteger, requireOnly, requireOptions } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { LinearOperator } from '../linearOperator.js';
import { dtypeOf } from '../matrixArguments.js';
import type { RectangularOperator } from '../rectangularOperator.js';
import { transposeRows } from './compressedRows.js';
import { RowShards, type ShardOptions } from './rowShards.js';
import type { SparseMatrix, SymmetricSparseMatrix } from './sparseMatrix.js';

/** An operator whose products come from several threads. */
export type InThreads<Operator> = Operator & {
  /** Ends the workers; later products reject. An idle worker keeps no process alive. */
  close(): Promise<void>;
};

/**
 * A sparse matrix whose rows are multiplied in several threads at the same time, parted by numbers of entries: the same bits as in one thread.
 *
 * Each product sends the vector to every worker and its rows back, 16 bytes a row and worker in float64, and waits for the slowest: for large matrices of
 * scattered columns.
 *
 * @param a symmetric matrices in full storage; of others the transpose is kept too, for applyTranspose
 * @param options workers: threads beside this one, 0 ≤ workers ≤ 64; workerUrl
 * @returns a LinearOperator or a RectangularOperator with products as promises
 * @throws ArgumentError for half storage, whose rows write into each other. Products reject with WorkerError where a worker fails
 * Cost: the matrix once more, in pieces; a rectangular one three times.
 * @example
 * const A = inThreads(asSymmetric(sparseFromDense(Float64Array.of(2, 1, 1, 2), 2, 2)), { workers: 0 });
 * const out = new Float64Array(2);
 * await A.apply(Float64Array.of(1, 0), out);
 * out; // 2, 1
 */
export function inThreads(a: SymmetricSparseMatrix, options: ShardOptions): InThreads<LinearOperator>;
export function inThreads(a: SparseMatrix, options: ShardOptions): InThreads<RectangularOperator>;
export function inThreads(
  a: SparseMatrix | SymmetricSparseMatrix,
  options: ShardOptions,
): InThreads<LinearOperator> | InThreads<RectangularOperator> {
  requireOptions('inThreads', options);
  requireOnly('inThreads', options, ['workers', 'workerUrl']);
  requireInteger('inThreads', 'workers', options.workers, 0, 64);
  if ('storage' in a && a.storage === 'half')
    refuse('inThreads', `rows of half storage write into each other; make the matrix with storage: 'full'`);
  const forward = new RowShards('inThreads', a, options);
  const dtype = dtypeOf(a.values);
  const apply = multiply(forward, a.columns, a.rows);
  if ('storage' in a) return { size: a.size, dtype, apply, close: () => forward.close() };
  const backward = new RowShards('inThreads', transposeRows(a), options);
  return {
    rows: a.rows,
    columns: a.columns,
    dtype,
    apply,
    applyTranspose: multiply(backward, a.rows, a.columns),
    async close() {
      await Promise.all([forward.close(), backward.close()]);
    },
  };
}

/** A product that checks lengths before a thread hears of it. */
function multiply(
  shards: RowShards,
  lengthIn: number,
  lengthOut: number,
): (x: FloatArray, out: FloatArray) => Promise<void> {
  return async (x: FloatArray, out: FloatArray): Promise<void> => {
    if (x.length !== lengthIn || out.length !== lengthOut)
      refuse('apply', `x must have length ${lengthIn} and out ${lengthOut}, got ${x.length} and ${out.length}`);
    await shards.product(x, out);
  };
}
