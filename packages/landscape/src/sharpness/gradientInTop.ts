import {
  floatArray,
  type OnProgress,
  refuse,
  requireInteger,
  requireLength,
  requireNoOthers,
  throwIfAborted,
} from '@hyperribbon/contract';
import { hessian } from '@hyperribbon/curvature';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { eigsh } from '@hyperribbon/lanczos';
import { type AnyExamples, type LossData, lossFromData, type Network } from '@hyperribbon/nn';
import { euclideanNorm } from '../inputs/euclideanNorm.js';

/**
 * The share of a squared gradient in the span of some directions, ‖P g‖² / ‖g‖² = Σ_i (v_i · g)² / ‖g‖².
 *
 * @param vectors (k, size) row-major, orthonormal rows, as `eigsh` gives them
 * @param gradient (size,)
 * @returns in [0, 1] but for rounding; NaN for a gradient of zeros
 * @throws ArgumentError for lengths that do not fit
 * Cost: 2 k size flops
 * @example
 * topShare(Float64Array.of(1, 0, 0, 0, 1, 0), Float64Array.of(3, 0, 4)); // 0.36
 * Source: [gurari2018]
 */
export function topShare(vectors: FloatArray, gradient: FloatArray): number {
  const size = gradient.length;
  if (size === 0 || vectors.length % size !== 0)
    refuse('topShare', `vectors must hold rows of ${size} numbers as the gradient has, got ${vectors.length} numbers`);
  const norm = euclideanNorm(gradient);
  let share = 0;
  for (let from = 0; from < vectors.length; from += size) {
    let dot = 0;
    for (let i = 0; i < size; i++) dot += vectors[from + i] * (gradient[i] / norm);
    share += dot * dot;
  }
  return share;
}

/**
 * The cosine of a gradient and its product with the Hessian, gᵀHg / (‖g‖ ‖Hg‖): 1 where g is an eigenvector, about √(3/4) for a random vector among
 * eigenvectors whose eigenvalues go 1, 2, 3, ….
 *
 * @param gradient (size,)
 * @param product (size,) H g
 * @returns in [−1, 1]; NaN where one of them is all zeros
 * @example
 * productOverlap(Float64Array.of(1, 1), Float64Array.of(1, 0)); // 0.7071067811865475
 * Source: [gurari2018]
 */
export function productOverlap(gradient: FloatArray, product: FloatArray): number {
  requireLength('productOverlap', 'product', product, gradient.length);
  const [a, b] = [euclideanNorm(gradient), euclideanNorm(product)];
  let dot = 0;
  for (let i = 0; i < gradient.length; i++) dot += (gradient[i] / a) * (product[i] / b);
  return dot;
}

export interface GradientInTopOptions {
  /** dimension of the top subspace, default the number of outputs, as the paper has it */
  readonly k?: number;
  /** of one example, default softmax cross-entropy */
  readonly loss?: LossData;
  /** of products, default float64 */
  readonly dtype?: Dtype;
  /** of eigenpairs relative to ‖H‖, default 1e-8 in float64 and 1e-4 in float32 */
  readonly tol?: number;
  /** of the search, default 0 */
  readonly seed?: number;
  /** true: the same bits in every runtime. Default false */
  readonly deterministic?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress<string>;
}

/** Where the gradient stands among the eigenvectors of the Hessian. Plain data. */
export interface GradientInTop {
  readonly k: number;
  /** share of ‖g‖² in the span of the top k eigenvectors */
  readonly topShare: number;
  /** gᵀHg / (‖g‖ ‖Hg‖) */
  readonly productOverlap: number;
  /** gᵀHg / ‖g‖², the curvature along the gradient */
  readonly alongGradient: number;
  readonly gradientNorm: number;
  /** (k,) descending */
  readonly values: Float64Array;
  readonly residualNorms: Float64Array;
  /** (k, size) rows: two moments are compared by `subspaceOverlap` of @hyperribbon/curvature */
  readonly vectors: FloatArray;
  readonly converged: boolean;
  readonly reason: string;
}

/**
 * The gradient of the mean loss in the top subspace of its Hessian: the share of ‖g‖² there, and the overlap of g with Hg.
 *
 * A large share does not say that training happens there: full-batch descent with small steps has next to none, descent at the edge of stability and
 * stochastic descent have much because they oscillate across the steep directions [song2024].
 *
 * @param params flat weights (size,)
 * @param examples that the loss is the mean over: gradient and Hessian are of all of them
 * @throws ArgumentError for options that do not fit; AbortError once `signal` is aborted
 * Cost: about 3 k products, k · size numbers
 * @example
 * const net = mlp([2, 3, 2], { activation: 'tanh' });
 * const examples = examplesFromArrays({ shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) }, { shape: [2], data: Int32Array.of(0, 1) });
 * const { topShare } = await gradientInTop(net, net.init(1), examples, { k: 2 });
 * Source: [gurari2018]
 */
export async function gradientInTop(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  {
    k = network.classes,
    loss = { kind: 'softmax-cross-entropy' },
    dtype = 'float64',
    tol = dtype === 'float64' ? 1e-8 : 1e-4,
    seed = 0,
    deterministic = false,
    signal,
    onProgress,
    ...others
  }: GradientInTopOptions = {},
): Promise<GradientInTop> {
  const caller = 'gradientInTop';
  requireNoOthers(caller, others, 'GradientInTopOptions');
  requireInteger(caller, 'k', k, 1, network.size);
  const operator = hessian(network, params, examples, { dtype, loss: lossFromData(loss), deterministic });
  const { values, residualNorms, vectors, converged, reason } = await eigsh(operator, {
    k,
    which: 'LA',
    tol,
    seed,
    deterministic,
    ...(signal && { signal }),
    onProgress: ({ done }) =>
      onProgress?.({ done, of: Math.max(done, 3 * k + 40), detail: `top ${k} eigenvectors, ${done} products` }),
  });
  throwIfAborted(caller, signal);
  const gradient = operator.gradient();
  const norm = operator.gradientNorm;
  const [along, product] = [1, 2].map(() => floatArray(dtype, network.size));
  for (let i = 0; i < along.length; i++) along[i] = gradient[i] / norm;
  operator.apply(along, product);
  let alongGradient = 0;
  for (let i = 0; i < along.length; i++) alongGradient += along[i] * product[i];
  return {
    k,
    topShare: topShare(vectors, gradient),
    productOverlap: productOverlap(gradient, product),
    alongGradient,
    gradientNorm: norm,
    values,
    residualNorms,
    vectors,
    converged,
    reason,
  };
}
