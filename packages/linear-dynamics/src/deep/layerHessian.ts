import { requireInteger } from '@hyperribbon/contract';
import { eigvalsh } from '@hyperribbon/lanczos';
import { requireNet, partialProduct, type DeepLinearNet } from './deepLinearNet.js';
import { columnGram, multiply, transpose } from './dense.js';
import { vectorOf } from '../vectors.js';

/** The Hessian of one layer as a Kronecker product of two small matrices. */
export interface LayerHessian {
  /** B Bᵀ/n = P Σ_xx Pᵀ with P = W_{l−1} ... W_1, (h_{l−1}, h_{l−1}) */
  readonly inputFactor: Float64Array;
  /** AᵀA with A = W_N ... W_{l+1}, (h_l, h_l) */
  readonly outputFactor: Float64Array;
  /** all products of an eigenvalue of each, descending, (h_{l−1} h_l,) */
  readonly eigenvalues: Float64Array;
}

/**
 * The Hessian of the mean square loss in one layer is exactly a Kronecker product: (B Bᵀ/n) ⊗ (AᵀA) for W_l stacked by columns.
 *
 * @param layer l, 1..N
 * @param inputCorrelation Σ_xx, (inputs, inputs); left out: white
 * @throws ArgumentError when layer is not in 1..N
 * Cost: two symmetric eigenvalue problems of the layer's widths, not of their product.
 * Source: textbook, checked numerically against finite differences.
 * @example layerHessian(deepLinearNet([1, 1, 1], [[2], [3]]), 1).eigenvalues // [9]
 */
export function layerHessian(net: DeepLinearNet, layer: number, inputCorrelation?: ArrayLike<number>): LayerHessian {
  requireNet('layerHessian', net);
  const { widths, weights } = net;
  const depth = weights.length;
  requireInteger('layerHessian', 'layer', layer, 1, depth);
  const [inputs, before, after, outputs] = [widths[0]!, widths[layer - 1]!, widths[layer]!, widths[depth]!];
  const P = partialProduct(net, 0, layer - 1);
  let inputFactor = columnGram(transpose(P, before, inputs), inputs, before);
  if (inputCorrelation !== undefined) {
    const correlation = vectorOf('layerHessian', 'inputCorrelation', inputCorrelation, [inputs, inputs]);
    const half = multiply(P, correlation, before, inputs, inputs);
    inputFactor = multiply(half, transpose(P, before, inputs), before, inputs, before);
  }
  const outputFactor = columnGram(partialProduct(net, layer, depth), outputs, after);
  const mu = eigvalsh(inputFactor, before, { deterministic: true });
  const nu = eigvalsh(outputFactor, after, { deterministic: true });
  const eigenvalues = new Float64Array(before * after);
  mu.forEach((m, i) => nu.forEach((v, j) => (eigenvalues[i * after + j] = m * v)));
  return { inputFactor, outputFactor, eigenvalues: eigenvalues.sort((a, b) => b - a) };
}
