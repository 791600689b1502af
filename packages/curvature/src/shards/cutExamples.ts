import { floatArray } from '@hyperribbon/contract';
import { type Dtype, experimentalSimd, type FloatArray } from '@hyperribbon/kernels';
import { type Answers, answersOf, type AnyExamples, type Network, planBatches, type ShareRange } from '@hyperribbon/nn';
import { chunkProgram } from '../operators/chunkProgram.js';
import type { ResolvedOptions } from '../curvatureOptions.js';
import type { Linearized } from '@hyperribbon/autodiff/programs';
import type { ChunkProduct } from '../operators/products.js';
import type { ChunkData, Shard } from './shard.js';

/** A data set cut into chunks, with the program of each. */
export interface CutExamples {
  readonly chunkSize: number;
  readonly chunks: number;
  readonly count: number;
  /** arrays of weights, and of the data of a chunk */
  readonly weights: number;
  readonly dataArrays: number;
  /** of a chunk of so many examples */
  readonly programOf: (rows: number) => Linearized;
  /** Some chunks, with memory of their own; arrays of the data set are not copied where they fit. */
  shard(range: ShareRange, memoryLimit: number): Shard;
}

/**
 * Cuts checked examples into chunks, and makes the program of each size there is.
 *
 * @param drawn answers that the product sees, the loss sees those of the examples
 */
export function cutExamples(
  caller: string,
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  { product, drawn }: { readonly product: ChunkProduct; readonly drawn?: ((dtype: Dtype) => Answers) | undefined },
  { loss, dtype, deterministic, chunkSize: wanted }: ResolvedOptions,
): CutExamples {
  const { count, features, inputs } = examples;
  const answers = answersOf(examples, dtype);
  const others = drawn?.(dtype);
  const shares = examples.weights && floatArray(dtype, examples.weights);
  const weighted = shares !== undefined;
  const chunkSize = Math.min(wanted, count);
  const programOf = (rows: number): Linearized =>
    chunkProgram(network, product, rows, {
      loss,
      dtype,
      answers: answers.spec(rows),
      drawn: others !== undefined,
      weighted,
    });
  const plans = planBatches(count, chunkSize, programOf);
  const chunkData = (chunk: number): ChunkData => {
    const [first, end] = [chunk * chunkSize, Math.min(count, (chunk + 1) * chunkSize)];
    const rows = inputs.subarray(first * features, end * features);
    const x = dtype === 'float32' && rows.BYTES_PER_ELEMENT === 4 ? rows : floatArray(dtype, rows);
    const given = answers.of(first, end);
    return [x, given, ...(others ? [others.of(first, end)] : []), ...(shares ? [shares.subarray(first, end)] : [])];
  };
  return {
    chunkSize,
    chunks: plans.batches,
    count,
    weights: network.parameters.length,
    dataArrays: 2 + Number(others !== undefined) + Number(weighted),
    programOf,
    shard({ from, to }, memoryLimit) {
      const numbers = Array.from({ length: to - from }, (_, i) => from + i);
      const used = numbers.map(plans.of);
      const programs = [...new Set(used)];
      return {
        caller,
        firstChunk: from,
        programs,
        programOf: used.map((one) => programs.indexOf(one)),
        data: numbers.map(chunkData),
        params,
        weightArrays: network.parameters.length,
        dtype,
        deterministic,
        wideTiles: experimentalSimd().revectorized,
        memoryLimit,
      };
    },
  };
}
