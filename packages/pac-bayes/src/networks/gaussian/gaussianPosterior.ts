import { refuse, requireFiniteEntries, requireLength } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { Network } from '@hyperribbon/nn';
import { requireBasisLayers } from './basisLayers.js';
import { requireDeviations, requireGaussianWeights } from './requireGaussian.js';

/**
 * Orthonormal coordinates for the weights of a dense network. In each layer the weights W (in, out) and biases b (out,) have the coordinates
 * W̃ and b̃ with W = Aᵀ W̃ G and b = Gᵀ b̃.
 *
 * Rows of A (in, in) and G (out, out) are the basis vectors, as `eigh` returns eigenvectors. A matrix that is missing is the identity.
 */
export interface KroneckerBasis {
  readonly layers: readonly LayerBasis[];
}

export interface LayerBasis {
  /** (in, in), rows are directions of the layer's input */
  readonly input?: FloatArray;
  /** (out, out), rows are directions of the layer's pre-activation */
  readonly output?: FloatArray;
}

/**
 * Independent Gaussian weights: coordinate i is N(mean_i, std_i²), in the coordinates of `basis` (the weights themselves if
 * there is none). The random classifier draws all weights anew for every example.
 *
 * The classifier is defined by its coordinates and the numbers in `basis`, whatever their rounding: a KL between two such
 * Gaussians with the same basis needs no orthonormality.
 */
export interface GaussianPosterior {
  readonly network: Network;
  /** (size,), laid out as the network's flat weights */
  readonly mean: FloatArray;
  /** (size,), standard deviations > 0 */
  readonly std: FloatArray;
  readonly basis?: KroneckerBasis;
}

/** Checks lengths, finiteness and positivity, and that a basis fits a dense network. */
export function requirePosterior(caller: string, { network, mean, std, basis }: GaussianPosterior): void {
  requireGaussianWeights(caller, 'mean', network, mean);
  requireGaussianWeights(caller, 'std', network, std);
  requireDeviations(caller, 'std', std);
  requireBasis(caller, network, basis);
}

/** Checks that a basis has one entry for each layer of a dense network, of the right sizes and finite. */
export function requireBasis(caller: string, network: Network, basis: KroneckerBasis | undefined): void {
  if (basis !== undefined) requireSides(caller, 'basis', network, basis, (width) => width * width);
}

/** Checks arrays for the input and output sides of the layers of a dense network, finite and as long as their sides ask. */
export function requireSides(
  caller: string,
  name: string,
  network: Network,
  given: KroneckerBasis,
  lengthOf: (width: number) => number,
): void {
  const layers = requireBasisLayers(caller, network);
  if (given.layers.length !== layers.length) {
    refuse(caller, `${name} must have ${layers.length} layers, got ${given.layers.length}`);
  }
  given.layers.forEach(({ input, output }, l) => {
    const { inputs, outputs } = layers[l];
    for (const [side, values, width] of [['input', input, inputs] as const, ['output', output, outputs] as const]) {
      if (values === undefined) continue;
      requireLength(caller, `${name}.layers[${l}].${side}`, values, lengthOf(width));
      requireFiniteEntries(caller, `${name}.layers[${l}].${side}`, values);
    }
  });
}
