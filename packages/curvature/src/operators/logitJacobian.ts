import type { CurvatureOptions } from '../curvatureOptions.js';
import { type OperatorMaker, operatorMaker } from './buildOperator.js';
import { logit } from './logit.js';
import { outerProduct } from './products.js';

export interface LogitJacobianOptions extends CurvatureOptions {
  /** class number of the logit, default 0 */
  readonly logit?: number;
}

/**
 * JᵀJ/n as an operator, where row i of J (n, size) is the gradient of one logit of example i by the weights. Positive
 * semidefinite; its non-zero eigenvalues are those of the tangent kernel of that logit divided by n.
 *
 * J itself as a rectangular map is {@link exampleJacobian} with `of` the class number. `loss` in the options serves the
 * operator's `loss` and `gradient` only.
 *
 * @param params flat weights (size,)
 * @throws ArgumentError, ArgumentTypeError for a logit, weights, examples or options that do not fit, and NaN
 * Cost: as a Gauss-Newton product. Source: [yang2022]'s published code.
 */
export const logitJacobian: OperatorMaker<LogitJacobianOptions> = /* @__PURE__ */ operatorMaker(
  'logitJacobian',
  ({ network }, { logit: c = 0 }) => ({
    kind: 'logitJacobian',
    product: outerProduct(network, logit('logitJacobian', network, c)),
  }),
  ['logit'],
);
