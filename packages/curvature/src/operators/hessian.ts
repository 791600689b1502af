import type { CurvatureOptions } from '../curvatureOptions.js';
import { type OperatorMaker, operatorMaker } from './buildOperator.js';
import { hessianProduct } from './products.js';

/**
 * The Hessian of a network's loss over a data set, ∇²_w (1/n) Σ_i ℓ(z(x_i; w), y_i), as an operator. Symmetric, indefinite.
 *
 * The gradient is linearised once per chunk; a product runs only its tangent part. With `workers` the examples are shared
 * among threads: see {@link ShardedCurvatureOperator}.
 *
 * @param params flat weights (size,)
 * @throws ArgumentError, ArgumentTypeError for weights, examples or options that do not fit, and NaN in either
 * Cost: for dense layers one gradient at construction, then per product about 6·size flops per example (an uncached
 * product costs twice that); memory about 4 activations per unit and example.
 * @example
 * const H = hessian(net, run.params, digits.train);
 * const { values } = await eigsh(H, { k: 20, which: 'LA', tol: 1e-4, seed: 7 });
 * @example
 * const H = hessian(net, run.params, digits.train, { workers: 2 });   // same bits; products are promises
 * Source: [pearlmutter1994].
 */
export const hessian: OperatorMaker<CurvatureOptions> = /* @__PURE__ */ operatorMaker(
  'hessian',
  ({ network, loss }) => ({
    kind: 'hessian',
    product: hessianProduct(network, loss),
  }),
);
