import type { LinearizedPrograms } from '@hyperribbon/autodiff/chunked';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';

/**
 * What a chunk of examples is to its program: inputs (rows, features), answers, labels (rows,) or targets (rows, outputs), drawn ones where the
 * product sees others, and shares (rows,) where examples count differently.
 */
export type ChunkData = readonly (FloatArray | Int32Array)[];

/**
 * Consecutive chunks of examples with all that their products need, as plain data: a program is data too, so any network
 * and any loss can be sent to another thread, where closures cannot go.
 */
export interface Shard {
  /** first word of error messages */
  readonly caller: string;
  /** number of its first chunk among those of the whole data set */
  readonly firstChunk: number;
  /** one per chunk size */
  readonly programs: readonly LinearizedPrograms[];
  /** by chunk, the position of its program */
  readonly programOf: readonly number[];
  readonly data: readonly ChunkData[];
  /** flat weights, and how many arrays a network holds them in */
  readonly params: FloatArray;
  readonly weightArrays: number;
  readonly dtype: Dtype;
  readonly deterministic: boolean;
  /** the program switched wide tiles on; a thread chooses its tiles itself, and that must be told to it */
  readonly wideTiles: boolean;
  readonly memoryLimit: number;
}

/** The same shard in memory of its own, and that memory: to be given away. */
export function detachShard(shard: Shard): { readonly shard: Shard; readonly memory: ArrayBuffer[] } {
  const params = shard.params.slice();
  const data = shard.data.map((arrays): ChunkData => arrays.map((array) => array.slice()));
  const memory = [params, ...data.flat()].map(({ buffer }) => buffer as ArrayBuffer);
  return { shard: { ...shard, params, data }, memory };
}
