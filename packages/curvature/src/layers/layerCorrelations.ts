import { matmul, transpose, type Tensor } from '@hyperribbon/autodiff';
import { requireInteger, requireNoOthers } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import {
  networkProgram,
  runInBatches,
  softmaxCrossEntropy,
  type AnyExamples,
  type Network,
  type ParameterTensors,
} from '@hyperribbon/nn';
import type { CurvatureOptions } from '../curvatureOptions.js';
import { scoped } from '../operators/scoped.js';
import { numberPerExample } from './numberPerExample.js';
import { mapFactors } from './mapFactors.js';

export interface LayerCorrelationOptions extends Pick<CurvatureOptions, 'loss' | 'deterministic' | 'parameters'> {
  /** examples per pass: memory, not the result beyond rounding. Default 512, fewer where the patches of a convolution would take more than 128 MB */
  readonly chunkSize?: number;
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
  whole: Network,
  wholeParams: FloatArray,
  examples: AnyExamples,
  {
    loss = softmaxCrossEntropy,
    chunkSize: wanted,
    deterministic = false,
    parameters,
    ...others
  }: LayerCorrelationOptions = {},
): readonly LayerCorrelation[] {
  requireNoOthers('layerCorrelations', others, 'LayerCorrelationOptions');
  const caller = 'layerCorrelations';
  const { network, params } = scoped(caller, whole, wholeParams, { parameters });
  numberPerExample(caller, network, examples, loss, { dtype: 'float64', deterministic });
  const { count } = examples;
  const { maps } = networkProgram(network, 2);
  const widest = Math.max(1, ...maps.map(({ positions, inputs }) => positions * inputs));
  const chunkSize = wanted ?? Math.max(1, Math.min(512, Math.floor(2 ** 24 / widest)));
  requireInteger(caller, 'chunkSize', chunkSize, 1);
  const sums = maps.map(({ weight, inputs, outputs }, i) => ({
    layer: i + 1,
    weight: network.parameters[weight].name,
    inputWidth: inputs,
    activations: new Float64Array(inputs ** 2),
    outputWidth: outputs,
    gradients: new Float64Array(outputs ** 2),
  }));
  const moments = (rows: number) => {
    const program = networkProgram(network, rows);
    return (w: ParameterTensors, x: Tensor, labels: Tensor): Record<'activations' | 'gradients', Tensor[]> => {
      const { inputs, deltas } = mapFactors(program, loss, w, x, labels);
      return { activations: inputs.map(secondMoment), gradients: deltas.map(secondMoment) };
    };
  };
  const settings = { dtype: 'float64', deterministic, batchSize: chunkSize } as const;
  runInBatches(network, params, examples, settings, moments, (batch) =>
    sums.forEach(({ activations, gradients }, i) => {
      accumulate(activations, batch.activations[i], 1 / (count * maps[i].positions));
      accumulate(gradients, batch.gradients[i], 1 / count);
    }),
  );
  return sums;
}

function secondMoment(x: Tensor): Tensor {
  return matmul(transpose(x), x);
}

function accumulate(sum: Float64Array, term: ArrayLike<number>, scale: number): void {
  for (let i = 0; i < sum.length; i++) sum[i] += scale * term[i];
}
