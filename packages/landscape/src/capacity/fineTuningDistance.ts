import {
  floatArray,
  type OnProgress,
  refuse,
  requireInteger,
  requireNoOthers,
  requirePositive,
  requireNonNegative,
  throwIfAborted,
} from '@hyperribbon/contract';
import { hessian } from '@hyperribbon/curvature';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { matrixFunction } from '@hyperribbon/lanczos/trace';
import {
  type AnyExamples,
  examplesAt,
  layerBlocks,
  type Loss,
  type LossData,
  lossFromData,
  type Network,
  requireWeights,
  sizeOf,
} from '@hyperribbon/nn';

export interface FineTuningOptions {
  /** examples of a batch, whose Hessian is that of their mean loss; default 100, the last holds the rest */
  readonly batchSize?: number;
  /** layers that had no weights before, by name (as layerBlocks calls them): they count from zero. Default none */
  readonly heads?: readonly string[];
  /** of one example, default softmax cross-entropy */
  readonly loss?: LossData;
  /** also vᵀH⁺v, by so many Lanczos steps from v on each layer's block; default: none are made */
  readonly positiveSteps?: number;
  /** default float64 */
  readonly dtype?: Dtype;
  readonly deterministic?: boolean;
  readonly signal?: AbortSignal;
  /** hears batches that are done */
  readonly onProgress?: OnProgress<string>;
}

/** How far one layer has gone, in the metric of its curvature. */
export interface LayerDistance {
  readonly name: string;
  /** ‖v‖ of v = W − W⁽ˢ⁾, or of W for a head */
  readonly distance: number;
  /** largest over batches of vᵀ H v with the layer's block of the Hessian, and the mean over batches */
  readonly block: { readonly max: number; readonly mean: number };
  /** the same of vᵢᵀ Σⱼ Hᵢⱼ vⱼ, which has the terms between layers: what released code measures */
  readonly joint: { readonly max: number; readonly mean: number };
  /** the same of vᵀ H⁺ v, with the part of the block that has positive eigenvalues; absent if not asked for */
  readonly positive?: { readonly max: number; readonly mean: number };
}

/**
 * The distance that fine-tuning has gone, layer by layer, weighed by the Hessian: h_i = max over batches of v_iᵀ H_i v_i with v_i = W_i − W_i⁽ˢ⁾ [ju2022].
 *
 * Heads, layers that are new to the task, are measured from zero, as the released code does. That code multiplies by the whole Hessian, so its numbers contain
 * terms between layers (`joint`); the paper's text speaks of blocks (`block`). Both are given. Where curvature is negative along v, h_i is: theorems take the
 * positive part of the block, `positive`.
 *
 * @param params (size,) fine-tuned weights
 * @param start (size,) weights before
 * @param examples batches are taken from, in their order
 * @throws ArgumentError for weights that do not fit, a head that there is not; AbortError once `signal` is aborted
 * @example
 * const net = mlp([2, 3, 2], { activation: 'tanh' });
 * const examples = examplesFromArrays({ shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) }, { shape: [2], data: Int32Array.of(0, 1) });
 * const [first] = await fineTuningDistance(net, net.init(2), net.init(1), examples, { heads: ['W2'] });
 * first.block.max;
 * Cost: layers + 1 products with the Hessian of each batch; positiveSteps more for each layer
 */
export async function fineTuningDistance(
  network: Network,
  params: FloatArray,
  start: FloatArray,
  examples: AnyExamples,
  {
    batchSize = 100,
    heads = [],
    loss = { kind: 'softmax-cross-entropy' },
    positiveSteps,
    dtype = 'float64',
    deterministic = false,
    signal,
    onProgress,
    ...others
  }: FineTuningOptions = {},
): Promise<readonly LayerDistance[]> {
  requireNoOthers('fineTuningDistance', others, 'FineTuningOptions');
  requireInteger('fineTuningDistance', 'batchSize', batchSize, 1);
  if (positiveSteps !== undefined) requireInteger('fineTuningDistance', 'positiveSteps', positiveSteps, 1);
  requireWeights('fineTuningDistance', 'params', network, params, 'float64');
  requireWeights('fineTuningDistance', 'start', network, start, 'float64');
  const layers = movedLayers(network, params, start, heads);
  const sums = layers.map(() => ({ block: tally(), joint: tally(), positive: tally() }));
  const batches = Math.ceil(examples.count / batchSize);
  for (let batch = 0; batch < batches; batch++) {
    throwIfAborted('fineTuningDistance', signal);
    const from = batch * batchSize;
    const rows = Array.from({ length: Math.min(batchSize, examples.count - from) }, (_, i) => from + i);
    const settled = { loss: lossFromData(loss), dtype, deterministic, positiveSteps };
    const found = await batchDistances(network, params, examplesAt(examples, rows), layers, settled);
    found.forEach(({ block, joint, positive }, i) => {
      sums[i].block.add(block);
      sums[i].joint.add(joint);
      if (positive !== undefined) sums[i].positive.add(positive);
    });
    onProgress?.({ done: batch + 1, of: batches, detail: `${batch + 1} of ${batches} batches` });
  }
  return layers.map(({ name, v }, i) => ({
    name,
    distance: Math.sqrt(dot(v, v)),
    block: sums[i].block.result(),
    joint: sums[i].joint.result(),
    ...(positiveSteps !== undefined && { positive: sums[i].positive.result() }),
  }));
}

