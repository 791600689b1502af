import { float32, float64 } from '@hyperribbon/autodiff';
import type { Linearized } from '@hyperribbon/autodiff/programs';
import { linearizedCosts } from '@hyperribbon/autodiff/chunked';
import { requireInteger, requireOneOf } from '@hyperribbon/contract';
import { type Network, nodesOf, planBatches, shareRanges, treeLevels } from '@hyperribbon/nn';
import { chunkSizeWithin } from './chunkSizeWithin.js';
import { chunkProgram } from './chunkProgram.js';
import {
  type CurvatureOptions,
  type NoWorkers,
  resolveOptions,
  resolveWorkers,
  type WorkerOptions,
} from '../curvatureOptions.js';
import { scoped } from './scoped.js';
import { gaussNewtonProduct, hessianProduct, outerProduct } from './products.js';
import { sharedInputs } from '../shards/bindShard.js';

/** What an operator will take, before it is built. */
export interface CurvatureCost {
  /**
   * bytes with all chunks kept in memory, of all threads; where inputs are mostly zero, lists of their entries come besides (at most 1.3 times
   * the bytes of the inputs) as far as memoryLimit allows
   */
  readonly bytes: number;
  /** the part of it that does not depend on the direction */
  readonly residualBytes: number;
  /** bytes with one chunk kept at a time by every thread: the least memoryLimit */
  readonly leastBytes: number;
  /** bytes of the float64 sums over chunks, outside the budget; with workers also of those on their way */
  readonly sumBytes: number;
  /** floating-point operations of one product with all chunks kept */
  readonly flops: number;
  readonly chunks: number;
  /** examples per chunk; the last holds the rest */
  readonly chunkSize: number;
  /** threads that will compute, this one included */
  readonly workers: number;
}

/**
 * Bytes and flops of an operator over `count` examples.
 *
 * @param kind 'fisher' stands for the sampled and empirical ones; the exact one is a Gauss-Newton matrix
 * @param count number of examples
 * @param options those of the operator, `workers` included
 * @throws ArgumentError for a count that is not a whole number ≥ 1, or options out of range
 * Cost: plans the programs (milliseconds); allocates none of the memory it counts.
 * @example
 * const { bytes } = curvatureCost('hessian', net, 60_000);   // 3.1e9: set chunkSize or memoryLimit
 */
export function curvatureCost(
  kind: 'hessian' | 'gaussNewton' | 'fisher',
  whole: Network,
  count: number,
  options: CurvatureOptions & (WorkerOptions | NoWorkers) = {},
): CurvatureCost {
  const { loss, chunkSize, anyChunkSize, memoryLimit, dtype, parameters } = resolveOptions('curvatureCost', options);
  const workers = options.workers === undefined ? 1 : resolveWorkers('curvatureCost', options).workers;
  requireInteger('curvatureCost', 'count', count, 1);
  requireOneOf('curvatureCost', 'kind', kind, ['hessian', 'gaussNewton', 'fisher']);
  // bytes do not depend on the weights
  const network =
    parameters === undefined ? whole : scoped('curvatureCost', whole, whole.init(0), { parameters }).network;
  const products = { hessian: hessianProduct, gaussNewton: gaussNewtonProduct, fisher: outerProduct };
  const weights = network.parameters.length;
  const programOf = (rows: number): Linearized =>
    chunkProgram(network, products[kind](network, loss), rows, {
      loss,
      dtype,
      ...(loss.tokens && { answers: (dtype === 'float64' ? float64 : float32)(rows, loss.tokens.positions) }),
    });
  const perChunk = anyChunkSize
    ? chunkSizeWithin({ programOf, weights, dataArrays: 2, count, memoryLimit })
    : Math.min(chunkSize, count);
  const programs = planBatches(count, perChunk, programOf);
  const { batches: chunks, full } = programs;
  const costOf = linearizedCosts([...new Set([full, programs.of(chunks - 1)])], {
    shared: sharedInputs(weights),
    outputs: 1 + weights,
  });
  const shards = shareRanges(chunks, workers).map(({ from, to }) => {
    const used = Array.from({ length: to - from }, (_, i) => (programs.of(from + i) === full ? 0 : 1));
    return { ...costOf(used), share: (to - from) / chunks, sums: shardSumVectors(from, to) };
  });
  const total = (of: (shard: (typeof shards)[number]) => number): number =>
    shards.reduce((sum, shard) => sum + of(shard), 0);
  return {
    bytes: total((shard) => shard.bytes),
    residualBytes: total((shard) => shard.residualBytes),
    // the budget is divided by chunks, and the tightest part decides
    leastBytes: Math.max(...shards.map(({ leastBytes, share }) => Math.ceil(leastBytes / share))),
    sumBytes:
      8 * network.size * (treeLevels(chunks) + (options.workers === undefined ? 0 : 1 + total(({ sums }) => sums))),
    flops: total((shard) => shard.flops),
    chunks,
    chunkSize: perChunk,
    workers: shards.length,
  };
}

/** float64 vectors beside the levels of the whole sum: a thread's own levels, and its nodes of the gradient and of a product. */
function shardSumVectors(first: number, end: number): number {
  const nodes = nodesOf(first, end);
  return treeLevels(2 ** Math.max(...nodes)) + 2 * nodes.length;
}
