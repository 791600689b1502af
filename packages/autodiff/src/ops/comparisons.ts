import * as p from '../primitives/emit.js';
import { apply } from '../trace/apply.js';
import type { Tensor } from '../trace/tensor.js';
import { type Operand, broadcastPair, requireTensor } from './broadcasting.js';

// Truth is 1 or 0 in the operands' dtype, float64 for int32 operands; every derivative is 0. With NaN only notEqual is true.

/** 1 where x < y, else 0. @example evaluateFunction(less, [[1, 4], [2, 2]]); // [1, 0] */
export const less = (x: Operand, y: Operand): Tensor => compared('less', x, y, (a, b) => p.greater(b, a));
/** 1 where x ≥ y, else 0. @example evaluateFunction(greaterEqual, [[1, 2, 3], [2, 2, 2]]); // [0, 1, 1] */
export const greaterEqual = (x: Operand, y: Operand): Tensor =>
  compared('greaterEqual', x, y, (a, b) => p.mul(not(p.greater(b, a)), ordered(a, b)));
/** 1 where x ≤ y, else 0. @example evaluateFunction(lessEqual, [[1, 2, 3], [2, 2, 2]]); // [1, 1, 0] */
export const lessEqual = (x: Operand, y: Operand): Tensor =>
  compared('lessEqual', x, y, (a, b) => p.mul(not(p.greater(a, b)), ordered(a, b)));
/** 1 where x = y, else 0. @example evaluateFunction(equal, [[1, 2, 3], [2, 2, 2]]); // [0, 1, 0] */
export const equal = (x: Operand, y: Operand): Tensor => compared('equal', x, y, same);
/** 1 where x ≠ y (so for NaN too), else 0. @example evaluateFunction(notEqual, [[1, 2, 3], [2, 2, 2]]); // [1, 0, 1] */
export const notEqual = (x: Operand, y: Operand): Tensor => compared('notEqual', x, y, (a, b) => not(same(a, b)));
/** 1 where x is 0, else 0: the opposite of a truth. @example evaluateFunction(logicalNot, [[0, 1]]); // [1, 0] */
export const logicalNot = (x: Tensor): Tensor => equal(x, 0);
/** 1 where x is NaN, else 0. @example evaluateFunction(isNaN, [[1, NaN]]); // [0, 1] */
export const isNaN = (x: Tensor): Tensor => notEqual(x, requireTensor('isNaN', x));

/** Strict comparison of int32 values goes by way of float64, which holds each of them. */
export function compared(op: string, x: Operand, y: Operand, truth: (a: Tensor, b: Tensor) => Tensor): Tensor {
  const [a, b] = broadcastPair(op, x, y);
  return a.dtype === 'int32' ? truth(p.convert(a, 'float64'), p.convert(b, 'float64')) : truth(a, b);
}

const not = (truth: Tensor): Tensor => p.sub(p.full(1, truth), truth);
const same = (a: Tensor, b: Tensor): Tensor => p.mul(not(p.add(p.greater(a, b), p.greater(b, a))), ordered(a, b));

/** 1 where neither is NaN: only numbers are above −∞ or below ∞. */
function ordered(a: Tensor, b: Tensor): Tensor {
  return p.mul(isNumber(a), a === b ? p.full(1, a) : isNumber(b));
}

function isNumber(x: Tensor): Tensor {
  const [low, high] = [p.full(-Infinity, x), p.full(Infinity, x)];
  return apply('max', [p.greater(x, low), p.greater(high, x)]);
}
