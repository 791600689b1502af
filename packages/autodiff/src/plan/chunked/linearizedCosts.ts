import { bytesOf, divideMemory } from './chunkMemory.js';
import { linearizedParts } from './linearizedParts.js';
import type { LinearizedPlanOptions, LinearizedPrograms } from './linearizedPlan.js';

/** What a {@link LinearizedPlan} of some chunks will take. */
export interface LinearizedCost {
  /** with all chunks resident */
  readonly bytes: number;
  /** the part of it that holds what does not depend on the tangents */
  readonly residualBytes: number;
  /** with one chunk at a time */
  readonly leastBytes: number;
  /** of one tangent pass over all chunks, resident */
  readonly flops: number;
}

/**
 * What `planLinearized` would take of memory, without taking any.
 *
 * @param programs one linearised program per chunk size, planned here once
 * @returns the cost of chunks, each given by the position of its program
 */
export function linearizedCosts(
  programs: readonly LinearizedPrograms[],
  { shared, outputs }: Pick<LinearizedPlanOptions, 'shared' | 'outputs'>,
): (chunks: readonly number[]) => LinearizedCost {
  const planned = programs.map((program) => linearizedParts(program, { outputs }));
  return (chunks) => {
    const used = [...new Set(chunks)];
    const parts = used.map((p) => planned[p]!);
    const places = chunks.map((p) => used.indexOf(p));
    const total = (of: (part: (typeof planned)[number]) => number): number =>
      chunks.reduce((sum, p) => sum + of(planned[p]!), 0);
    return {
      bytes: divideMemory(parts, places, shared, Infinity).bytes,
      residualBytes: total(({ stored }) => bytesOf(stored)),
      leastBytes: divideMemory(parts, places, shared, 0).bytes,
      flops: total(({ tangent }) => tangent.flops),
    };
  };
}
