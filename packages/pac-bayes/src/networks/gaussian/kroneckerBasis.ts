import type { FloatArray } from '@hyperribbon/kernels';
import type { Network } from '@hyperribbon/nn';
import { unflatten } from '@hyperribbon/nn';
import { requireBasisLayers } from './basisLayers.js';
import { requireBasis, type KroneckerBasis } from './gaussianPosterior.js';

/**
 * Flat weights in the coordinates of a basis: W̃ = A W Gᵀ, b̃ = G b, layer by layer, in float64.
 *
 * @param weights (size,)
 * @returns a new Float64Array (size,)
 * @throws TypeError, RangeError for a basis that does not fit
 * Cost: in · out · (in + out) multiplications a layer
 */
export function toBasis(network: Network, weights: FloatArray, basis: KroneckerBasis): Float64Array {
  return change('toBasis', network, weights, basis, false);
}

/** The inverse of {@link toBasis} for an orthonormal basis: W = Aᵀ W̃ G, b = Gᵀ b̃. */
export function fromBasis(network: Network, coordinates: FloatArray, basis: KroneckerBasis): Float64Array {
  return change('fromBasis', network, coordinates, basis, true);
}

function change(
  caller: string,
  network: Network,
  weights: FloatArray,
  basis: KroneckerBasis,
  back: boolean,
): Float64Array {
  requireBasis(caller, network, basis);
  const out = Float64Array.from(weights);
  const views = unflatten(network, out);
  requireBasisLayers(caller, network).forEach(({ weight, bias, outputs }, l) => {
    const { input, output } = basis.layers[l];
    if (input !== undefined) rotateRows(views[weight], outputs, input, back);
    if (output === undefined) return;
    rotateColumns(views[weight], outputs, output, back);
    if (bias !== undefined) rotateColumns(views[bias], outputs, output, back);
  });
  return out;
}

/** W ← R W, or Rᵀ W. */
function rotateRows(W: Float64Array, columns: number, R: FloatArray, transposed: boolean): void {
  const n = W.length / columns;
  const source = W.slice();
  W.fill(0);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const r = transposed ? R[k * n + i] : R[i * n + k];
      for (let j = 0; j < columns; j++) W[i * columns + j] += r * source[k * columns + j];
    }
  }
}

/** W ← W Rᵀ, or W R. */
function rotateColumns(W: Float64Array, columns: number, R: FloatArray, transposed: boolean): void {
  const row = new Float64Array(columns);
  for (let from = 0; from < W.length; from += columns) {
    row.set(W.subarray(from, from + columns));
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += row[k] * (transposed ? R[k * columns + j] : R[j * columns + k]);
      W[from + j] = sum;
    }
  }
}
