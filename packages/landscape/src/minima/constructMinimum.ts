import {
  refuse,
  requireFloatArray,
  requireNoOthers,
  requireOneOf,
  requirePositive,
  type OnProgress,
} from '@hyperribbon/contract';
import { type AnyExamples, logits, type Network, requireAnyExamples } from '@hyperribbon/nn';
import { affineExamples, type AffineLoss, type AffineModel, times } from './affineExamples.js';
import { affineChain, type ChainLayer, writeLayer } from './affineChain.js';
import { diracFilters } from './diracFilters.js';
import { type DenseLayer, factorAffine } from './factorAffine.js';
import { type Kinks, kinksOf } from './kinks.js';
import { leastSquares, linearMinimum } from './linearMinimum.js';
import { tapRows } from './tapRows.js';

/** A local minimum of a network that computes the best affine model. Plain data. */
export interface ConstructedMinimum {
  /** (size,) */
  readonly params: Float64Array;
  /** the model that it computes: the attained minimum, or the one that was handed in */
  readonly model: AffineModel;
  /** singular pairs of the affine model that dense layers pass on; of the head alone where it is the only dense layer */
  readonly rank: number;
  /** measured: smallest pre-activation on the examples */
  readonly kinks: Kinks;
  /** largest difference between the network's outputs and the model's */
  readonly outputDifference: number;
}

