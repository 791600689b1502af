import type { LinearizedPlan } from '@hyperribbon/autodiff/chunked';
import type { FloatArray } from '@hyperribbon/kernels';
import { bindShard } from './bindShard.js';
import type { Shard } from './shard.js';
import { createTreeSum, nodesOf, scatterPieces } from '@hyperribbon/nn';

/** What one thread contributes: its part of every sum over chunks, as nodes of the tree that all threads share. */
export interface ShardSums {
  readonly plan: LinearizedPlan;
  /** levels of its nodes, in order */
  readonly nodes: readonly number[];
  /** Memory for the sums of `columns` products: one vector per column and node, column by column. */
  allocate(columns: number): Float64Array[];
  /** Runs what does not depend on the direction: loss of each chunk, gradient sums by node. Pauses after every chunk. */
  linearise(losses: Float64Array, sums: readonly Float64Array[]): Generator<undefined, void>;
  /** Products of the vectors in x, stored one after another, as sums by column and node. Pauses after every chunk. */
  products(x: FloatArray, columns: number, sums: readonly Float64Array[]): Generator<undefined, void>;
}

/** Binds a shard. Its float64 sums take one vector per level of its largest node, and one per node and column. */
export function shardSums(shard: Shard): ShardSums {
  const plan = bindShard(shard);
  const size = shard.params.length;
  const nodes = nodesOf(shard.firstChunk, shard.firstChunk + shard.programOf.length);
  const tree = createTreeSum(size, 2 ** Math.max(...nodes));
  const [lossOutput, ...gradientOutputs] = plan.primal.outputs as readonly FloatArray[];
  const outputs = plan.tangent.outputs as readonly FloatArray[];
  const tangents = plan.tangents as readonly FloatArray[];
  /** Runs every chunk and adds its outputs to the sum of its node, sums[first + node]; pauses after each. */
  function* byNode(
    part: LinearizedPlan['primal'] | LinearizedPlan['tangent'],
    parts: readonly FloatArray[],
    sums: readonly Float64Array[],
    first: number,
  ): Generator<number, void> {
    let chunk = 0;
    for (let node = 0; node < nodes.length; node++) {
      for (const end = chunk + 2 ** nodes[node]; chunk < end; chunk++) {
        part.clear();
        part.run(chunk);
        tree.add(parts);
        yield chunk;
      }
      tree.total(1, sums[first + node]);
    }
  }
  return {
    plan,
    nodes,
    allocate: (columns) => Array.from({ length: columns * nodes.length }, () => new Float64Array(size)),
    *linearise(losses, sums) {
      tree.clear();
      for (const chunk of byNode(plan.primal, gradientOutputs, sums, 0)) {
        losses[chunk] = lossOutput[0];
        yield;
      }
    },
    *products(x, columns, sums) {
      tree.clear();
      for (let column = 0; column < columns; column++) {
        scatterPieces(x, column * size, tangents);
        for (const _ of byNode(plan.tangent, outputs, sums, column * nodes.length)) yield;
      }
    },
  };
}
