import type { FloatArray } from '@hyperribbon/kernels';
import { type Examples, type Network, assertWeights, softmaxCrossEntropy, squaredError } from '@hyperribbon/nn';
import { buildOperator, type OperatorRecipe } from './buildOperator.js';
import type { CurvatureOperator, ShardedCurvatureOperator } from './curvatureOperator.js';
import { type CurvatureOptions, type NoWorkers, resolveOptions, type WorkerOptions } from '../curvatureOptions.js';
import { drawLabels } from './drawLabels.js';
import { gaussNewtonProduct, outerProduct } from './products.js';

export interface FisherOptions extends CurvatureOptions {
  /**
   * exact: the expectation over the model's own labels, Σ_c p_c g_c g_cᵀ. sampled: one label per example drawn from the
   * model, once. empirical: the data's labels. Default 'exact'
   */
  readonly kind?: 'exact' | 'sampled' | 'empirical';
  /** names the stream of sampled labels, default 0 */
  readonly seed?: number;
}

/**
 * The Fisher information matrix F = (1/n) Σ_i E[g_i g_iᵀ] of a network's model over a data set, as an operator; g_i is the
 * gradient of the loss of example i and `kind` says whose labels the expectation is over. Positive semidefinite.
 *
 * The exact matrix equals the Gauss-Newton matrix for softmax cross-entropy (a categorical model) and for
 * {@link squaredError} (a unit Gaussian around the logits). Sampled and empirical products are one tangent pass, which
 * gives all g_i·v, and one cotangent pass, which weighs the g_i by them.
 *
 * @param params flat weights (size,)
 * @throws TypeError for kind 'exact' or 'sampled' with a loss that names no model; RangeError as {@link hessian}
 * With `workers` the examples are shared among threads: see {@link ShardedCurvatureOperator}.
 * Cost: as a Gauss-Newton product. Source: [kunstner2019].
 */
export function fisher(
  network: Network,
  params: FloatArray,
  examples: Examples,
  options: FisherOptions & WorkerOptions,
): ShardedCurvatureOperator;
export function fisher(
  network: Network,
  params: FloatArray,
  examples: Examples,
  options?: FisherOptions & NoWorkers,
): CurvatureOperator;
export function fisher(
  network: Network,
  params: FloatArray,
  examples: Examples,
  { kind = 'exact', seed = 0, ...options }: FisherOptions & (WorkerOptions | NoWorkers) = {},
): CurvatureOperator | ShardedCurvatureOperator {
  const { loss } = resolveOptions('fisher', options);
  return buildOperator('fisher', network, params, examples, recipe(), options);

  function recipe(): OperatorRecipe {
    switch (kind) {
      case 'exact':
        if (loss !== softmaxCrossEntropy && loss !== squaredError) {
          throw new TypeError(
            "fisher: kind 'exact' needs softmaxCrossEntropy or squaredError, whose model is known; for other losses use gaussNewton",
          );
        }
        return { kind: 'fisherExact', product: gaussNewtonProduct(network, loss) };
      case 'sampled':
        if (loss !== softmaxCrossEntropy) {
          throw new TypeError("fisher: kind 'sampled' draws class labels and needs softmaxCrossEntropy");
        }
        assertWeights('fisher', 'params', network, params);
        return {
          kind: 'fisherSampled',
          product: outerProduct(network, loss),
          drawn: drawLabels(network, params, examples, seed),
          seed,
        };
      case 'empirical':
        return { kind: 'fisherEmpirical', product: outerProduct(network, loss) };
      default:
        throw new RangeError(`fisher: kind must be 'exact', 'sampled' or 'empirical', got ${String(kind)}`);
    }
  }
}
