import { mean, type Tensor } from '@hyperribbon/autodiff';
import { requireInteger, requireNoOthers, requireSeed, watch, type WatchOptions } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import {
  binaryCrossEntropy,
  type Examples,
  gatherBatch,
  type Network,
  planGradientStep,
  requireExamples,
  requireWeights,
  softmaxCrossEntropy,
} from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';

export interface GradientNoiseOptions extends WatchOptions {
  /** examples per batch, integer ≥ 1, default 64 */
  readonly batchSize?: number;
  /** batches, integer ≥ 2, default 50 */
  readonly batches?: number;
  /** default 0 */
  readonly seed?: number;
  /** default float32 */
  readonly dtype?: Dtype;
}

/** The total variance of a batch's gradient. */
export interface GradientNoise {
  /** E‖g − E g‖², g the gradient of the mean cross-entropy of a batch */
  readonly variance: number;
  /** from the spread over the batches */
  readonly standardError: number;
  /** of one example: `variance` times this */
  readonly batchSize: number;
  readonly batches: number;
}

/**
 * The variance of batch gradients at given weights, summed over all parameters: batches are drawn with replacement, so that it is 1/batchSize of that of one
 * example's gradient. The network runs in evaluation mode.
 *
 * @param params flat weights (size,)
 * @throws ArgumentError for what does not fit and options out of range; AbortError once `signal` is aborted
 * Cost: `batches` gradients; batches + 2 arrays of weights
 * @example
 * const { variance, standardError } = await gradientNoise(net, params, digits.train, { batchSize: 32, seed: 1 });
 */
export async function gradientNoise(
  network: Network,
  params: FloatArray,
  examples: Examples,
  {
    batchSize = 64,
    batches = 50,
    seed = 0,
    dtype = 'float32',
    signal,
    onProgress,
    ...others
  }: GradientNoiseOptions = {},
): Promise<GradientNoise> {
  const caller = 'gradientNoise';
  requireNoOthers(caller, others, 'GradientNoiseOptions');
  requireInteger(caller, 'batchSize', batchSize, 1);
  requireInteger(caller, 'batches', batches, 2);
  requireSeed(caller, seed);
  requireWeights(caller, 'params', network, params, dtype);
  requireExamples(caller, network, examples, dtype);
  const loss = network.classes === 1 ? binaryCrossEntropy : softmaxCrossEntropy;
  const risk = (z: Tensor, y: Tensor): Tensor => mean(loss(z, y));
  const plan = planGradientStep(network, batchSize, { risk, dtype, deterministic: true });
  const order = new Int32Array(batchSize);
  const weights = (dtype === 'float64' ? Float64Array : Float32Array).from(params);
  const gradients: FloatArray[] = [];
  const between = watch(caller, batches, { signal, onProgress }, () => gradients.length);
  while (gradients.length < batches) {
    await between();
    const draw = stream({ seed, purpose: 'complexity/gradient-noise', index: gradients.length });
    for (let i = 0; i < batchSize; i++) order[i] = draw.integer(examples.count);
    gatherBatch(examples, order, 0, plan);
    plan.run(weights);
    gradients.push(plan.gradient.slice());
  }
  return { ...spreadOf(gradients), batchSize, batches };
}

/** Σ‖g_k − ḡ‖²/(K − 1), and its error from the spread of the squared distances. */
function spreadOf(gradients: readonly FloatArray[]): Pick<GradientNoise, 'variance' | 'standardError'> {
  const count = gradients.length;
  const centre = new Float64Array(gradients[0].length);
  for (const gradient of gradients) for (let i = 0; i < centre.length; i++) centre[i] += gradient[i] / count;
  const distances = gradients.map((gradient) => {
    let sum = 0;
    for (let i = 0; i < centre.length; i++) sum += (gradient[i] - centre[i]) * (gradient[i] - centre[i]);
    return (sum * count) / (count - 1);
  });
  const variance = distances.reduce((sum, d) => sum + d, 0) / count;
  const squares = distances.reduce((sum, d) => sum + (d - variance) * (d - variance), 0);
  return { variance, standardError: Math.sqrt(squares / (count - 1) / count) };
}
