import { abs, add, greater, mul, neg, select, step, stopGradient, sub, type Tensor } from '@hyperribbon/autodiff';

/**
 * sign(w) forward and the identity backward where |w| ≤ 1, zero elsewhere: the straight-through estimator of [hubara2016, eq. 4]. sign(0) = 1, as
 * in [courbariaux2015]; NaN stays NaN.
 *
 * Derivatives of all orders are those of the program as written, so that a Hessian by w is M H M with M = diag(1[|w| ≤ 1]) and H the Hessian by
 * the signs: symmetric, and what one step of training changes in the next gradient to first order, not the curvature of the piecewise constant loss.
 *
 * @param w any shape, float32 or float64
 * @example evaluateFunction(straightThroughSign, [[-0.3, 0, 2]]); // [-1, 1, 1]
 */
export function straightThroughSign(w: Tensor): Tensor {
  const sign = sub(1, mul(2, step(neg(w))));
  // w − stop(w) is exactly 0: it adds its derivative and nothing else
  return select(greater(abs(w), 1), sign, add(sign, sub(w, stopGradient(w))));
}