export interface ConstructOptions {
  /** default 'softmax-cross-entropy' */
  readonly loss?: AffineLoss;
  /** c > 0, which pre-activations keep from zero on the examples; default 1 */
  readonly margin?: number;
  /** units that pass nothing on: active with bias c (default), or dead with bias −c */
  readonly unused?: 'active' | 'dead';
  /** the model to compute, default the attained minimum of {@link linearMinimum} */
  readonly linear?: AffineModel;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/**
 * Weights of a rectifier network at a local minimum of its loss that is as bad as the best affine model: convolutions pass images on by Dirac filters,
 * dense layers pass the singular pairs of the model, and biases keep every pre-activation of every example at c or above.
 *
 * On a ball around them the network is affine on the examples, so that no weights there have a smaller loss than the best affine model. Where any weights
 * do better than that model, the minimum is not global. Pooling by averages is passed through if the model can be computed from what it leaves of these
 * examples; that is checked.
 *
 * @throws UnattainedMinimumError where cross-entropy has no attained minimum; ArgumentError for networks that are not made of dense layers,
 * convolutions, rectifiers and linear pooling, layers that are too narrow, images that do not arrive whole at the first dense layer; AbortError
 * Cost: that of {@link linearMinimum}, one forward pass for each convolution, and with convolutions a decomposition of (n, features of the first dense layer)
 * @example
 * const net = mlp([2, 4, 4, 2], { activation: 'relu' });
 * const x = { shape: [4, 2], data: Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1) };
 * const examples = examplesFromArrays(x, { shape: [4], data: Int32Array.of(0, 1, 1, 0) });
 * const { model, kinks } = await constructMinimum(net, examples);
 * model.loss;    // ln 2: no affine model does better on exclusive or
 * kinks.margin;  // 1
 * Source: [goldblum2020, Theorem 1] with Lemma 1 made exact; Dirac filters are named there for convolutions.
 */
export async function constructMinimum(
  network: Network,
  examples: AnyExamples,
  {
    loss = 'softmax-cross-entropy',
    margin = 1,
    unused = 'active',
    linear,
    signal,
    onProgress,
    ...others
  }: ConstructOptions = {},
): Promise<ConstructedMinimum> {
  const caller = 'constructMinimum';
  requireNoOthers(caller, others, 'ConstructOptions');
  requirePositive(caller, 'margin', margin);
  requireOneOf(caller, 'unused', unused, ['active', 'dead']);
  requireAnyExamples(caller, network, examples, 'float64', 'any');
  const chain = affineChain(caller, network);
  const convolutions = leadingConvolutions(caller, chain);
  const watched = { ...(signal && { signal }), ...(onProgress && { onProgress }) };
  const model = linear ?? (await linearMinimum(examples, { loss, ...watched }));
  const { inputs, classes } = network;
  requireFloatArray(caller, 'linear.weights', model.weights, inputs * classes);
  requireFloatArray(caller, 'linear.bias', model.bias, classes);
  const params = new Float64Array(network.size);
  const idle = unused === 'active' ? margin : -margin;
  for (let l = 0; l < convolutions; l++) writeDirac(caller, network, params, examples, chain, l, { margin, idle });
  const rows =
    convolutions === 0 ? Float64Array.from(examples.inputs) : tapRows(network, params, examples, convolutions, 'input');
  const wanted = outputsOf(model, examples);
  const map = convolutions === 0 ? model : onFeatures(caller, rows, examples, wanted, model.bias.length);
  const dense = chain.slice(convolutions);
  const hidden = dense.slice(0, -1);
  const { layers, rank } = factorAffine(
    caller,
    map,
    rows,
    hidden.map((layer) => layer.map.outputs),
    hidden.map(({ weight }) => weight),
    { margin, unused, by: 'svd' },
  );
  layers.forEach((layer, l) => writeLayer(network, params, dense[l], layer));
  return verified(caller, network, params, examples, { model, rank, wanted, margin });
}

/** How many convolutions come first; what follows them must be dense. */
function leadingConvolutions(caller: string, chain: readonly ChainLayer[]): number {
  const dense = chain.findIndex(({ map }) => map.convolution === undefined);
  const after = dense < 0 ? chain : chain.slice(dense);
  const strange = after.find(({ map }) => map.convolution !== undefined || map.positions !== 1);
  if (strange !== undefined)
    refuse(caller, `network must end in dense layers, with all convolutions before them, got ${strange.weight}`);
  return dense;
}

/** Dirac filters for convolution l, and offsets that bring its pre-activations to c where they are below. */
function writeDirac(
  caller: string,
  network: Network,
  params: Float64Array,
  examples: AnyExamples,
  chain: readonly ChainLayer[],
  l: number,
  { margin, idle }: { readonly margin: number; readonly idle: number },
): void {
  const { outputs, convolution } = chain[l].map;
  const { weights, used } = diracFilters(caller, chain[l].weight, convolution!);
  const bias = new Float64Array(outputs);
  writeLayer(network, params, chain[l], { weights, bias });
  const rows = tapRows(network, params, examples, l, 'output');
  const least = new Float64Array(outputs).fill(Infinity);
  for (let i = 0; i < rows.length; i++) least[i % outputs] = Math.min(least[i % outputs], rows[i]);
  bias.fill(idle, used);
  for (let c = 0; c < used; c++) bias[c] = least[c] >= margin ? 0 : Math.max(0, -least[c]) + margin;
  writeLayer(network, params, chain[l], { weights, bias });
}

/** (count, outputs): x W + b. */
export function outputsOf({ weights, bias }: DenseLayer, { inputs, count, features }: AnyExamples): Float64Array {
  const z = times(Float64Array.from(inputs), weights, count, features, bias.length);
  return z.map((value, i) => value + bias[i % bias.length]);
}

/**
 * The model as a map of what arrives at the first dense layer, by least squares whose residual must be rounding. Features have their means taken off first:
 * channels that are constant get no weights then, and the map has no more singular pairs than the model.
 */
function onFeatures(
  caller: string,
  rows: Float64Array,
  { count }: AnyExamples,
  wanted: Float64Array,
  k: number,
): DenseLayer {
  const features = rows.length / count;
  const { means, inputs } = centred(rows, count, features);
  const target = { count, features, inputs, outputs: k, targets: wanted };
  const { weights, bias } = leastSquares(affineExamples(caller, target, 'squared-error'));
  const found = outputsOf({ weights, bias }, target);
  const [size, left] = [largestOf(wanted), found.reduce((most, z, i) => Math.max(most, Math.abs(z - wanted[i])), 0)];
  if (left > 1e-10 * (1 + size))
    refuse(
      caller,
      `what arrives of the images at the first dense layer must be enough for the affine model, its outputs are off by ${left.toExponential(1)}: ` +
        'pooling, strides or missing padding lose pixels; give convolutions more channels or take less away',
    );
  const shift = times(means, weights, 1, features, k);
  return { weights, bias: bias.map((x, c) => x - shift[c]) };
}

/** Columns without their means; those that vary by rounding alone become zero, lest rounding be taken for a feature. */
function centred(rows: Float64Array, count: number, features: number): { means: Float64Array; inputs: Float64Array } {
  const [means, sizes, spans] = [0, 0, 0].map(() => new Float64Array(features));
  rows.forEach((x, i) => (means[i % features] += x / count));
  const inputs = rows.map((x, i) => {
    const f = i % features;
    sizes[f] = Math.max(sizes[f], Math.abs(x));
    spans[f] = Math.max(spans[f], Math.abs(x - means[f]));
    return x - means[f];
  });
  const still = spans.map((span, f) => (span <= count * Number.EPSILON * sizes[f] ? 1 : 0));
  return { means, inputs: inputs.map((x, i) => (still[i % features] === 1 ? 0 : x)) };
}

function verified(
  caller: string,
  network: Network,
  params: Float64Array,
  examples: AnyExamples,
  found: { readonly model: AffineModel; readonly rank: number; readonly wanted: Float64Array; readonly margin: number },
): ConstructedMinimum {
  const { model, rank, wanted, margin } = found;
  const z = Float64Array.from(logits(network, params, examples));
  const outputDifference = z.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i])), 0);
  const kinks = kinksOf(network, params, examples);
  const size = largestOf(wanted);
  if (!(outputDifference <= 1e-9 * (1 + size)))
    refuse(caller, `network must pass the affine model through its layers, its outputs are off by ${outputDifference}`);
  if (!(kinks.margin >= 0.99 * margin && kinks.settled === kinks.units))
    refuse(
      caller,
      `network must keep pre-activations at ${margin}, one comes to ${kinks.margin}: layers are not one after the other`,
    );
  return { params, model, rank, kinks, outputDifference };
}

function largestOf(values: Float64Array): number {
  return values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}
