import { type AffineMap, placesOf } from '@hyperribbon/autodiff/walk';
import { refuse, requireOneOf, requireNoOthers } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import {
  chosenParameters,
  type Examples,
  type Loss,
  type Network,
  networkProgram,
  type ParameterFilter,
  softmaxCrossEntropy,
  type TargetExamples,
  type TokenAnswers,
} from '@hyperribbon/nn';
import { sampledTokenLoss } from '../operators/sampledTokenLoss.js';
import { scoped } from '../operators/scoped.js';
import { layerCorrelations } from './layerCorrelations.js';
import { drawLabels, drawTokens } from '../operators/drawLabels.js';
import { type ChainFactors, kfra } from './kfra.js';

/** Curvature of one dense layer or convolution as a Kronecker product: weights input ⊗ output, bias output alone. */
export interface KroneckerFactor {
  /** name of the array of weights */
  readonly weight: string;
  /** name of the bias that is added, if one is */
  readonly bias?: string;
  readonly inputs: number;
  readonly outputs: number;
  /**
   * (inputs, inputs), symmetric: mean of a aᵀ over examples and positions, a what enters the layer, uncentred and without a 1 for the bias.
   * Rows and columns are in the order in which the array of weights has them: rows of (in, out); channel, kernel row, kernel column of
   * (out, in, kh, kw)
   */
  readonly input: Float64Array;
  /** (outputs, outputs), symmetric: curvature by the layer's pre-activations, for a convolution summed over positions */
  readonly output: Float64Array;
}

export interface KroneckerOptions {
  /**
   * where the output factors come from: `kfra` the recursion over the mean curvature, for chains of dense layers; `kfac` the mean of δ δᵀ, δ the
   * gradient by the pre-activations for one label that is drawn from the model, for any network (default `kfra`)
   */
  readonly kind?: 'kfra' | 'kfac';
  /** of the labels of `kfac`, one per input; default 0 */
  readonly seed?: number;
  /**
   * whose model draws the labels of `kfac`: softmaxCrossEntropy (default), or a tokenCrossEntropy, which draws a token at every position
   */
  readonly loss?: Loss;
  /** the parameters that count, as for operators: factors of their arrays alone; default all */
  readonly parameters?: ParameterFilter;
}

/**
 * Block-diagonal Kronecker approximation of the Gauss-Newton matrix for softmax cross-entropy, which is the Fisher matrix of the model: a factor pair
 * for every array of weights that a dense layer or a convolution multiplies by. Parameters that enter otherwise (scales of a batch norm) have none.
 *
 * KFRA is a recursion from the last layer to the first:
 *
 *   G_L = mean over examples of diag(p) − p pᵀ,   G_{l−1} = (W_l G_l W_lᵀ) ∘ mean of f′(h) f′(h)ᵀ
 *
 * with weights W (in, out), f′ the activation's slope at the pre-activations h of layer l − 1, and input factors A_l = mean of a aᵀ. Replacing the mean
 * of a product by the product of means is exact for one layer, and for a single example. Labels are not used.
 *
 * KFAC's output factors are means over examples of δ_l δ_lᵀ with labels drawn from the model [martens2015]: no recursion, but random;
 * for one example their expectation over the label is the factor of KFRA. A convolution is a dense layer at every position of its output, positions
 * taken as independent [grosse2016]; so are the positions of a sequence, and the places where an array of weights is used again.
 *
 * @param params flat weights (size,)
 * @param inputs (count, features) row-major; in a bound's prior: held-out inputs only
 * @param count number of rows
 * @returns one factor for each array of weights, in the order in which the network uses them, float64
 * @throws RangeError for sizes that do not fit, NaN, a loss without labels to draw; for `kfra` a network that is no chain of dense layers; weights used as a matrix and as its
 * transpose; convolutions by groups
 * Cost: one forward pass (`kfac`: and one backwards), then count · positions · width² flops for each factor
 * Source: [botev2017, eq. 8-11], in the form of [yang2022]; [martens2015] and [grosse2016] for `kfac`.
 */
export function kroneckerFactors(
  whole: Network,
  wholeParams: FloatArray,
  inputs: FloatArray,
  count: number,
  { kind = 'kfra', seed = 0, loss = softmaxCrossEntropy, parameters, ...others }: KroneckerOptions = {},
): readonly KroneckerFactor[] {
  requireNoOthers('kroneckerFactors', others, 'KroneckerOptions');
  const caller = 'kroneckerFactors';
  requireOneOf(caller, 'kind', kind, ['kfra', 'kfac']);
  if (loss !== softmaxCrossEntropy && (kind === 'kfra' || loss.tokens === undefined))
    refuse(
      caller,
      "loss must be softmaxCrossEntropy, or for kind 'kfac' a tokenCrossEntropy: labels are drawn from its model",
    );
  // the recursion of KFRA runs through all layers, whichever are asked for
  const { network, params } = scoped(caller, whole, wholeParams, kind === 'kfra' ? {} : { parameters });
  const chosen = parameters && chosenParameters(caller, network, kind === 'kfra' ? parameters : () => true);
  if (!Number.isInteger(count) || count < 1 || inputs.length !== count * network.inputs) {
    refuse(
      caller,
      `inputs must hold count × ${network.inputs} numbers with count ≥ 1, got ${inputs.length} and count=${count}`,
    );
  }
  const { maps, layers } = networkProgram(network, 2);
  const grouped = layers.find(({ groups }) => groups > 1);
  if (grouped !== undefined)
    refuse(
      caller,
      `${network.parameters[grouped.weight].name} of ${network.name} is convolved by ${grouped.groups} groups, each with factors of its own; leave it out with the option parameters`,
    );
  const { input, output } =
    kind === 'kfra' ? kfra(network, params, inputs, count) : kfac(network, params, loss, { inputs, count, seed });
  const blocks = new Map<number, Use[]>();
  maps.forEach((map, i) => {
    const order = orderOf(map);
    if (order === undefined) return;
    const moments = { input: reordered(input[i], order.inputs), output: reordered(output[i], order.outputs) };
    blocks.set(map.weight, [...(blocks.get(map.weight) ?? []), { ...order, map, ...moments }]);
  });
  const factors = [...blocks].map(([weight, uses]) => ({ weight, uses }));
  const asked = chosen === undefined ? factors : factors.filter(({ weight }) => chosen.has(weight));
  return asked.map(({ uses }) => factorOf(network, uses, chosen));
}

