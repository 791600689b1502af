import type { FloatArray } from '@hyperribbon/kernels';
import { stream } from '@hyperribbon/random';
import type { Examples } from '../examples.js';

/** The order of the examples in one epoch: a permutation from stream (seed, 'batch-order', epoch). */
export function batchOrder(count: number, seed: number, epoch: number): Int32Array {
  return stream({ seed, purpose: 'batch-order', index: epoch }).permutation(count);
}

/** Copies examples order[first], order[first + 1], … into `inputs` and `labels`, as many as fit in `labels`. */
export function gatherBatch(
  examples: Examples,
  order: Int32Array,
  first: number,
  inputs: FloatArray,
  labels: Int32Array,
): void {
  const { features } = examples;
  const source = examples.inputs;
  for (let i = 0; i < labels.length; i++) {
    const row = order[first + i];
    labels[i] = examples.labels[row];
    const from = row * features;
    const to = i * features;
    for (let j = 0; j < features; j++) inputs[to + j] = source[from + j];
  }
}
