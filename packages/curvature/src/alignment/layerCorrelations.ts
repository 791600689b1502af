import { compile, float64, int32, matmul, transpose, type Spec, type Tensor } from '@hyperribbon/autodiff';
import type { FloatArray } from '@hyperribbon/kernels';
import {
  assertExamples,
  assertWeights,
  softmaxCrossEntropy,
  unflatten,
  type Examples,
  type Loss,
  type Network,
  type ParameterTensors,
} from '@hyperribbon/nn';
import { layerTaps } from '../layers/layerTaps.js';

export interface LayerCorrelationOptions {
  /** whose gradient is propagated back (default {@link softmaxCrossEntropy}) */
  readonly loss?: Loss;
  /** examples per pass (default 512): memory, not the result beyond rounding */
  readonly chunkSize?: number;
  /** true: the same bits in every runtime. Default false */
  readonly deterministic?: boolean;
}

/** Second moments at one dense layer, both row-major, symmetric, float64. */
export interface LayerCorrelation {
  /** 1-based number of the layer */
  readonly layer: number;
  /** widths[l−1] */
  readonly inputWidth: number;
  /** (inputWidth, inputWidth): (1/N) Σ a aᵀ, a what enters the layer; layer 1 gives the correlation of the data */
  readonly activations: Float64Array;
  /** widths[l] */
  readonly outputWidth: number;
  /** (outputWidth, outputWidth): (1/N) Σ δ δᵀ, δ the gradient of an example's loss by the layer's pre-activations */
  readonly gradients: Float64Array;
}

/**
 * Correlations of activations and of backpropagated gradients at every layer of a stack of dense layers, whose spectra show
 * how the sloppiness of the data travels through the network. Uncentred.
 *
 * @param params flat weights (size,)
 * @throws TypeError for a network that is not a stack of dense layers, NaN in weights or examples; RangeError for a chunkSize below 1
 * Cost: 2 N Σ (widths[l−1]² + widths[l]²) flops. Source: [yang2022].
 */
export function layerCorrelations(
  network: Network,
  params: FloatArray,
  examples: Examples,
  { loss = softmaxCrossEntropy, chunkSize = 512, deterministic = false }: LayerCorrelationOptions = {},
): readonly LayerCorrelation[] {
  const caller = 'layerCorrelations';
  const structure = network.dense;
  if (structure === undefined) {
    throw new TypeError(`${caller}: network must be a stack of dense layers (mlp), got ${network.name}`);
  }
  if (!Number.isSafeInteger(chunkSize) || chunkSize < 1) {
    throw new RangeError(`${caller}: chunkSize must be an integer >= 1, got chunkSize=${chunkSize}`);
  }
  assertExamples(caller, network, examples);
  assertWeights(caller, 'params', network, params);
  const { count, features } = examples;
  const { widths } = structure;
  const sums = widths.slice(1).map((width, i) => ({
    layer: i + 1,
    inputWidth: widths[i],
    activations: new Float64Array(widths[i] ** 2),
    outputWidth: width,
    gradients: new Float64Array(width ** 2),
  }));
  const weights = unflatten(network, Float64Array.from(params));
  const specs: Record<string, Spec> = Object.fromEntries(
    network.parameters.map(({ name, shape }) => [name, float64(...shape)]),
  );
  const products = (w: ParameterTensors, x: Tensor, labels: Tensor): Tensor[][] => {
    const { inputs, deltas } = layerTaps(structure, loss, w, x, labels);
    return [inputs.map(secondMoment), deltas.map(secondMoment)];
  };
  const plan = (rows: number) => compile(products, [specs, float64(rows, features), int32(rows)], { deterministic });
  let planned = plan(Math.min(chunkSize, count));
  for (let from = 0; from < count; from += chunkSize) {
    const rows = Math.min(chunkSize, count - from);
    if (from > 0 && rows < chunkSize) planned = plan(rows);
    const x = Float64Array.from(examples.inputs.subarray(from * features, (from + rows) * features));
    const labels = examples.labels.subarray(from, from + rows);
    const [activations, gradients] = planned(weights, x, labels) as FloatArray[][];
    sums.forEach((sum, i) => {
      accumulate(sum.activations, activations[i], 1 / count);
      accumulate(sum.gradients, gradients[i], 1 / count);
    });
  }
  return sums;
}

function secondMoment(x: Tensor): Tensor {
  return matmul(transpose(x), x);
}

function accumulate(sum: Float64Array, term: FloatArray, scale: number): void {
  for (let i = 0; i < sum.length; i++) sum[i] += scale * term[i];
}
