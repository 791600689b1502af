import { kroneckerFactors, type KroneckerOptions } from '@hyperribbon/curvature';
import type { FloatArray } from '@hyperribbon/kernels';
import { eigh } from '@hyperribbon/lanczos';
import type { Examples, Network } from '@hyperribbon/nn';

/** What diagonalises the Kronecker factors of every layer. */
export interface KroneckerEigenbasis {
  /** eigenvectors as rows; absent for a side that is left as it is */
  readonly basis: { readonly layers: readonly { readonly input?: Float64Array; readonly output?: Float64Array }[] };
  /** eigenvalues of both factors, descending for a side that is turned, else the factor's diagonal */
  readonly spectrum: { readonly layers: readonly { readonly input: Float64Array; readonly output: Float64Array }[] };
}

/**
 * Eigenvectors and eigenvalues of the Kronecker-factored Fisher matrix of some inputs at some weights [botev2017] (`kfra`) or with sampled labels (`kfac`).
 *
 * @param params (size,) weights
 * @param options `turn: 'input'` turns the inputs of the first layer only, which costs nothing per step of an optimisation in the basis; the
 *   pattern on the other sides is the factors' diagonal. `full` turns both sides of every layer. The others are those of `kroneckerFactors`
 * @example
 * const net = mlp([2, 3, 2], { activation: 'tanh' });
 * const examples = examplesFromArrays({ shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) }, { shape: [2], data: Int32Array.of(0, 1) });
 * kroneckerBasis(net, net.init(1), examples, { turn: 'full' }).spectrum.layers.length; // 2
 *
 * Cost: that of the factors, and about 9 n³ flops for a side of n units that is turned.
 */
export function kroneckerBasis(
  network: Network,
  params: FloatArray,
  { inputs, count }: Examples,
  { turn, ...factors }: { readonly turn: 'input' | 'full' } & KroneckerOptions,
): KroneckerEigenbasis {
  const layers = kroneckerFactors(network, params, inputs, count, factors).map((factor, l) => {
    const input = side(factor.input, factor.inputs, l === 0 || turn === 'full');
    const output = side(factor.output, factor.outputs, turn === 'full');
    return {
      basis: {
        ...(input.vectors === undefined ? {} : { input: input.vectors }),
        ...(output.vectors === undefined ? {} : { output: output.vectors }),
      },
      spectrum: { input: input.values, output: output.values },
    };
  });
  return {
    basis: { layers: layers.map(({ basis }) => basis) },
    spectrum: { layers: layers.map(({ spectrum }) => spectrum) },
  };
}

function side(
  matrix: Float64Array,
  n: number,
  turned: boolean,
): { readonly values: Float64Array; readonly vectors?: Float64Array | undefined } {
  if (turned) return eigh(matrix, n, { vectors: true, deterministic: true });
  return { values: Float64Array.from({ length: n }, (_, i) => matrix[i * n + i]) };
}