/** Second moments at one place where an array of weights is used. */
interface Use extends Order {
  readonly map: AffineMap;
  readonly input: Float64Array;
  readonly output: Float64Array;
}

/** Inputs without answers, which are drawn. */
interface Unanswered {
  readonly inputs: FloatArray;
  readonly count: number;
  readonly seed: number;
}

function kfac(network: Network, params: FloatArray, loss: Loss, unanswered: Unanswered): ChainFactors {
  const { tokens } = loss;
  const deterministic = true;
  const found =
    tokens === undefined
      ? layerCorrelations(network, params, withLabels(network, params, unanswered), { deterministic })
      : layerCorrelations(network, params, withTokens(network, params, tokens, unanswered), {
          loss: sampledTokenLoss(tokens),
          deterministic,
        });
  return { input: found.map(({ activations }) => activations), output: found.map(({ gradients }) => gradients) };
}

function withLabels(network: Network, params: FloatArray, { inputs, count, seed }: Unanswered): Examples {
  const { inputs: features, classes } = network;
  const unlabelled = { inputs, labels: new Int32Array(count), count, features, classes };
  return { ...unlabelled, labels: drawLabels(network, params, unlabelled, seed) };
}

function withTokens(
  network: Network,
  params: FloatArray,
  tokens: TokenAnswers,
  { inputs, count, seed }: Unanswered,
): TargetExamples {
  const { positions } = tokens;
  // every position asks for a token
  const targets = new Float64Array(count * positions);
  const asked = { inputs, targets, count, features: network.inputs, outputs: positions };
  return { ...asked, targets: drawTokens(network, params, asked, { ...tokens, ignore: -1 }, seed) };
}

/** One factor from all places where an array of weights is used: they count as further positions. */
function factorOf(network: Network, uses: readonly Use[], chosen?: ReadonlySet<number>): KroneckerFactor {
  const [{ map, input, stride }] = uses;
  const { weight, bias, inputs, outputs } = map;
  const { name } = network.parameters[weight];
  if (uses.some((use) => use.stride !== stride || use.map.inputs !== inputs)) {
    refuse('kroneckerFactors', `${name} of ${network.name} is used as a matrix and as its transpose`);
  }
  const positions = uses.reduce((sum, use) => sum + use.map.positions, 0);
  const share = (use: Use): Float64Array => use.input.map((value) => (value * use.map.positions) / positions);
  const shares = uses.length === 1 ? [input] : uses.map(share);
  const shared =
    bias !== undefined && uses.every((use) => use.map.bias === bias) && (chosen === undefined || chosen.has(bias));
  return {
    weight: name,
    ...(shared ? { bias: network.parameters[bias].name } : {}),
    inputs,
    outputs,
    input: symmetrized(summed(shares), inputs),
    output: symmetrized(summed(uses.map((use) => use.output)), outputs),
  };
}

/** Where the array of weights has the rows and columns of a map's matrix. */
interface Order {
  /** place i of the array's order is row inputs[i] of the matrix; outputs likewise for columns */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** distance in the array of two neighbouring outputs: what tells a matrix from its transpose */
  readonly stride: number;
}

/** The order, if there is one: row and column must decide independently where an entry lies. */
function orderOf({ weightViews, inputs, outputs }: AffineMap): Order | undefined {
  if (weightViews.some(({ op }) => op === 'broadcast')) return undefined;
  const places = placesOf(inputs * outputs, weightViews);
  const separate = places.every(
    (place, k) => place - places[0] === places[k % outputs] - places[0] + places[k - (k % outputs)] - places[0],
  );
  if (!separate) return undefined;
  const sorted = (length: number, step: number): number[] =>
    Array.from({ length }, (_, i) => i).sort((a, b) => places[a * step] - places[b * step]);
  const [rows, columns] = [sorted(inputs, outputs), sorted(outputs, 1)];
  return { inputs: rows, outputs: columns, stride: outputs === 1 ? 1 : places[columns[1]] - places[columns[0]] };
}

/** Rows and columns of a square matrix in another order; the matrix itself where the order is its own. */
function reordered(a: Float64Array, order: readonly number[]): Float64Array {
  const n = order.length;
  if (order.every((from, to) => from === to)) return a;
  return a.map((_, k) => a[order[Math.floor(k / n)] * n + order[k % n]]);
}

function summed(terms: readonly Float64Array[]): Float64Array {
  return terms.reduce((sum, term) => sum.map((value, i) => value + term[i]));
}

function symmetrized(a: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const mean = 0.5 * (a[i * n + j] + a[j * n + i]);
      a[i * n + j] = mean;
      a[j * n + i] = mean;
    }
  }
  return a;
}
