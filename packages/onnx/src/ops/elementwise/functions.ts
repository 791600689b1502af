import {
  type Tensor,
  abs,
  asinh,
  atan,
  cos,
  erf,
  exp,
  log,
  neg,
  reciprocal,
  sign,
  sin,
  sqrt,
} from '@hyperribbon/autodiff';
import { acos, acosh, asin, atanh, ceil, cosh, floor, round, sinh, tan } from '@hyperribbon/autodiff/array';
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
export const Tan: Operator = of(tan);
export const Sinh: Operator = of(sinh);
export const Cosh: Operator = of(cosh);
export const Asin: Operator = of(asin);
export const Acos: Operator = of(acos);
export const Atan: Operator = of(atan);
export const Asinh: Operator = of(asinh);
export const Acosh: Operator = of(acosh);
export const Atanh: Operator = of(atanh);
