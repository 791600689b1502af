import { softmax } from '@hyperribbon/autodiff';
import {
  type OnProgress,
  refuse,
  requireWithin,
  requireInteger,
  requireNoOthers,
  requireOneOf,
  requireSeed,
} from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import type { AnyExamples, Network } from '@hyperribbon/nn';
import type { JacobianNorms } from './sharpnessTypes.js';
import { inputSensitivity } from '../inputs/inputSensitivity.js';
import { lanczosNorms } from '../inputs/lanczosNorms.js';
import { quantiles } from '../inputs/quantiles.js';

export interface JacobianNormsOptions {
  /** outputs that are differentiated: logits (default), or the probabilities that softmax makes of them */
  readonly of?: 'logits' | 'probabilities';
  /** each in [0, 1], default 0.05, 0.25, 0.5, 0.75, 0.95 */
  readonly levels?: readonly number[];
  /**
   * `exact` forms every Jacobian; `lanczos` takes `steps` products and says how far they are from settled. Default: exact where outputs or features are 64 or
   * fewer
   */
  readonly method?: 'exact' | 'lanczos';
  /** of `lanczos`, an integer of at least 1, default 30; no more are made than there are outputs or features */
  readonly steps?: number;
  /** of the starts of `lanczos`, default 0 */
  readonly seed?: number;
  /** default float64 */
  readonly dtype?: Dtype;
  /** true: the same bits in every runtime. Default false */
  readonly deterministic?: boolean;
  /** examples at a time, default as many as fill 64 MB */
  readonly chunkSize?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress<string>;
}

/** Norms with the number of every example. */
export interface ExampleJacobianNorms extends JacobianNorms {
  /** (count,) ‖J f(x_i)‖₂ */
  readonly norms: Float64Array;
}

/**
 * ‖J f(x_i)‖₂ of all examples, J f = ∂f/∂x the Jacobian of the outputs by the inputs: how much the outputs can change with the inputs, at most. Largest, mean and
 * quantiles, as which of them a statement means is often not said.
 *
 * Any network: batch norms count as they do in evaluation.
 *
 * @param params flat weights (size,)
 * @param examples whose answers are not looked at
 * @returns with `method: 'lanczos'` norms are lower bounds, and `residual` is the largest relative distance to a singular value
 * @throws ArgumentError for options that do not fit, and for networks that take tokens; AbortError once `signal` is aborted
 * Cost: exact: min(outputs, features) products for all examples of a chunk at once, and their Gram matrices; lanczos: 2 `steps` products
 * @example
 * const net = mlp([2, 3, 2], { activation: 'tanh' });
 * const examples = examplesFromArrays({ shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) }, { shape: [2], data: Int32Array.of(0, 1) });
 * const { max, mean, quantiles } = await jacobianNorms(net, net.init(1), examples);
 * Source: [novak2018]; what [macdonald2023] relates sharpness to.
 */
export async function jacobianNorms(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  {
    of = 'logits',
    levels = [0.05, 0.25, 0.5, 0.75, 0.95],
    method = Math.min(network.classes, examples.features) <= 64 ? 'exact' : 'lanczos',
    steps,
    seed,
    dtype = 'float64',
    deterministic = false,
    chunkSize,
    signal,
    onProgress,
    ...others
  }: JacobianNormsOptions = {},
): Promise<ExampleJacobianNorms> {
  const caller = 'jacobianNorms';
  requireNoOthers(caller, others, 'JacobianNormsOptions');
  requireOneOf(caller, 'of', of, ['logits', 'probabilities']);
  requireOneOf(caller, 'method', method, ['exact', 'lanczos']);
  levels.forEach((level, i) => requireWithin(caller, `levels[${i}]`, level, 0, 1));
  if (method === 'exact' && (steps !== undefined || seed !== undefined))
    refuse(caller, 'steps and seed are of the method lanczos; leave them out, or say method: "lanczos"');
  if (steps !== undefined) requireInteger(caller, 'steps', steps, 1);
  if (seed !== undefined) requireSeed(caller, seed);
  const asked = of === 'logits' ? network : withSoftmax(network);
  const options = {
    dtype,
    deterministic,
    ...(chunkSize === undefined ? {} : { chunkSize }),
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  };
  if (method === 'exact') {
    const { spectral } = await inputSensitivity(asked, params, examples, options);
    return summary(spectral!, { levels, method, residual: 0 });
  }
  const { norms, residual } = await lanczosNorms(caller, asked, params, examples, {
    ...options,
    steps: steps ?? 30,
    seed: seed ?? 0,
  });
  return summary(norms, { levels, method, residual });
}

function withSoftmax(network: Network): Network {
  return { ...network, apply: (params, x, buffers) => softmax(network.apply(params, x, buffers)) };
}

function summary(
  norms: Float64Array,
  { levels, ...evidence }: Pick<JacobianNorms, 'method' | 'residual'> & { readonly levels: readonly number[] },
): ExampleJacobianNorms {
  return {
    max: norms.reduce((a, b) => Math.max(a, b), 0),
    mean: norms.reduce((a, b) => a + b, 0) / norms.length,
    quantiles: quantiles(norms, levels),
    examples: norms.length,
    ...evidence,
    norms,
  };
}
