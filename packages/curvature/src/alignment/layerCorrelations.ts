import { compile, float64, int32, matmul, transpose, type Tensor } from '@hyperribbon/autodiff';
import { requireInteger } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import {
  assertExamples,
  assertWeights,
  networkProgram,
  parameterSpecs,
  softmaxCrossEntropy,
  unflatten,
  type Examples,
  type Loss,
  type Network,
  type ParameterTensors,
} from '@hyperribbon/nn';
import { mapFactors } from '../layers/mapFactors.js';

export interface LayerCorrelationOptions {
  /** whose gradient is propagated back (default {@link softmaxCrossEntropy}) */
  readonly loss?: Loss;
  /** examples per pass (default 512): memory, not the result beyond rounding */
  readonly chunkSize?: number;
  /** true: the same bits in every runtime. Default false */
  readonly deterministic?: boolean;
}

/** Second moments at one dense layer or convolution, both row-major, symmetric, float64. */
export interface LayerCorrelation {
  /** 1-based number of the layer */
  readonly layer: number;
  /** name of the layer's weights */
  readonly weight: string;
  /** numbers that enter: the width of what comes before, kernel height · kernel width · channels for a convolution, in this order */
  readonly inputWidth: number;
  /** (inputWidth, inputWidth): mean of a aᵀ over examples and positions, a what enters; layer 1 gives the correlation of the data */
  readonly activations: Float64Array;
  /** numbers that leave: a width, or channels */
  readonly outputWidth: number;
  /**
   * (outputWidth, outputWidth): mean over examples of Σ δ δᵀ over positions, δ the gradient of an example's loss by the layer's
   * pre-activations
   */
  readonly gradients: Float64Array;
}

/**
 * Correlations of activations and of backpropagated gradients at every dense layer and convolution of a network, whose spectra show
 * how the sloppiness of the data travels through the network. Uncentred. A dense layer has one position, a convolution one for each place of its output.
 *
 * @param params flat weights (size,)
 * @throws RangeError for weights, examples or a chunkSize that do not fit, NaN in weights or examples
 * Cost: 2 N Σ positions (inputWidth² + outputWidth²) flops. Source: [yang2022]; for convolutions [grosse2016].
 */
export function layerCorrelations(
  network: Network,
  params: FloatArray,
  examples: Examples,
  { loss = softmaxCrossEntropy, chunkSize = 512, deterministic = false }: LayerCorrelationOptions = {},
): readonly LayerCorrelation[] {
  const caller = 'layerCorrelations';
  requireInteger(caller, 'chunkSize', chunkSize, 1);
  assertExamples(caller, network, examples);
  assertWeights(caller, 'params', network, params);
  const { count, features } = examples;
  const weights = unflatten(network, Float64Array.from(params));
  const plan = (rows: number) => {
    const program = networkProgram(network, rows);
    const moments = (w: ParameterTensors, x: Tensor, labels: Tensor): Tensor[][] => {
      const { inputs, deltas } = mapFactors(program, loss, w, x, labels);
      return [inputs.map(secondMoment), deltas.map(secondMoment)];
    };
    const specs = [parameterSpecs(network, 'float64'), float64(rows, features), int32(rows)];
    return { maps: program.maps, run: compile(moments, specs, { deterministic }) };
  };
  let { maps, run } = plan(Math.min(chunkSize, count));
  const sums = maps.map(({ weight, inputs, outputs }, i) => ({
    layer: i + 1,
    weight: network.parameters[weight].name,
    inputWidth: inputs,
    activations: new Float64Array(inputs ** 2),
    outputWidth: outputs,
    gradients: new Float64Array(outputs ** 2),
  }));
  for (let from = 0; from < count; from += chunkSize) {
    const rows = Math.min(chunkSize, count - from);
    if (from > 0 && rows < chunkSize) ({ run } = plan(rows));
    const x = Float64Array.from(examples.inputs.subarray(from * features, (from + rows) * features));
    const labels = examples.labels.subarray(from, from + rows);
    const [activations, gradients] = run(weights, x, labels) as FloatArray[][];
    sums.forEach((sum, i) => {
      accumulate(sum.activations, activations[i], 1 / (count * maps[i].positions));
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
