import type { BinaryName, UnaryName } from '@hyperribbon/kernels';
import * as p from '../primitives/emit.js';
import { apply } from '../trace/apply.js';
import type { Tensor } from '../trace/tensor.js';
import { type Operand, broadcastPair, commonShape, expand, requireTensor } from './broadcasting.js';

function unary(name: string, op: UnaryName, x: Tensor): Tensor {
  return p.unary(op, requireTensor(name, x));
}

function binary(name: string, op: BinaryName, x: Operand, y: Operand): Tensor {
  return apply(op, broadcastPair(name, x, y));
}

/** x + y; operands broadcast by NumPy's rules, a number takes the other's dtype. @example evaluateFunction(add, [[1, 2], [3, 4]]); // [4, 6] */
export const add = (x: Operand, y: Operand): Tensor => binary('add', 'add', x, y);
/** x − y @example evaluateFunction(sub, [[5, 6], [1, 2]]); // [4, 4] */
export const sub = (x: Operand, y: Operand): Tensor => binary('sub', 'sub', x, y);
/** x · y, element by element @example evaluateFunction(mul, [[1, 2], [3, 4]]); // [3, 8] */
export const mul = (x: Operand, y: Operand): Tensor => binary('mul', 'mul', x, y);
/** x / y @example evaluateFunction(div, [[1, 4], [2, 2]]); // [0.5, 2] */
export const div = (x: Operand, y: Operand): Tensor => binary('div', 'div', x, y);
/** The larger of x and y; where they are equal y takes the derivative. @example evaluateFunction(maximum, [[1, 4], [2, 2]]); // [2, 4] */
export const maximum = (x: Operand, y: Operand): Tensor => binary('maximum', 'max', x, y);
/** The smaller of x and y; where they are equal y takes the derivative. @example evaluateFunction(minimum, [[1, 4], [2, 2]]); // [1, 2] */
export const minimum = (x: Operand, y: Operand): Tensor => binary('minimum', 'min', x, y);
/** 1 where x > y, else 0; derivative 0. @example evaluateFunction(greater, [[1, 4], [2, 2]]); // [0, 1] */
export const greater = (x: Operand, y: Operand): Tensor => binary('greater', 'greater', x, y);

/**
 * xʸ as IEEE pow; the exponents −1, 0.5, 1, 2 and 3 become reciprocal, sqrt, x, x² and x²·x.
 * @example evaluateFunction(pow, [[2, 9], [3, 0.5]]); // [8, 3]
 */
export function pow(x: Operand, y: Operand): Tensor {
  if (typeof x !== 'number' && typeof y === 'number') {
    const base = requireTensor('pow', x);
    if (y === -1) return p.unary('reciprocal', base);
    if (y === 0.5) return p.unary('sqrt', base);
    if (y === 1) return base;
    if (y === 2) return p.unary('square', base);
    if (y === 3) return p.mul(p.unary('square', base), base);
  }
  return binary('pow', 'pow', x, y);
}

/** x where condition ≠ 0, else y; the condition is not differentiated. @example evaluateFunction(select, [[1, 0], [5, 6], [7, 8]]); // [5, 8] */
export function select(condition: Tensor, x: Operand, y: Operand): Tensor {
  const [a, b] = broadcastPair('select', x, y);
  const shape = commonShape('select', requireTensor('select', condition), a);
  return p.select(expand('select', condition, shape), expand('select', a, shape), expand('select', b, shape));
}

