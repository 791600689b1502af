import {
  type Tensor,
  abs,
  add,
  asinh,
  atan,
  cos,
  div,
  erf,
  exp,
  expm1,
  log,
  log1p,
  mul,
  neg,
  reciprocal,
  sign,
  sin,
  sqrt,
  sub,
} from '@hyperribbon/autodiff';
import { ceil, floor, round } from '@hyperribbon/autodiff/array';
import type { Operator } from '../../values/call.js';
import { mapped } from '../../values/layout.js';

const of =
  (f: (x: Tensor) => Tensor): Operator =>
  (call) =>
    mapped(call.input(0), f);

export const Abs: Operator = of(abs);
export const Neg: Operator = of(neg);
export const Sign: Operator = of(sign);
export const Reciprocal: Operator = of(reciprocal);
export const Sqrt: Operator = of(sqrt);
export const Exp: Operator = of(exp);
export const Log: Operator = of(log);
export const Erf: Operator = of(erf);
export const Floor: Operator = of(floor);
export const Ceil: Operator = of(ceil);
export const Round: Operator = of(round);
export const Sin: Operator = of(sin);
export const Cos: Operator = of(cos);
export const Tan: Operator = of((x) => div(sin(x), cos(x)));
/** (eˣ − e⁻ˣ)/2, without cancellation near 0 */
export const Sinh: Operator = of((x) => mul(sub(expm1(x), expm1(neg(x))), 0.5));
export const Cosh: Operator = of((x) => mul(add(exp(x), exp(neg(x))), 0.5));
export const Asin: Operator = of(arcsin);
export const Acos: Operator = of((x) => sub(Math.PI / 2, arcsin(x)));
export const Atan: Operator = of(atan);
export const Asinh: Operator = of(asinh);
/** ln(x + √(x² − 1)), written for x near 1 */
export const Acosh: Operator = of((x) => {
  const above = sub(x, 1);
  return log1p(add(above, sqrt(mul(above, add(x, 1)))));
});
export const Atanh: Operator = of((x) => mul(sub(log1p(x), log1p(neg(x))), 0.5));

function arcsin(x: Tensor): Tensor {
  return atan(div(x, sqrt(mul(sub(1, x), add(1, x)))));
}
