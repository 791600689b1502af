import { requireBetween, requireNoOthers, watch, type WatchOptions } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { type Network, requireWeights } from '@hyperribbon/nn';
import { type Chain, chainOf } from './chain.js';
import type { ChainLayer } from './chainLayer.js';
import { differenceOf, layerNorms } from './layerNorms.js';
import type { DifferenceNorms, MatrixNorms } from './matrixNorms.js';

/** What bounds and measures ask of one layer of weights. */
export interface LayerNorms {
  /** of its array of weights */
  readonly name: string;
  readonly kind: 'dense' | 'convolution';
  /**
   * The matrix of filters, one row a filter: (outputs, inputs) of a dense layer, (output channels, input channels · kernel height · kernel width) of a
   * convolution; every weight stands in it once.
   */
  readonly filters: MatrixNorms;
  /** The layer as the linear map of a whole example, weights as often as they are used: the same numbers as `filters` where there is one position. */
  readonly map: MatrixNorms;
  /** minus the reference weights, where some were given */
  readonly change?: { readonly filters: DifferenceNorms; readonly map: DifferenceNorms };
  /** weights, without biases */
  readonly parameters: number;
  /** biases; 0 where there are none */
  readonly biases: number;
  /** places of its output that share the filters: 1 in a dense layer, height · width of the output of a convolution, tokens */
  readonly positions: number;
  /** places of the output of the layer below that one output reads: of a convolution its kernel's, of a dense layer on a map all of them */
  readonly reads: number;
  /** side of its output map, √positions where it is not square; 1 for a dense head */
  readonly width: number;
  /** Lipschitz constant in the 2-norm of what stands between this layer and the next (activation, pooling): 1 for rectifiers; NaN where it is not known */
  readonly lipschitz: number;
}

/** What bounds and measures ask of a network at given weights. */
export interface NetworkNorms {
  readonly name: string;
  /** from the input to the output */
  readonly layers: readonly LayerNorms[];
  /** features of an example */
  readonly inputs: number;
  readonly outputs: number;
  /** all of them: weights, biases, scales */
  readonly parameters: number;
  /** whether what stands between layers is positively homogeneous, as rectifiers and pooling are, so that factors can move from layer to layer; absent: it is */
  readonly homogeneous?: boolean;
  /**
   * In how far the theorems' class of networks, f(x) = W_L φ(… φ(W₁ x)) without biases, holds this one. Each entry is a sentence; empty: it does. Where it is
   * not empty the value of a bound is the value of its formula and no statement about this network.
   */
  readonly outside: readonly string[];
}

/** What bounds and measures ask of a sample, and of a network on it. */
export interface SampleNorms {
  /** m, examples */
  readonly count: number;
  /** n, features */
  readonly features: number;
  /** max ‖x‖₂ */
  readonly radius: number;
  /** ‖X‖_F */
  readonly frobenius: number;
  /** max |x_ij| */
  readonly largestEntry: number;
  /** max over features j of Σ_i x_ij² */
  readonly largestFeature: number;
  /** (count,) f(x)_y − max over j ≠ y of f(x)_j */
  readonly margins: Float64Array;
  /** max ‖f(x)‖₂ */
  readonly largestOutput: number;
  /** of every layer: the largest 2-norm of a patch that one of its outputs reads, over all examples; that of the whole input of a dense layer */
  readonly largestPatches: Float64Array;
  /** of the first layer: max over its output places j of √(Σ_i ‖patch_j(x_i)‖²); ‖X‖_F of a dense one */
  readonly patchFrobenius: number;
}

export interface NetworkNormsOptions extends WatchOptions {
  /** (size,) weights of the same network that changes are taken from: those it started from, or those of another training */
  readonly reference?: FloatArray;
  /** singular values above this times the largest count for the rank; in (0, 1), default 1e-3 */
  readonly rankTolerance?: number;
  /** layers with nothing between them count as one, with the product of their matrices; default true */
  readonly merge?: boolean;
}

/**
 * The norms of a network's layers, for bounds and measures: of any network, through the affine maps of its traced program.
 *
 * Batch norms behind a layer are folded into it first. Layers with nothing between them are one layer, whose matrix is the product: that is how layers of low
 * rank are built. What makes the network another one than f(x) = W_L φ(… φ(W₁ x)) stands in `outside`: biases, skip connections, attention, norms that cannot
 * be folded, activations that stretch or do not keep 0.
 *
 * @param params (size,) flat weights
 * @returns norms in float64; those of a dense layer exact to rounding, the spectral norm of a convolution's map an upper limit
 * @throws ArgumentError for weights that do not fit or are not finite, and a network without layers; AbortError
 * Cost: one SVD for each layer, two with a reference: 14 r³ flops for shorter side r
 * @example
 * const { layers } = await networkNorms(net, params, { reference: net.init(0) });
 * layers.map(({ filters }) => filters.spectral); // s₁ … s_L
 */
export async function networkNorms(
  network: Network,
  params: FloatArray,
  options: NetworkNormsOptions = {},
): Promise<NetworkNorms> {
  const { reference, rankTolerance = 1e-3, merge = true, signal, onProgress, ...others } = options;
  requireNoOthers('networkNorms', others, 'NetworkNormsOptions');
  requireWeights('networkNorms', 'params', network, params);
  if (reference !== undefined) requireWeights('networkNorms', 'reference', network, reference);
  requireBetween('networkNorms', 'rankTolerance', rankTolerance, 0, 1);
  const chain = chainOf('networkNorms', network, params, { merge });
  const start = reference === undefined ? undefined : chainOf('networkNorms', network, reference, { merge });
  const layers: LayerNorms[] = [];
  const between = watch('networkNorms', chain.layers.length, { signal, onProgress }, () => layers.length);
  for (let i = 0; i < chain.layers.length; i++) {
    await between();
    layers.push(normsAt(chain, i, rankTolerance, start?.layers[i]));
  }
  return {
    name: network.name,
    layers,
    inputs: network.inputs,
    outputs: network.classes,
    parameters: network.size,
    homogeneous: chain.homogeneous,
    outside: chain.outside,
  };
}

function normsAt({ layers, lipschitz }: Chain, i: number, rankTolerance: number, start?: ChainLayer): LayerNorms {
  const layer = layers[i];
  const { name, kind, parameters, biases, positions, convolution, columns } = layer;
  const both = layerNorms(layer, rankTolerance);
  const [kh, kw] = convolution?.kernel ?? [1, 1];
  const change = start && changeOf(layer, start, rankTolerance);
  const below = layers[i - 1];
  const places = below === undefined || positions > 1 ? 1 : columns / below.rows;
  const [height, width] = convolution?.output ?? [1, positions];
  return {
    name,
    kind,
    ...both,
    ...(change && { change }),
    parameters,
    biases,
    positions,
    reads: convolution === undefined ? (Number.isInteger(places) ? places : 1) : kh * kw,
    width: height === width ? height : Math.sqrt(positions),
    lipschitz: lipschitz[i],
  };
}

function changeOf(layer: ChainLayer, start: ChainLayer, rankTolerance: number): LayerNorms['change'] {
  const filters = layer.filters.map((w, k) => w - start.filters[k]);
  const both = layerNorms({ ...layer, filters }, rankTolerance);
  return { filters: differenceOf(both.filters), map: differenceOf(both.map) };
}
