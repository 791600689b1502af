import { compile, float32, float64, grad, jvp, mul, sum, type Tensor } from '@hyperribbon/autodiff';
import {
  floatArray,
  type OnProgress,
  pacer,
  requireInteger,
  requireNoOthers,
  requireOneOf,
  requireSeed,
  throwIfAborted,
} from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import {
  type AnyExamples,
  answersOf,
  createTreeSum,
  examplesAt,
  type Loss,
  type LossData,
  lossFromData,
  type Network,
  parameterSpecs,
  type ParameterTensors,
  planBatches,
  requireAnyExamples,
  requireLoss,
  requireSeparateExamples,
  requireWeights,
  totalWeight,
  unflatten,
  weightsByName,
  weightsInOrder,
} from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { euclideanNorm } from '../inputs/euclideanNorm.js';
import { estimateOf } from './estimateOf.js';
import type { BatchSharpness } from './sharpnessTypes.js';

export interface BatchSharpnessOptions {
  /** examples in a batch, integer in [1, count] */
  readonly batchSize: number;
  /** of the permutation that batches are cut from, default 0 */
  readonly seed?: number;
  /** integer in [1, ⌊count / batchSize⌋], default all of them; examples left over at the end of the permutation are in no batch */
  readonly batches?: number;
  /** number of the permutation among those of the seed, default 0: another at each moment makes the errors of moments independent */
  readonly permutation?: number;
  /** of one example, default softmax cross-entropy */
  readonly loss?: LossData;
  /** of gradients and products, default float32; what is made of them is float64 */
  readonly dtype?: Dtype;
  /** true: the same bits in every runtime. Default false */
  readonly deterministic?: boolean;
  /** examples at a time within a batch, default 512; results depend on it only through rounding */
  readonly chunkSize?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress<string>;
}

/** What differs from one moment of a run to the next. */
export type BatchSharpnessMoment = Pick<BatchSharpnessOptions, 'permutation' | 'signal' | 'onProgress'>;

/** Batch sharpness at as many weights as are asked for: programs are planned once. */
export interface BatchSharpnessPlan {
  /** @param params (size,) weights */
  measure(params: FloatArray, moment?: BatchSharpnessMoment): Promise<BatchSharpness>;
}

/**
 * Batch sharpness, E_B[g_Bᵀ H_B g_B / ‖g_B‖²] over mini-batches B: the curvature that steps of stochastic descent meet. Under it this number, and not the
 * largest eigenvalue over all examples, is what rises towards 2/η.
 *
 * Batches are disjoint parts of a permutation drawn from (seed, permutation). The mean of ratios comes with its standard error over batches; the ratio of
 * means, which weighs batches by ‖g_B‖², is beside it and is 1 to 26 % larger in our runs. One moment's standard error says nothing of how the number moves
 * between moments: average ten or more.
 *
 * Loss conventions matter: with mean losses η S and η · batch sharpness are compared with 2.
 *
 * @param params flat weights (size,)
 * @param examples that batches are taken from; those with weights count in their batch as they do in a loss, Σ wᵢ ℓᵢ / Σ wᵢ
 * @returns NaN where a batch has no gradient, as its ratio has no value then
 * @throws ArgumentError for weights, examples or options that do not fit; AbortError once `signal` is aborted
 * Cost: one gradient and one Hessian product over the batches' examples; one chunk of a batch in memory at a time
 * @example
 * const net = mlp([2, 3, 2], { activation: 'tanh' });
 * const examples = examplesFromArrays({ shape: [4, 2], data: Float32Array.of(0, 1, 1, 0, 1, 1, 0, 0) }, { shape: [4], data: Int32Array.of(0, 1, 1, 0) });
 * const { meanOfRatios, ratioOfMeans } = await batchSharpness(net, net.init(1), examples, { batchSize: 2, seed: 1 });
 * Source: [andreyev2024], the estimator of its published code.
 */
export async function batchSharpness(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  options: BatchSharpnessOptions,
): Promise<BatchSharpness> {
  const { permutation, signal, onProgress } = options;
  return planBatchSharpness(network, examples, options).measure(params, {
    ...(permutation === undefined ? {} : { permutation }),
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  });
}

