import { activation, add, dense, full, grad, sum, type Tensor } from '@hyperribbon/autodiff';
import type { Dtype } from '@hyperribbon/kernels';
import type { DenseStructure, Loss, ParameterTensors } from '@hyperribbon/nn';

/** What enters each dense layer, and what comes back to it. */
export interface LayerTaps {
  /** a_{l−1} (batch, widths[l−1]), l = 1..L: the inputs first, then the hidden activations */
  readonly inputs: readonly Tensor[];
  /** δ_l (batch, widths[l]): gradient of each example's number by the pre-activations of layer l */
  readonly deltas: readonly Tensor[];
}

/**
 * The two factors of every example's gradient in a stack of dense layers: by W_l it is a_{l−1} δ_lᵀ, by b_l it is δ_l.
 *
 * @param x inputs (batch, widths[0])
 */
export function layerTaps(
  { widths, activation: name }: DenseStructure,
  of: Loss,
  weights: ParameterTensors,
  x: Tensor,
  labels: Tensor,
  dtype: Dtype = 'float64',
): LayerTaps {
  const activate = activation(name);
  const layers = widths.length - 1;
  const inputs: Tensor[] = [];
  let h = x;
  for (let l = 1; l <= layers; l++) {
    inputs.push(h);
    if (l < layers) h = activate(dense(h, weights[`W${l}`], weights[`b${l}`]));
  }
  // zeros added to the pre-activations: the gradient by them is δ
  const summed = (zeros: readonly Tensor[]): Tensor => {
    let a = x;
    zeros.forEach((zero, i) => {
      const z = add(dense(a, weights[`W${i + 1}`], weights[`b${i + 1}`]), zero);
      a = i < layers - 1 ? activate(z) : z;
    });
    return sum(of(a, labels));
  };
  const batch = x.shape[0];
  return { inputs, deltas: grad(summed)(widths.slice(1).map((width) => full([batch, width], 0, dtype))) };
}
