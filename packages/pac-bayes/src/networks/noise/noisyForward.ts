import type { Tensor } from '@hyperribbon/autodiff';
import type { AffineMap } from '@hyperribbon/autodiff/walk';
import { refuse } from '@hyperribbon/contract';
import type { Dtype } from '@hyperribbon/kernels';
import { networkProgram, type Network, type ParameterTensors } from '@hyperribbon/nn';
import type { KroneckerBasis } from '../gaussian/gaussianPosterior.js';
import { noisyLogits, type NoisyPass } from './noisyLogits.js';
import { basisTensors } from './rotations.js';

/**
 * How the randomness of the weights enters a forward pass.
 *
 * - `local`: layer by layer through the pre-activations, which given the layer's input are Gaussian: every example has its own
 *   draw of all weights. Exact for dense layers with independent Gaussian weights, in any Kronecker basis. [kingma2015b]
 * - `weights`: the weights themselves are drawn, once per run of the program: for any network; independent draws per
 *   example need batches of one.
 * - `mixed`: dense layers are reparametrised locally and all other parameters drawn once per run: filters of convolutions, which meet the image
 *   at many places with the same weights, weights that are used twice, scales. Of LeNet 2,600 normal numbers per example in place of 44,426.
 */
export type NoiseKind = 'local' | 'weights' | 'mixed';

/** A forward pass with the noise as an input, as a function of tensors. */
export interface NoisyForward {
  readonly kind: NoiseKind;
  /** shapes of the standard normal numbers that one run takes, for a batch */
  noiseShapes(batch: number): readonly (readonly number[])[];
  /**
   * logits (batch, classes)
   *
   * @param pass default: means in the coordinates of the basis
   */
  logits(mean: ParameterTensors, std: ParameterTensors, x: Tensor, noise: readonly Tensor[], pass?: NoisyPass): Tensor;
}

export interface NoisyForwardOptions {
  readonly basis?: KroneckerBasis | undefined;
  /** default: `local` where all parameters belong to dense layers, `mixed` where some do, else `weights` */
  readonly kind?: NoiseKind;
  /** the inputs are given in the coordinates of the first layer's input basis already */
  readonly rotatedInputs?: boolean;
  readonly dtype?: Dtype;
}

/** The random classifier's forward pass; {@link noisyLogits} has the formulas. */
export function noisyForward(
  network: Network,
  { basis, kind, rotatedInputs = false, dtype = 'float32' }: NoisyForwardOptions = {},
): NoisyForward {
  const caller = 'noisyForward';
  const { maps } = networkProgram(network, 2);
  const reparametrised = kind === 'weights' ? [] : maps.flatMap((map, i) => (isIndependent(map) ? [i] : []));
  const inLayers = new Set(reparametrised.flatMap((i) => [maps[i].weight, maps[i].bias]));
  const drawn = network.parameters.filter((_, i) => !inLayers.has(i));
  const found = kindOf(reparametrised.length, drawn.length);
  if (kind !== undefined && kind !== found) {
    const need = kind === 'local' ? 'all weights' : 'some weights, not all,';
    refuse(caller, `noise '${kind}' needs ${need} in dense layers, which ${network.name} has not`);
  }
  if (found === 'mixed' && basis !== undefined) {
    refuse(caller, `a Kronecker basis goes with noise 'local' or 'weights', got ${network.name} with noise 'mixed'`);
  }
  if (rotatedInputs && (found !== 'local' || !turnsInputs(network))) {
    refuse(caller, 'inputs may be turned beforehand only where a locally reparametrised layer alone reads them');
  }
  const rotations = basisTensors(caller, network, basis, dtype);
  const names = drawn.map(({ name }) => name);
  return {
    kind: found,
    noiseShapes: (batch) => [
      ...drawn.map(({ shape }) => shape),
      ...reparametrised.map((i) => [batch, maps[i].outputs]),
    ],
    logits: (mean, std, x, noise, pass = { rotations, ...(rotatedInputs ? { turnedInputs: x } : {}) }) =>
      noisyLogits(network, { names, maps: reparametrised }, { mean, std, x, noise }, pass),
  };
}

/** How a network's weights are drawn unless told otherwise. */
export function defaultKind(network: Network): NoiseKind {
  return noisyForward(network).kind;
}

/** Whether the inputs may be turned before a pass: a dense layer reads them, and nothing else does. */
export function turnsInputs(network: Network): boolean {
  const { program, maps } = networkProgram(network, 2);
  const x = program.inputs[network.parameters.length];
  const readers = program.equations.filter(({ inputs }) => inputs.includes(x));
  return maps[0]?.input === x && maps[0].inputViews.length === 0 && readers.length === 1;
}

/**
 * Whether the outputs of a map are independent Gaussians given its input, anew for every example: one row per example, and every entry of the
 * matrix a weight of its own that enters nowhere else.
 */
function isIndependent({ positions, alone }: AffineMap): boolean {
  return positions === 1 && alone;
}

function kindOf(layers: number, drawn: number): NoiseKind {
  if (layers === 0) return 'weights';
  return drawn === 0 ? 'local' : 'mixed';
}
