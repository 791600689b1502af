import { entriesOf, type LinearizedPlan } from '@hyperribbon/autodiff/chunked';
import type { FloatArray } from '@hyperribbon/kernels';
import type { PlanInfo } from '../operators/curvatureOperator.js';
import { planWithin } from './planWithin.js';
import type { Shard } from './shard.js';
import { scatterPieces } from '@hyperribbon/nn';

/** What a plan takes, as plain data. */
export function planInfo({ kernels, residentChunks, bytes, residualBytes, tangent }: LinearizedPlan): PlanInfo {
  return { kernels, residentChunks, bytes, residualBytes, flops: tangent.flops };
}

/** Of a chunk's program: all chunks see the same weights; the arrays of their data are their own. */
export function sharedInputs(weightArrays: number, dataArrays = 2): readonly boolean[] {
  return Array.from({ length: weightArrays + dataArrays }, (_, i) => i < weightArrays);
}

/** Lists pay where less than so many entries are not zero: at 0.19 products take half the time, at 0.3 two thirds. */
const largestShare = 0.3;

/** How many numbers are not zero, where these are few. */
function entriesIfMostlyZero(values: FloatArray | Int32Array): number | undefined {
  const entries = entriesOf(values);
  return entries <= largestShare * values.length ? entries : undefined;
}

/**
 * Plans the programs of a shard in memory of its own and gives them weights and data; nothing has run yet.
 *
 * @throws MemoryLimitError if not even one chunk at a time fits the shard's budget
 */
export function bindShard({
  caller,
  programs,
  programOf,
  data,
  params,
  weightArrays,
  deterministic,
  memoryLimit,
}: Shard): LinearizedPlan {
  const plan = planWithin(caller, programs, {
    // the loss, and its gradient by every array
    outputs: 1 + weightArrays,
    chunks: programOf,
    shared: sharedInputs(weightArrays, data[0].length),
    entries: (chunk, input) => entriesIfMostlyZero(data[chunk][input - weightArrays]),
    memoryLimit,
    deterministic,
  });
  scatterPieces(params, 0, plan.shared.slice(0, weightArrays) as readonly FloatArray[]);
  const shared = Array.from({ length: weightArrays }, () => undefined);
  data.forEach((arrays, chunk) => plan.setData(chunk, [...shared, ...arrays]));
  return plan;
}