/** −x @example evaluateFunction(neg, [[1, -2]]); // [-1, 2] */
export const neg = (x: Tensor): Tensor => unary('neg', 'neg', x);
/** |x|, derivative sign(x) (0 at 0). @example evaluateFunction(abs, [[-2, 3]]); // [2, 3] */
export const abs = (x: Tensor): Tensor => unary('abs', 'abs', x);
/** −1, 0 or 1; derivative 0. @example evaluateFunction(sign, [[-2, 0, 3]]); // [-1, 0, 1] */
export const sign = (x: Tensor): Tensor => unary('sign', 'sign', x);
/** 1 for x > 0, else 0; derivative 0. @example evaluateFunction(step, [[-2, 0, 3]]); // [0, 0, 1] */
export const step = (x: Tensor): Tensor => unary('step', 'step', x);
/** x² @example evaluateFunction(square, [[3, -4]]); // [9, 16] */
export const square = (x: Tensor): Tensor => unary('square', 'square', x);
/** 1/x @example evaluateFunction(reciprocal, [[4]]); // [0.25] */
export const reciprocal = (x: Tensor): Tensor => unary('reciprocal', 'reciprocal', x);
/** √x @example evaluateFunction(sqrt, [[9]]); // [3] */
export const sqrt = (x: Tensor): Tensor => unary('sqrt', 'sqrt', x);
/** 1/√x @example evaluateFunction(rsqrt, [[4]]); // [0.5] */
export const rsqrt = (x: Tensor): Tensor => unary('rsqrt', 'rsqrt', x);
/** eˣ @example evaluateFunction(exp, [[0, 1]]); // [1, 2.7182...] */
export const exp = (x: Tensor): Tensor => unary('exp', 'exp', x);
/** eˣ − 1 without cancellation near 0. @example evaluateFunction(expm1, [[1e-10]]); // [1.000...e-10] */
export const expm1 = (x: Tensor): Tensor => unary('expm1', 'expm1', x);
/** ln x @example evaluateFunction(log, [[1, 10]]); // [0, 2.3025...] */
export const log = (x: Tensor): Tensor => unary('log', 'log', x);
/** ln(1 + x) without cancellation near 0. @example evaluateFunction(log1p, [[1e-10]]); // [9.999...e-11] */
export const log1p = (x: Tensor): Tensor => unary('log1p', 'log1p', x);
/** sin x, x in radians @example evaluateFunction(sin, [[1]]); // [0.8414...] */
export const sin = (x: Tensor): Tensor => unary('sin', 'sin', x);
/** cos x, x in radians @example evaluateFunction(cos, [[0]]); // [1] */
export const cos = (x: Tensor): Tensor => unary('cos', 'cos', x);
/** arctan x, in (−π/2, π/2) @example evaluateFunction(atan, [[1]]); // [0.7853...] */
export const atan = (x: Tensor): Tensor => unary('atan', 'atan', x);
/** ln(x + √(x² + 1)), without cancellation @example evaluateFunction(asinh, [[1]]); // [0.8813...] */
export const asinh = (x: Tensor): Tensor => unary('asinh', 'asinh', x);
/** 2/√π ∫₀ˣ e^(−t²) dt @example evaluateFunction(erf, [[0.5]]); // [0.5204...] */
export const erf = (x: Tensor): Tensor => unary('erf', 'erf', x);
/** Φ(x), the standard normal distribution function. @example evaluateFunction(normalCdf, [[0]]); // [0.5] */
export const normalCdf = (x: Tensor): Tensor => unary('normalCdf', 'normalCdf', x);
/** φ(x), the standard normal density. @example evaluateFunction(normalPdf, [[0]]); // [0.3989...] */
export const normalPdf = (x: Tensor): Tensor => unary('normalPdf', 'normalPdf', x);
/** ln cosh x, without overflow. @example evaluateFunction(logCosh, [[1000]]); // [999.3068...] */
export const logCosh = (x: Tensor): Tensor => unary('logCosh', 'logcosh', x);
/** ln Γ(x) @example evaluateFunction(lgamma, [[10]]); // [12.8018...] */
export const lgamma = (x: Tensor): Tensor => unary('lgamma', 'lgamma', x);
/** ψ(x) = d ln Γ(x)/dx; differentiable once (its second derivative is not available). @example evaluateFunction(digamma, [[1]]); // [-0.5772...] */
export const digamma = (x: Tensor): Tensor => unary('digamma', 'digamma', x);
/**
 * x ln x, 0 at 0 with derivative −∞. Its second derivative goes through 1/x², which overflows below 1e-154.
 * @example evaluateFunction(xlogx, [[0, 1]]); // [0, 0]
 */
export function xlogx(x: Tensor): Tensor {
  const one = p.full(1, requireTensor('xlogx', x));
  const inside = p.select(x, x, one);
  // where x = 0, −√x has the value and the slope that x ln x tends to
  const end = p.select(x, p.zerosLike(x), p.unary('sqrt', p.select(x, one, x)));
  return p.sub(p.mul(inside, p.unary('log', inside)), end);
}
