import type { CurvatureOptions } from '../curvatureOptions.js';
import { type OperatorMaker, operatorMaker } from './buildOperator.js';
import { gaussNewtonProduct } from './products.js';

/**
 * The (generalised) Gauss-Newton matrix (1/n) Σ_i J_iᵀ ∇²_z ℓ_i J_i as an operator, J_i the Jacobian of the logits z of
 * example i. Symmetric; positive semidefinite for losses that are convex in the logits.
 *
 * For softmax cross-entropy the inner matrix is diag p − p pᵀ, for {@link squaredError} it is the identity; for any other
 * loss its second derivative is taken symbolically.
 *
 * @param params flat weights (size,)
 * @throws ArgumentError, ArgumentTypeError for weights, examples or options that do not fit, and NaN in either
 * Cost: about two thirds of a Hessian's product. Source: [schraudolph2002].
 */
export const gaussNewton: OperatorMaker<CurvatureOptions> = /* @__PURE__ */ operatorMaker(
  'gaussNewton',
  ({ network, loss }) => ({ kind: 'gaussNewton', product: gaussNewtonProduct(network, loss) }),
);
