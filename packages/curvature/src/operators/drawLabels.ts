import { exp } from '@hyperribbon/kernels';
import type { FloatArray } from '@hyperribbon/kernels';
import {
  type AnyExamples,
  type Network,
  type TargetExamples,
  type TokenAnswers,
  logits,
  rowsWithin,
  runInBatches,
} from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';

/**
 * One label per example drawn from the model: P(y = c) = softmax(z)_c.
 *
 * Logits are float64 and deterministic, and example i uses number i of the stream (seed, 'fisher-labels'): the draw
 * depends on weights, inputs and seed only, not on dtype, chunks or runtime.
 *
 * @param params flat weights (size,)
 * @returns (count,) class numbers
 */
export function drawLabels(network: Network, params: FloatArray, examples: AnyExamples, seed: number): Int32Array {
  const z = logits(network, params, examples);
  const { classes } = network;
  const draws = stream({ seed, purpose: 'fisher-labels' }).uniform(new Float64Array(examples.count));
  const weights = new Float64Array(classes);
  return Int32Array.from(draws, (uniform, i) => drawClass(z, i * classes, uniform, weights));
}

/**
 * One token per position drawn from the model, P(y_t = c) = softmax(z_t)_c given the input, independently; where the examples ask for none they still
 * ask for none.
 *
 * Token t of example i uses number i · positions + t of the stream (seed, 'fisher-labels').
 *
 * @param params flat weights (size,)
 * @returns (count, positions) token numbers. Cost: a forward pass; 128 MB of logits at a time
 */
export function drawTokens(
  network: Network,
  params: FloatArray,
  examples: TargetExamples,
  { positions, ignore }: TokenAnswers,
  seed: number,
): Float64Array {
  const { count, targets } = examples;
  const vocabulary = network.classes / positions;
  const drawn = stream({ seed, purpose: 'fisher-labels' }).uniform(new Float64Array(count * positions));
  const weights = new Float64Array(vocabulary);
  const batchSize = rowsWithin(500, network.classes);
  runInBatches(
    network,
    params,
    examples,
    { dtype: 'float64', deterministic: true, batchSize },
    () => (w, x) => network.apply(w, x),
    (z, first) => {
      for (let at = 0; at < z.length / vocabulary; at++) {
        const i = first * positions + at;
        drawn[i] = targets[i] === ignore ? ignore : drawClass(z as FloatArray, at * vocabulary, drawn[i], weights);
      }
    },
  );
  return drawn;
}

/** A class from `weights.length` logits, from entry `row` on; the weights are written over. */
function drawClass(z: FloatArray, row: number, uniform: number, weights: Float64Array): number {
  const classes = weights.length;
  let top = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < classes; c++) top = Math.max(top, z[row + c]);
  let total = 0;
  for (let c = 0; c < classes; c++) total += weights[c] = exp(z[row + c] - top);
  let left = uniform * total;
  // the last class takes what rounding leaves over
  for (let c = 0; c < classes - 1; c++) {
    left -= weights[c];
    if (left < 0) return c;
  }
  return classes - 1;
}
