import { requireBetween, requireNoOthers, requireOneOf, watch, type WatchOptions } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { type Network, requireWeights } from '@hyperribbon/nn';
import { type Chain, chainOf } from './chain.js';
import type { ChainLayer } from './chainLayer.js';
import { type ConvolutionSpectra, differenceOf, type LayerOptions, layerNorms } from './layerNorms.js';
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
  /** how spectral norms of the maps of convolutions are taken; default 'filters', the quickest */
  readonly convolutions?: ConvolutionSpectra;
  /**
   * 'left-out' (default): norms are of weights only. 'homogeneous': the network without biases that does the same with a constant input 1, handed on by every
   * layer but the last: W̃ = [[W, b], [0, 1]]. Bounds hold for it, with the sample's norms taken likewise
   */
  readonly biases?: 'left-out' | 'homogeneous';
}

/**
 * The norms of a network's layers, for bounds and measures: of any network, through the affine maps of its traced program.
 *
 * Batch norms behind a layer are folded into it first. Layers with nothing between them are one layer, whose matrix is the product: that is how layers of low
 * rank are built. What makes the network another one than f(x) = W_L φ(… φ(W₁ x)) stands in `outside`: biases, skip connections, attention, norms that cannot
 * be folded, activations that stretch or do not keep 0.
 *
 * The spectral norm of a convolution's map depends on `convolutions`, and says what it is; all else is exact to rounding. With `biases: 'homogeneous'` layers
 * have a column more, and all but the last a row more.
 *
 * @param params (size,) flat weights
 * @throws ArgumentError for weights that do not fit or are not finite, an option there is none of, and a network without layers; AbortError
 * Cost: one SVD for each layer, two with a reference: 14 r³ flops for shorter side r. 'circular' takes one of every frequency; 'exact' one of each map, or
 * where that has more than 4 million entries 50 to 200 products with it
 * @example
 * const { layers } = await networkNorms(net, params, { reference: net.init(0) });
 * layers.map(({ filters }) => filters.spectral); // s₁ … s_L
 */
export async function networkNorms(
  network: Network,
  params: FloatArray,
  options: NetworkNormsOptions = {},
): Promise<NetworkNorms> {
  const {
    reference,
    rankTolerance = 1e-3,
    merge = true,
    convolutions = 'filters',
    biases = 'left-out',
    ...watched
  } = options;
  const { signal, onProgress, ...others } = watched;
  requireNoOthers('networkNorms', others, 'NetworkNormsOptions');
  requireWeights('networkNorms', 'params', network, params);
  if (reference !== undefined) requireWeights('networkNorms', 'reference', network, reference);
  requireBetween('networkNorms', 'rankTolerance', rankTolerance, 0, 1);
  requireOneOf('networkNorms', 'convolutions', convolutions, ['filters', 'circular', 'exact', 'circular-input']);
  requireOneOf('networkNorms', 'biases', biases, ['left-out', 'homogeneous']);
  const chain = chainOf('networkNorms', network, params, { merge, biases });
  const start = reference === undefined ? undefined : chainOf('networkNorms', network, reference, { merge, biases });
  const layers: LayerNorms[] = [];
  const between = watch('networkNorms', chain.layers.length, { signal, onProgress }, () => layers.length);
  const settings = { rankTolerance, convolutions, image: imageOf(network, chain), ...(signal && { signal }) };
  for (let i = 0; i < chain.layers.length; i++) {
    await between();
    const kept = i + 1 < chain.layers.length;
    const constant = biases === 'homogeneous' ? { constant: { kept } } : {};
    layers.push(await normsAt(chain, i, { ...settings, ...constant }, start?.layers[i]));
  }
  return {
    name: network.name,
    layers,
    inputs: network.inputs + (biases === 'homogeneous' ? 1 : 0),
    outputs: network.classes,
    parameters: network.size,
    homogeneous: chain.homogeneous,
    outside: [...chain.outside, ...(convolutions === 'circular-input' ? [approximation] : [])],
  };
}

const approximation =
  'Spectral norms of convolutions are those of circular padding at the size of the input, an approximation that is no upper limit.';

/** Sides of the network's input, 1 × 1 where it is no image. */
function imageOf({ inputShape }: Network, { layers: [first] }: Chain): readonly [number, number] {
  const [height, width] = inputShape?.length === 3 ? inputShape.slice(1) : (first.convolution?.input ?? [1, 1]);
  return [height, width];
}

async function normsAt(
  chain: Chain,
  i: number,
  options: LayerOptions,
  start: ChainLayer | undefined,
): Promise<LayerNorms> {
  const { layers, lipschitz } = chain;
  const layer = layers[i];
  const { name, kind, parameters, biases, positions, convolution } = layer;
  const both = await layerNorms(layer, options);
  const change = start && (await changeOf(layer, start, options));
  const [height, width] = convolution?.output ?? [1, positions];
  const homogeneous = options.constant !== undefined;
  return {
    name,
    kind,
    ...both,
    ...(change && { change }),
    parameters: parameters + (homogeneous ? biases : 0),
    biases: homogeneous ? 0 : biases,
    positions,
    reads: readsOf(chain, i),
    width: height === width ? height : Math.sqrt(positions),
    // the constant passes what stands between as it is
    lipschitz: options.constant?.kept === true ? Math.max(1, lipschitz[i]) : lipschitz[i],
  };
}

/** Places of the layer below that one output reads; where it is not known how numbers were rearranged between, the most that there can be. */
function readsOf({ layers, channels }: Chain, i: number): number {
  const { convolution, columns, positions } = layers[i];
  if (convolution !== undefined) return convolution.kernel[0] * convolution.kernel[1];
  const below = layers[i - 1];
  if (below === undefined) return 1;
  const most = Math.min(columns, below.positions);
  if (positions > 1) return channels[i] === 'last' && columns === below.rows ? 1 : most;
  const places = columns / below.rows;
  return channels[i] !== 'summed' && Number.isInteger(places) ? places : most;
}

/** The constant that is handed on is the same in both. */
async function changeOf(layer: ChainLayer, start: ChainLayer, options: LayerOptions): Promise<LayerNorms['change']> {
  const filters = layer.filters.map((w, k) => w - start.filters[k]);
  const bias = layer.bias.map((b, k) => b - start.bias[k]);
  const constant = options.constant && { constant: { kept: false } };
  const both = await layerNorms({ ...layer, filters, bias }, { ...options, ...constant, singularValues: false });
  return { filters: differenceOf(both.filters), map: differenceOf(both.map) };
}