/** The three forms of vᵀ H v of each layer on one batch. */
async function batchDistances(
  network: Network,
  params: FloatArray,
  batch: AnyExamples,
  layers: readonly MovedLayer[],
  {
    positiveSteps,
    ...options
  }: {
    readonly loss: Loss;
    readonly dtype: Dtype;
    readonly deterministic: boolean;
    readonly positiveSteps: number | undefined;
  },
): Promise<readonly { readonly block: number; readonly joint: number; readonly positive?: number }[]> {
  const { dtype } = options;
  const operator = hessian(network, params, batch, options);
  const [x, product] = [floatArray(dtype, network.size), floatArray(dtype, network.size)];
  for (const { v } of layers) for (let i = 0; i < x.length; i++) x[i] += v[i];
  operator.apply(x, product);
  const joint = layers.map(({ v }) => dot(v, product));
  const found = [];
  for (const [i, { v, parameters, part }] of layers.entries()) {
    x.set(v);
    operator.apply(x, product);
    const both = { block: dot(v, product), joint: joint[i] };
    if (positiveSteps === undefined) {
      found.push(both);
      continue;
    }
    const own = part(dtype);
    const image = floatArray(dtype, own.length);
    const block = hessian(network, params, batch, { ...options, parameters });
    const positive = matrixFunction(block, (value) => Math.max(value, 0), Math.min(positiveSteps, own.length));
    if (own.some((entry) => entry !== 0)) await positive.apply(own, image);
    found.push({ ...both, positive: dot(own, image) });
  }
  return found;
}

interface MovedLayer {
  readonly name: string;
  readonly parameters: readonly string[];
  /** (size,) what its weights moved by, zero elsewhere */
  readonly v: Float64Array;
  /** its own numbers of v */
  part(dtype: Dtype): FloatArray;
}

function movedLayers(
  network: Network,
  params: FloatArray,
  start: FloatArray,
  heads: readonly string[],
): readonly MovedLayer[] {
  const blocks = layerBlocks(network);
  for (const head of heads)
    if (!blocks.some(({ name }) => name === head))
      refuse(
        'fineTuningDistance',
        `heads must be layers of ${network.name}: ${blocks.map(({ name }) => name).join(', ')}; got ${head}`,
      );
  const ranges = rangesOf(network);
  return blocks.map(({ name, parameters }) => {
    const own = parameters.map((parameter) => ranges.get(parameter)!);
    const v = new Float64Array(network.size);
    for (const { from, to } of own)
      for (let i = from; i < to; i++) v[i] = params[i] - (heads.includes(name) ? 0 : start[i]);
    return {
      name,
      parameters,
      v,
      part: (dtype) => floatArray(dtype, Float64Array.from(own.flatMap(({ from, to }) => [...v.subarray(from, to)]))),
    };
  });
}

function rangesOf({ parameters }: Network): ReadonlyMap<string, { readonly from: number; readonly to: number }> {
  let at = 0;
  return new Map(
    parameters.map(({ name, shape }) => {
      const from = at;
      at += sizeOf(shape);
      return [name, { from, to: at }];
    }),
  );
}

/** Largest and mean of what is added. */
function tally() {
  let [max, sum, count] = [-Infinity, 0, 0];
  return {
    add(value: number): void {
      max = Number.isNaN(value) ? NaN : Math.max(max, value);
      sum += value;
      count += 1;
    },
    result: (): { readonly max: number; readonly mean: number } => ({ max, mean: sum / count }),
  };
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** The bound's shape at given distances. */
export interface FineTuningBound {
  /** (1 + ε) training loss + gap */
  readonly value: number;
  /** (1 + ε) Σ_i √(C max(h_i, 0)/n) */
  readonly gap: number;
  /** a lead, not the theorem: its constants and lower-order terms were not read */
  readonly standing: 'reconstructed';
  readonly caveats: readonly string[];
}

/**
 * The shape of the bound on fine-tuning, L ≤ (1 + ε) L̂ + (1 + ε) Σ_i √(C h_i/n) + lower order [ju2022], with C the largest loss of an example.
 *
 * Reconstruction: the theorem has h_i with the expected positive part of the Hessian over the distribution, and terms of order n^{−3/4} that are left out here.
 *
 * @param distances h_i ≥ 0 of each layer, such as `positive.max`; what is below zero counts as zero, and a caveat says so
 * @param setting.count n, training examples of the fine-tuning
 * @param setting.most C, what no example's loss is above
 * @param setting.training L̂, mean loss of training
 * @param setting.epsilon ε ≥ 0; default 0
 * @example
 * fineTuningBound([4, 9], { count: 100, most: 1, training: 0.1 }).gap; // (2 + 3)/10
 */
export function fineTuningBound(
  distances: readonly number[],
  {
    count,
    most,
    training,
    epsilon = 0,
  }: { readonly count: number; readonly most: number; readonly training: number; readonly epsilon?: number },
): FineTuningBound {
  requireInteger('fineTuningBound', 'count', count, 1);
  requirePositive('fineTuningBound', 'most', most);
  requireNonNegative('fineTuningBound', 'training', training);
  requireNonNegative('fineTuningBound', 'epsilon', epsilon);
  const gap = (1 + epsilon) * distances.reduce((sum, h) => sum + Math.sqrt((most * Math.max(h, 0)) / count), 0);
  const negative = distances.filter((h) => h < 0).length;
  const caveats = [
    'Terms of lower order in n are left out, and the Hessian is that of these examples, not of the distribution.',
  ];
  if (negative > 0) caveats.push(`${negative} of ${distances.length} distances were below zero and count as zero.`);
  return { value: (1 + epsilon) * training + gap, gap, standing: 'reconstructed', caveats };
}
