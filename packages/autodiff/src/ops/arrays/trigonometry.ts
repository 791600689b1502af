import * as p from '../../primitives/emit.js';
import type { Tensor } from '../../trace/tensor.js';
import { requireTensor } from '../broadcasting.js';

// Functions made of others that have kernels of their own, in forms that keep their accuracy.

const one = (x: Tensor): Tensor => p.full(1, x);

/** sin x / cos x @example evaluateFunction(tan, [[1]]); // [1.5574...] */
export const tan = (x: Tensor): Tensor => p.div(p.unary('sin', requireTensor('tan', x)), p.unary('cos', x));
/** arcsin x = arctan(x/√((1 − x)(1 + x))), in [−π/2, π/2] @example evaluateFunction(asin, [[1]]); // [1.5707...] */
export const asin = (x: Tensor): Tensor => {
  const square = p.mul(p.sub(one(requireTensor('asin', x)), x), p.shift(x, 1));
  return p.unary('atan', p.mul(x, p.unary('rsqrt', square)));
};
/** arccos x = 2 arctan √((1 − x)/(1 + x)), in [0, π] @example evaluateFunction(acos, [[0]]); // [1.5707...] */
export const acos = (x: Tensor): Tensor => {
  const ratio = p.div(p.sub(one(requireTensor('acos', x)), x), p.shift(x, 1));
  return p.scale(p.unary('atan', p.unary('sqrt', ratio)), 2);
};
/** (eˣ − e⁻ˣ)/2, without cancellation near 0 @example evaluateFunction(sinh, [[1]]); // [1.1752...] */
export const sinh = (x: Tensor): Tensor => {
  const half = (y: Tensor): Tensor => p.unary('expm1', y);
  return p.scale(p.sub(half(requireTensor('sinh', x)), half(p.neg(x))), 0.5);
};
/** (eˣ + e⁻ˣ)/2 @example evaluateFunction(cosh, [[1]]); // [1.5430...] */
export const cosh = (x: Tensor): Tensor =>
  p.scale(p.add(p.unary('exp', requireTensor('cosh', x)), p.unary('exp', p.neg(x))), 0.5);
/** ln(x + √(x² − 1)) for x ≥ 1, by way of log1p near 1 @example evaluateFunction(acosh, [[2]]); // [1.3169...] */
export const acosh = (x: Tensor): Tensor => {
  const above = p.shift(requireTensor('acosh', x), -1);
  return p.unary('log1p', p.add(above, p.unary('sqrt', p.mul(above, p.shift(x, 1)))));
};
/** ½ (ln(1 + x) − ln(1 − x)) for |x| < 1, by way of log1p @example evaluateFunction(atanh, [[0.5]]); // [0.5493...] */
export const atanh = (x: Tensor): Tensor =>
  p.scale(p.sub(p.unary('log1p', requireTensor('atanh', x)), p.unary('log1p', p.neg(x))), 0.5);
