import { constant } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import type { Network, ParameterTensors } from '@hyperribbon/nn';
import type { KroneckerBasis } from '../gaussian/gaussianPosterior.js';
import { drawnLogits, localLogits, type LayerRotation } from './localLogits.js';
import { noisyLenet } from '../noisyLenet.js';

/**
 * How the randomness of the weights enters a forward pass.
 *
 * - `local`: layer by layer through the pre-activations, which given the layer's input are Gaussian: every example has its own
 *   draw of all weights. Exact for dense layers with independent Gaussian weights, in any Kronecker basis. [kingma2015b]
 * - `weights`: the weights themselves are drawn, once per run of the program: for any network; independent draws per
 *   example need batches of one.
 * - `mixed`: for LeNet, the filters are drawn once per run and the dense layers behind them are reparametrised locally: per
 *   example 2,600 normal numbers in place of 44,426.
 */
export type NoiseKind = 'local' | 'weights' | 'mixed';

/** A forward pass with the noise as an input, as a function of tensors. */
export interface NoisyForward {
  readonly kind: NoiseKind;
  /** shapes of the standard normal numbers that one run takes, for a batch */
  noiseShapes(batch: number): readonly (readonly number[])[];
  /** logits (batch, classes) */
  logits(mean: ParameterTensors, std: ParameterTensors, x: Tensor, noise: readonly Tensor[]): Tensor;
}

export interface NoisyForwardOptions {
  readonly basis?: KroneckerBasis | undefined;
  /** default: `local` for dense networks, `mixed` for LeNet, else `weights` */
  readonly kind?: NoiseKind;
  /** the inputs are given in the coordinates of the first layer's input basis already */
  readonly rotatedInputs?: boolean;
  readonly dtype?: Dtype;
}

/**
 * The random classifier's forward pass.
 *
 * Local reparametrisation, with h the layer's input in its basis: u = h M + b + √(h² S² + s_b²) ∘ ε, ε (batch, out) standard
 * normal, then z = u G. The entries of u are independent given h, those of z are not, as it should be. See {@link localLogits}.
 */
export function noisyForward(
  network: Network,
  { basis, kind = defaultKind(network), rotatedInputs = false, dtype = 'float32' }: NoisyForwardOptions = {},
): NoisyForward {
  if (kind !== 'local') {
    if (basis !== undefined && (kind === 'mixed' || network.dense === undefined)) {
      throw new TypeError(`noisyForward: a Kronecker basis needs a network of dense layers, got ${network.name}`);
    }
    if (rotatedInputs) throw new TypeError('noisyForward: drawing the weights themselves takes inputs as they are');
    if (kind === 'mixed') return noisyLenet(network);
    const rotations = basis === undefined ? [] : basisTensors(network.dense?.widths ?? [], basis, dtype);
    return {
      kind,
      noiseShapes: () => network.parameters.map(({ shape }) => shape),
      logits: (mean, std, x, noise) => drawnLogits(network, mean, std, x, noise, { rotations }),
    };
  }
  if (network.dense === undefined) {
    throw new TypeError(`noisyForward: local reparametrisation needs a network of dense layers, got ${network.name}`);
  }
  const { widths } = network.dense;
  const rotations = basisTensors(widths, basis, dtype);
  return {
    kind,
    noiseShapes: (batch) => widths.slice(1).map((width) => [batch, width]),
    logits: (mean, std, x, noise) =>
      localLogits(network, mean, std, x, noise, { rotations, ...(rotatedInputs ? { turnedInputs: x } : {}) }),
  };
}

/** The matrices of a basis as constants. */
export function basisTensors(
  widths: readonly number[],
  basis: KroneckerBasis | undefined,
  dtype: Dtype,
): readonly LayerRotation[] {
  const matrix = (values: FloatArray | undefined, width: number): Tensor | undefined =>
    values === undefined
      ? undefined
      : constant(dtype === 'float64' ? Float64Array.from(values) : Float32Array.from(values), [width, width]);
  return widths.slice(1).map((width, l) => ({
    input: matrix(basis?.layers[l].input, widths[l]),
    output: matrix(basis?.layers[l].output, width),
  }));
}

/** How a network's weights are drawn unless told otherwise. */
export function defaultKind({ name, dense }: Network): NoiseKind {
  if (dense !== undefined) return 'local';
  return name.startsWith('lenet:') ? 'mixed' : 'weights';
}
