import type { FloatArray } from '@hyperribbon/kernels';
import { type Examples, type Network, softmaxCrossEntropy } from '@hyperribbon/nn';
import { buildOperator } from './buildOperator.js';
import type { CurvatureOperator, ShardedCurvatureOperator } from './curvatureOperator.js';
import type { CurvatureOptions, NoWorkers, WorkerOptions } from '../curvatureOptions.js';
import { gaussNewtonProduct } from './products.js';

/**
 * The (generalised) Gauss-Newton matrix (1/n) Σ_i J_iᵀ ∇²_z ℓ_i J_i as an operator, J_i the Jacobian of the logits z of
 * example i. Symmetric; positive semidefinite for losses that are convex in the logits.
 *
 * For softmax cross-entropy the inner matrix is diag p − p pᵀ, for {@link squaredError} it is the identity; for any other
 * loss its second derivative is taken symbolically.
 *
 * @param params flat weights (size,)
 * @throws RangeError, TypeError for weights, examples or options that do not fit, and NaN in either
 * With `workers` the examples are shared among threads: see {@link ShardedCurvatureOperator}.
 * Cost: about two thirds of a Hessian's product. Source: [schraudolph2002].
 */
export function gaussNewton(
  network: Network,
  params: FloatArray,
  examples: Examples,
  options: CurvatureOptions & WorkerOptions,
): ShardedCurvatureOperator;
export function gaussNewton(
  network: Network,
  params: FloatArray,
  examples: Examples,
  options?: CurvatureOptions & NoWorkers,
): CurvatureOperator;
export function gaussNewton(
  network: Network,
  params: FloatArray,
  examples: Examples,
  options: CurvatureOptions & (WorkerOptions | NoWorkers) = {},
): CurvatureOperator | ShardedCurvatureOperator {
  const product = gaussNewtonProduct(network, options.loss ?? softmaxCrossEntropy);
  return buildOperator('gaussNewton', network, params, examples, { kind: 'gaussNewton', product }, options);
}
