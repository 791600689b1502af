import { type Tensor, add, full, grad, sum } from '@hyperribbon/autodiff';
import type { Loss, NetworkProgram, ParameterTensors } from '@hyperribbon/nn';

/** What enters each affine map of a network, and what comes back to it. */
export interface MapFactors {
  /** X (rows, inputs) of every map */
  readonly inputs: readonly Tensor[];
  /** δ (rows, outputs) of every map: gradient of each example's number by the map's outputs */
  readonly deltas: readonly Tensor[];
}

/**
 * The factors of every example's gradient: by the weights of a map it is Σ X_r δ_rᵀ over the rows r of the example, one row in a dense
 * layer, and by the bias Σ δ_r.
 */
export function mapFactors(
  network: NetworkProgram,
  of: Loss,
  weights: ParameterTensors,
  x: Tensor,
  labels: Tensor,
): MapFactors {
  const { taps } = network.run(weights, x);
  // zeros added to what leaves the maps: the gradient by them is δ
  const summed = (zeros: readonly Tensor[]): Tensor =>
    sum(of(network.run(weights, x, ({ output }, i) => add(output, zeros[i])).logits, labels));
  return {
    inputs: taps.map(({ input }) => input),
    deltas: grad(summed)(taps.map(({ output }) => full(output.shape, 0, x.dtype as 'float64'))),
  };
}
