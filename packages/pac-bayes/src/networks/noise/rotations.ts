import { constant, matmul, reshape, transpose, type Tensor } from '@hyperribbon/autodiff';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import type { Network, ParameterTensors } from '@hyperribbon/nn';
import { requireBasisLayers } from '../gaussian/basisLayers.js';
import type { KroneckerBasis } from '../gaussian/gaussianPosterior.js';

/** The bases of one dense layer as tensors, rows are directions; a missing one is the identity. */
export interface LayerRotation {
  readonly input?: Tensor | undefined;
  readonly output?: Tensor | undefined;
}

/** The matrices of a basis as constants; none without a basis. */
export function basisTensors(
  caller: string,
  network: Network,
  basis: KroneckerBasis | undefined,
  dtype: Dtype,
): readonly LayerRotation[] {
  if (basis === undefined) return [];
  const matrix = (values: FloatArray | undefined, width: number): Tensor | undefined =>
    values === undefined
      ? undefined
      : constant(dtype === 'float64' ? Float64Array.from(values) : Float32Array.from(values), [width, width]);
  return requireBasisLayers(caller, network).map(({ inputs, outputs }, l) => ({
    input: matrix(basis.layers[l].input, inputs),
    output: matrix(basis.layers[l].output, outputs),
  }));
}

/** Means in the coordinates of the bases: W̃ = A W Gᵀ, b̃ = G b, layer by layer. */
export function turnedMeans(
  network: Network,
  mean: ParameterTensors,
  rotations: readonly LayerRotation[],
): ParameterTensors {
  const out: Record<string, Tensor> = { ...mean };
  const layers = rotations.length === 0 ? [] : requireBasisLayers('turnedMeans', network);
  layers.forEach(({ weight: W, bias: b }, l) => {
    const { input, output } = rotations[l];
    if (input !== undefined) out[W] = matmul(input, out[W]);
    if (output === undefined) return;
    out[W] = matmul(out[W], transpose(output));
    if (b !== undefined) out[b] = reshape(matmul(reshape(out[b], [1, -1]), transpose(output)), out[b].shape);
  });
  return out;
}

/** The inverse of {@link turnedMeans} for orthonormal bases: W = Aᵀ W̃ G, b = Gᵀ b̃. */
export function turnedBack(
  network: Network,
  coordinates: ParameterTensors,
  rotations: readonly LayerRotation[],
): ParameterTensors {
  const back = (side: Tensor | undefined): Tensor | undefined => (side === undefined ? undefined : transpose(side));
  const inverse = rotations.map(({ input, output }) => ({ input: back(input), output: back(output) }));
  return turnedMeans(network, coordinates, inverse);
}
