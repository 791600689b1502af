import { exp } from '@hyperribbon/kernels';
import type { FloatArray } from '@hyperribbon/kernels';
import { type AnyExamples, type Network, logits } from '@hyperribbon/nn';
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
  return Int32Array.from(draws, (uniform, i) => {
    const row = i * classes;
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
  });
}