/**
 * {@link batchSharpness} for many moments of one run: tracing and planning, which take longer than the products of small networks, are done here.
 *
 * @throws as {@link batchSharpness}, for all but the weights
 * @example
 * const net = mlp([2, 3, 2], { activation: 'tanh' });
 * const examples = examplesFromArrays({ shape: [4, 2], data: Float32Array.of(0, 1, 1, 0, 1, 1, 0, 0) }, { shape: [4], data: Int32Array.of(0, 1, 1, 0) });
 * const plan = planBatchSharpness(net, examples, { batchSize: 2 });
 * const moments = [await plan.measure(net.init(1), { permutation: 0 }), await plan.measure(net.init(2), { permutation: 1 })];
 */
export function planBatchSharpness(
  network: Network,
  examples: AnyExamples,
  options: BatchSharpnessOptions,
): BatchSharpnessPlan {
  const caller = 'batchSharpness';
  const settled = settle(caller, network, examples, options);
  const { batchSize, batches, dtype, seed } = settled;
  const [gradient, product] = [1, 2].map(() => new Float64Array(network.size));
  const along = floatArray(dtype, network.size);
  const curvature = batchCurvature(network, examples, settled);
  return {
    async measure(params, { permutation = 0, signal, onProgress } = {}) {
      requireInteger(caller, 'permutation', permutation, 0);
      requireWeights(caller, 'params', network, params, dtype);
      const order = stream({ seed, purpose: 'batch-sharpness', index: permutation }).permutation(examples.count);
      const weights = floatArray(dtype, params);
      const [norms, curvatures] = [1, 2].map(() => new Float64Array(batches));
      const pause = pacer();
      for (let batch = 0; batch < batches; batch++) {
        throwIfAborted(caller, signal);
        const rows = examplesAt(examples, order.subarray(batch * batchSize, (batch + 1) * batchSize));
        curvature.gradient(weights, rows, gradient);
        norms[batch] = euclideanNorm(gradient);
        // products with vectors of length 1: squares of tiny or huge gradients would leave the range
        for (let i = 0; i < along.length; i++) along[i] = gradient[i] / norms[batch];
        curvature.product(weights, along, rows, product);
        let ratio = 0;
        for (let i = 0; i < along.length; i++) ratio += along[i] * product[i];
        curvatures[batch] = ratio;
        onProgress?.({ done: batch + 1, of: batches, detail: `batch sharpness, ${batch + 1} of ${batches} batches` });
        await pause();
      }
      const meanOfRatios = estimateOf(curvatures);
      return { batchSize, batches, meanOfRatios, ratioOfMeans: weighedMean(curvatures, norms) };
    },
  };
}

interface Settled {
  readonly batchSize: number;
  readonly batches: number;
  readonly chunkSize: number;
  readonly seed: number;
  readonly loss: Loss;
  readonly dtype: Dtype;
  readonly deterministic: boolean;
}

function settle(
  caller: string,
  network: Network,
  examples: AnyExamples,
  {
    batchSize,
    seed = 0,
    batches,
    permutation = 0,
    loss: lossData = { kind: 'softmax-cross-entropy' },
    dtype = 'float32',
    deterministic = false,
    chunkSize = 512,
    signal: _signal,
    onProgress: _onProgress,
    ...others
  }: BatchSharpnessOptions,
): Settled {
  requireNoOthers(caller, others, 'BatchSharpnessOptions');
  requireOneOf(caller, 'dtype', dtype, ['float32', 'float64']);
  requireSeed(caller, seed);
  requireInteger(caller, 'permutation', permutation, 0);
  const loss = lossFromData(lossData);
  requireAnyExamples(caller, network, examples, dtype, loss);
  requireSeparateExamples(caller, network, deterministic);
  requireLoss(caller, loss, network.classes, dtype, 'targets' in examples ? 'targets' : 'labels');
  requireInteger(caller, 'batchSize', batchSize, 1, examples.count);
  const most = Math.floor(examples.count / batchSize);
  if (batches !== undefined) requireInteger(caller, 'batches', batches, 1, most);
  requireInteger(caller, 'chunkSize', chunkSize, 1);
  return {
    batchSize,
    batches: batches ?? most,
    chunkSize: Math.min(chunkSize, batchSize),
    seed,
    loss,
    dtype,
    deterministic,
  };
}

