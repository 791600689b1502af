import { linearizedCosts } from '@hyperribbon/autodiff/chunked';
import type { Linearized } from '@hyperribbon/autodiff/programs';
import { usualChunkSize } from '../curvatureOptions.js';
import { sharedInputs } from '../shards/bindShard.js';

interface ChunkPrograms {
  /** of a chunk of so many examples */
  readonly programOf: (rows: number) => Linearized;
  /** arrays of weights */
  readonly weights: number;
  /** arrays of data */
  readonly dataArrays: number;
  readonly count: number;
  readonly memoryLimit: number;
}

/**
 * Examples per chunk: the usual number, or where one such chunk does not fit the memory allowed, the largest power of two that takes half of it, which
 * leaves the other half for what is kept of the other chunks. It does not depend on the number of threads, so that bits do not either.
 *
 * @returns 1 at the least, whether or not that fits
 * Cost: plans a program for each size that it tries, three or four of them
 */
export function chunkSizeWithin({ programOf, weights, dataArrays, count, memoryLimit }: ChunkPrograms): number {
  const usual = Math.min(usualChunkSize, count);
  const bytesOf = (rows: number): number =>
    linearizedCosts([programOf(rows)], { shared: sharedInputs(weights, dataArrays), outputs: 1 + weights })([0])
      .leastBytes;
  if (bytesOf(usual) <= memoryLimit) return usual;
  const one = bytesOf(1);
  const perExample = Math.max(1, bytesOf(2) - one);
  const rows = Math.floor((memoryLimit / 2 - one) / perExample) + 1;
  let size = 1;
  while (2 * size <= Math.min(rows, usual - 1)) size *= 2;
  while (size > 1 && bytesOf(size) > memoryLimit) size /= 2;
  return size;
}
