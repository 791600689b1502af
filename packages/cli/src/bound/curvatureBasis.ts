import { kroneckerFactors, type KroneckerOptions } from '@hyperribbon/curvature';
import { eigh } from '@hyperribbon/lanczos';
import type { Examples, Network } from '@hyperribbon/nn';
import type { FloatArray } from '@hyperribbon/kernels';
import type { KroneckerBasis, KroneckerSpectrum } from '@hyperribbon/pac-bayes/networks';

/**
 * Eigenvectors and eigenvalues of the Kronecker-factored Fisher matrix of some inputs at some weights.
 *
 * `input` turns the inputs of the first layer only, which costs nothing per step; the pattern on the other sides is the factors'
 * diagonal. `full` turns both sides of every layer.
 */
export function curvatureBasis(
  network: Network,
  weights: FloatArray,
  { inputs, count }: Examples,
  { turn, ...factors }: { readonly turn: 'input' | 'full' } & KroneckerOptions,
): { readonly basis: KroneckerBasis; readonly spectrum: KroneckerSpectrum } {
  const layers = kroneckerFactors(network, weights, inputs, count, factors).map((factor, l) => {
    const input =
      l === 0 || turn === 'full' ? turned(factor.input, factor.inputs) : straight(factor.input, factor.inputs);
    const output = turn === 'full' ? turned(factor.output, factor.outputs) : straight(factor.output, factor.outputs);
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

interface Side {
  readonly values: Float64Array;
  readonly vectors?: Float64Array;
}

function turned(matrix: Float64Array, n: number): Side {
  const { values, vectors } = eigh(matrix, n, { vectors: true, deterministic: true });
  return { values, ...(vectors === undefined ? {} : { vectors }) };
}

function straight(matrix: Float64Array, n: number): Side {
  return { values: Float64Array.from({ length: n }, (_, i) => matrix[i * n + i]) };
}