/** Gradient and Hessian products of the mean loss over one batch. */
interface BatchCurvature {
  gradient(weights: FloatArray, batch: AnyExamples, out: Float64Array): void;
  product(weights: FloatArray, direction: FloatArray, batch: AnyExamples, out: Float64Array): void;
}

function batchCurvature(
  network: Network,
  examples: AnyExamples,
  { batchSize, chunkSize, loss, dtype, deterministic }: Settled,
): BatchCurvature {
  const weighted = examples.weights !== undefined;
  const slope = (w: ParameterTensors, x: Tensor, y: Tensor, shares?: Tensor): ParameterTensors =>
    grad((at: ParameterTensors) => {
      const losses = loss(network.apply(at, x), y);
      return sum(shares === undefined ? losses : mul(shares, losses));
    })(w);
  const named = (list: readonly Tensor[]): ParameterTensors => weightsByName(network, list);
  const gradient = (w: readonly Tensor[], x: Tensor, y: Tensor, ...shares: readonly Tensor[]): readonly Tensor[] =>
    weightsInOrder(network, slope(named(w), x, y, shares[0]));
  const product = (
    w: readonly Tensor[],
    v: readonly Tensor[],
    x: Tensor,
    y: Tensor,
    ...shares: readonly Tensor[]
  ): readonly Tensor[] =>
    weightsInOrder(network, jvp((at: ParameterTensors) => slope(at, x, y, shares[0]))([named(w)], [named(v)])[1]);
  const spec = dtype === 'float64' ? float64 : float32;
  const specs = weightsInOrder(network, parameterSpecs(network, dtype));
  const plans = planBatches(batchSize, chunkSize, (rows) => {
    const data = [spec(rows, network.inputs), answersOf(examples, dtype).spec(rows), ...(weighted ? [spec(rows)] : [])];
    return {
      gradient: compile(gradient, [specs, ...data] as never, { deterministic }),
      product: compile(product, [specs, specs, ...data] as never, { deterministic }),
    };
  });
  const tree = createTreeSum(network.size, plans.batches);
  const pieces = (flat: FloatArray): readonly FloatArray[] => weightsInOrder(network, unflatten(network, flat));
  const over = (
    name: 'gradient' | 'product',
    vectors: readonly (readonly FloatArray[])[],
    batch: AnyExamples,
    out: Float64Array,
  ): void => {
    const answers = answersOf(batch, dtype);
    const { inputs, features, weights: shares } = batch;
    for (let chunk = 0; chunk < plans.batches; chunk++) {
      const [from, to] = [chunk * chunkSize, Math.min(batchSize, (chunk + 1) * chunkSize)];
      const data = [
        floatArray(dtype, inputs.subarray(from * features, to * features)),
        answers.of(from, to),
        ...(shares ? [floatArray(dtype, shares.subarray(from, to))] : []),
      ];
      const run = plans.of(chunk)[name] as unknown as (...all: readonly unknown[]) => readonly FloatArray[];
      tree.add(run(...vectors, ...data));
    }
    tree.total(1 / totalWeight(batch), out);
  };
  return {
    gradient: (weights, batch, out) => over('gradient', [pieces(weights)], batch, out),
    product: (weights, direction, batch, out) => over('product', [pieces(weights), pieces(direction)], batch, out),
  };
}

/** Σ c ‖g‖² / Σ ‖g‖² */
function weighedMean(curvatures: Float64Array, norms: Float64Array): number {
  const most = norms.reduce((a, b) => Math.max(a, b), 0);
  let [above, below] = [0, 0];
  for (let i = 0; i < norms.length; i++) {
    const square = (norms[i] / most) * (norms[i] / most);
    // a batch without gradient adds nothing to either mean
    if (norms[i] !== 0) above += square * curvatures[i];
    below += square;
  }
  return above / below;
}
