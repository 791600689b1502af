import { type Linearized, type Program, type Spec, plan } from '@hyperribbon/autodiff';
import { requireInteger, requireOneOf } from '@hyperribbon/contract';
import type { Network } from '@hyperribbon/nn';
import { chunkProgram } from './chunkProgram.js';
import {
  type CurvatureOptions,
  type NoWorkers,
  resolveOptions,
  resolveWorkers,
  type WorkerOptions,
} from '../curvatureOptions.js';
import { gaussNewtonProduct, hessianProduct, outerProduct } from './products.js';
import { shardRanges } from '../shards/shardRanges.js';
import { nodesOf, treeLevels } from '../shards/treeSum.js';

/** What an operator will take, before it is built. */
export interface CurvatureCost {
  /** bytes with all chunks kept in memory, of all threads */
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
  network: Network,
  count: number,
  options: CurvatureOptions & (WorkerOptions | NoWorkers) = {},
): CurvatureCost {
  const { loss, chunkSize: wanted, dtype } = resolveOptions('curvatureCost', options);
  const workers = options.workers === undefined ? 1 : resolveWorkers('curvatureCost', options).workers;
  requireInteger('curvatureCost', 'count', count, 1);
  requireOneOf('curvatureCost', 'kind', kind, ['hessian', 'gaussNewton', 'fisher']);
  const products = { hessian: hessianProduct, gaussNewton: gaussNewtonProduct, fisher: outerProduct };
  const chunkSize = Math.min(wanted, count);
  const chunks = Math.ceil(count / chunkSize);
  const rest = count - (chunks - 1) * chunkSize;
  const measure = (rows: number): ChunkCost =>
    chunkCost(chunkProgram(network, products[kind](network, loss), rows, { loss, dtype }), network.parameters.length);
  const full = measure(chunkSize);
  const tail = rest === chunkSize ? full : measure(rest);
  const shards = shardRanges(chunks, workers).map(({ from, to }) => {
    const costs = Array.from({ length: to - from }, (_, i) => (from + i === chunks - 1 ? tail : full));
    return { ...shardCost(costs), share: (to - from) / chunks, sums: shardSumVectors(from, to) };
  });
  const total = (of: (shard: (typeof shards)[number]) => number): number =>
    shards.reduce((sum, shard) => sum + of(shard), 0);
  return {
    bytes: total((shard) => shard.bytes),
    residualBytes: total((shard) => shard.residuals),
    // the budget is divided by chunks, and the tightest part decides
    leastBytes: Math.max(...shards.map(({ least, share }) => Math.ceil(least / share))),
    sumBytes:
      8 * network.size * (treeLevels(chunks) + (options.workers === undefined ? 0 : 1 + total(({ sums }) => sums))),
    flops: total((shard) => shard.flops),
    chunks,
    workers: shards.length,
  };
}

/** What one thread keeps for its chunks. */
function shardCost(costs: readonly ChunkCost[]): {
  readonly bytes: number;
  readonly residuals: number;
  readonly least: number;
  readonly flops: number;
} {
  const sizes = [...new Set(costs)];
  const fixed =
    costs[0].vectors +
    Math.max(...sizes.map(({ arena }) => arena)) +
    sizes.reduce((sum, { constants }) => sum + constants, 0);
  const total = (of: (cost: ChunkCost) => number): number => costs.reduce((sum, cost) => sum + of(cost), 0);
  const residuals = total((cost) => cost.residuals);
  return {
    bytes: fixed + residuals + total(({ data }) => data),
    residuals,
    least: fixed + Math.max(...sizes.map((cost) => cost.residuals + cost.data)),
    flops: total(({ flops }) => flops),
  };
}

/** float64 vectors beside the levels of the whole sum: a thread's own levels, and its nodes of the gradient and of a product. */
function shardSumVectors(first: number, end: number): number {
  const nodes = nodesOf(first, end);
  return treeLevels(2 ** Math.max(...nodes)) + 2 * nodes.length;
}

interface ChunkCost {
  /** temporaries, shared by all chunks */
  readonly arena: number;
  readonly constants: number;
  /** weights, direction, gradient and product */
  readonly vectors: number;
  readonly data: number;
  readonly residuals: number;
  readonly flops: number;
}

function chunkCost({ primal, tangent, residuals }: Linearized, weights: number): ChunkCost {
  const stored = new Set(
    residuals.flatMap((residual) => {
      if ('input' in residual) return [];
      const value = primal.outputs[residual.output];
      return primal.inputs.includes(value) ? [] : [value];
    }),
  );
  const once = 1 + weights;
  const kept = [...stored].map((value) => primal.values[value]);
  const all = (length: number): boolean[] => Array.from({ length }, () => true);
  // the three plans that a chunk binds: once with sums, once more for residuals that do not stay, and per product
  const parts = [
    plan({ ...primal, outputs: [...primal.outputs.slice(0, once), ...stored] }, { accumulate: all(once) }),
    plan({ ...primal, outputs: [...stored] }),
    plan(tangent, { accumulate: all(tangent.outputs.length) }),
  ];
  const specs = (program: Program, values: readonly number[]): Spec[] => values.map((value) => program.values[value]);
  return {
    arena: Math.max(...parts.map(({ layout }) => layout.total)),
    constants: parts
      .flatMap(({ constants }) => constants)
      .reduce((sum, { byteLength }) => sum + aligned(byteLength), 0),
    vectors: bytesOf([
      ...specs(primal, primal.inputs.slice(0, weights)),
      ...specs(primal, primal.outputs.slice(0, once)),
      ...specs(tangent, tangent.inputs.slice(residuals.length)),
      ...specs(tangent, tangent.outputs),
    ]),
    data: bytesOf(specs(primal, primal.inputs.slice(weights))),
    residuals: bytesOf(kept),
    flops: parts[2].flops,
  };
}

function bytesOf(specs: readonly Spec[]): number {
  const width = { float32: 4, float64: 8, int32: 4 };
  return specs.reduce(
    (sum, { shape, dtype }) => sum + aligned(shape.reduce((product, extent) => product * extent, 1) * width[dtype]),
    0,
  );
}

/** Arrays start at cache lines. */
function aligned(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
