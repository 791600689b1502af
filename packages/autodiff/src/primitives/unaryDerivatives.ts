import { refuse } from '@hyperribbon/contract';
import type { UnaryName } from '@hyperribbon/kernels';
import type { Tensor } from '../trace/tensor.js';
import { add, div, full, mul, neg, scale, shift, unary } from './emit.js';

const twoOverSqrtPi = 1.1283791670955126;

/**
 * f′ in terms of x and y = f(x); 'zero' where f is piecewise constant.
 *
 * Each form keeps its relative accuracy in the tails, and so does the derivative of the form itself (second order is
 * computed by differentiating these): σ′ is sech²(x/2)/4 and not σ(x)σ(−x), whose derivative cancels near 0; tanh′ is
 * sech² and not 1 − tanh², which is 0 from |x| = 19 on.
 */
export const unaryDerivatives: Readonly<Record<UnaryName, 'zero' | ((x: Tensor, y: Tensor) => Tensor)>> = {
  neg: (x) => full(-1, x),
  abs: (x) => unary('sign', x),
  sign: 'zero',
  step: 'zero',
  relu: (x) => unary('step', x),
  square: (x) => scale(x, 2),
  reciprocal: (_, y) => neg(unary('square', y)),
  sqrt: (x) => scale(unary('rsqrt', x), 0.5),
  rsqrt: (x, y) => div(scale(y, -0.5), x),
  exp: (_, y) => y,
  expm1: (x) => unary('exp', x),
  log: (x) => unary('reciprocal', x),
  log1p: (x) => unary('reciprocal', shift(x, 1)),
  sin: (x) => unary('cos', x),
  cos: (x) => neg(unary('sin', x)),
  atan: (x) => unary('reciprocal', shift(unary('square', x), 1)),
  asinh: (x) => unary('rsqrt', shift(unary('square', x), 1)),
  tanh: (x) => unary('sech2', x),
  sech2: (x, y) => mul(scale(unary('tanh', x), -2), y),
  sigmoid: (x) => scale(unary('sech2', scale(x, 0.5)), 0.25),
  softplus: (x) => unary('sigmoid', x),
  logsigmoid: (x) => unary('sigmoid', neg(x)),
  erf: (x) => scale(unary('gaussian', x), twoOverSqrtPi),
  gaussian: (x, y) => scale(mul(x, y), -2),
  normalCdf: (x) => unary('normalPdf', x),
  normalPdf: (x, y) => neg(mul(x, y)),
  gelu: (x) => add(unary('normalCdf', x), mul(x, unary('normalPdf', x))),
  logcosh: (x) => unary('tanh', x),
  lgamma: (x) => unary('digamma', x),
  digamma: (x) => unary('trigamma', x),
  trigamma: () => refuse('trigamma', 'its derivative (the tetragamma function) is not available'),
};
