import { type Tensor, abs, add, greater, mul, neg, select, sub } from '@hyperribbon/autodiff';
import { equal, greaterEqual, isNaN, less, lessEqual, notEqual } from '@hyperribbon/autodiff/array';
import type { Operator } from '../../values/call.js';
import { aligned, mapped } from '../../values/layout.js';

// Truth is 1 or 0; no derivative passes.

const binary =
  (f: (x: Tensor, y: Tensor) => Tensor): Operator =>
  (call) => {
    const { tensors, result } = aligned([call.input(0), call.input(1)], 'bool');
    return result(f(tensors[0], tensors[1]));
  };

export const Equal: Operator = binary(equal);
export const Less: Operator = binary(less);
export const LessOrEqual: Operator = binary(lessEqual);
export const Greater: Operator = binary(greater);
export const GreaterOrEqual: Operator = binary(greaterEqual);
export const And: Operator = binary(mul);
export const Or: Operator = binary((x, y) => sub(add(x, y), mul(x, y)));
export const Xor: Operator = binary(notEqual);
export const Not: Operator = (call) => mapped(call.input(0), (x) => sub(1, x));
export const IsNaN: Operator = (call) => mapped(call.input(0), isNaN, 'bool');

export const IsInf: Operator = (call) => {
  const [low, high] = [call.int('detect_negative', 1) === 1, call.int('detect_positive', 1) === 1];
  return mapped(
    call.input(0),
    (x) => {
      if (low && high) return equal(abs(x), Infinity);
      if (!low && !high) return mul(isNaN(x), 0);
      return equal(low ? neg(x) : x, Infinity);
    },
    'bool',
  );
};

/** x where the condition holds, else y */
export const Where: Operator = (call) => {
  const { tensors, result } = aligned([call.input(0), call.input(1), call.input(2)], call.input(1).type);
  return result(select(tensors[0], tensors[1], tensors[2]));
};
