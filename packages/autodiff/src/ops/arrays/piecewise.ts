import { refuse } from '@hyperribbon/contract';
import * as p from '../../primitives/emit.js';
import { apply } from '../../trace/apply.js';
import type { Tensor } from '../../trace/tensor.js';
import { type Operand, broadcastPair, requireTensor } from '../broadcasting.js';
import { floor } from '../rounding.js';

/**
 * x cut to [low, high]; where it is cut its derivative is 0, at the ends themselves 1.
 *
 * @param low a number, −∞ for none
 * @param high a number ≥ low, ∞ for none
 * @example evaluateFunction((x) => clip(x, 0, 6), [[-1, 3, 7]]); // [0, 3, 6]
 */
export function clip(x: Tensor, low: number, high: number): Tensor {
  if (!(low <= high)) refuse('clip', `needs low ≤ high, got ${low} and ${high}`);
  const above = low === -Infinity ? requireTensor('clip', x) : apply('max', [p.full(low, requireTensor('clip', x)), x]);
  return high === Infinity ? above : apply('min', [p.full(high, x), above]);
}

/** The integer part: towards zero; derivative 0. @example evaluateFunction(trunc, [[1.7, -1.7]]); // [1, -1] */
export function trunc(x: Tensor): Tensor {
  return p.mul(p.unary('sign', p.stop(requireTensor('trunc', x))), floor(p.unary('abs', p.stop(x))));
}

/**
 * x − y·⌊x/y⌋, which has the sign of y (Python's %). Exact while the quotient is; derivative 1 by x, −⌊x/y⌋ by y.
 * @example evaluateFunction((x) => remainder(x, 3), [[5, -5]]); // [2, 1]
 */
export function remainder(x: Operand, y: Operand): Tensor {
  const [a, b] = broadcastPair('remainder', x, y);
  return p.sub(a, p.mul(b, floor(p.div(a, b))));
}

/**
 * x − y·trunc(x/y), which has the sign of x (C's fmod). Exact while the quotient is; derivative 1 by x, −trunc(x/y) by y.
 * @example evaluateFunction((x) => fmod(x, 3), [[5, -5]]); // [2, -2]
 */
export function fmod(x: Operand, y: Operand): Tensor {
  const [a, b] = broadcastPair('fmod', x, y);
  return p.sub(a, p.mul(b, trunc(p.div(a, b))));
}
