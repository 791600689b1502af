import { refuseType } from '@hyperribbon/contract';
import * as p from '../primitives/emit.js';
import { isFloat } from '../specs.js';
import type { Tensor } from '../trace/tensor.js';
import { requireTensor } from './broadcasting.js';

// Piecewise constant: every derivative is 0. NaN and ±∞ stay.

/** The nearest integer, of two equally near ones the even one. @example evaluateFunction(round, [[0.5, 1.5, -2.7]]); // [0, 2, -3] */
export function round(x: Tensor): Tensor {
  return nearest('round', x);
}

/** The largest integer ≤ x. @example evaluateFunction(floor, [[1.7, -1.2]]); // [1, -2] */
export function floor(x: Tensor): Tensor {
  const near = nearest('floor', x);
  return p.sub(near, p.greater(near, x));
}

/** The smallest integer ≥ x. @example evaluateFunction(ceil, [[1.2, -1.7]]); // [2, -1] */
export function ceil(x: Tensor): Tensor {
  const near = nearest('ceil', x);
  return p.add(near, p.greater(x, near));
}

/** Above 2^(digits − 1) every number is an integer; below, adding it and taking it off again leaves the nearest one. */
function nearest(op: string, x: Tensor): Tensor {
  if (!isFloat(requireTensor(op, x).dtype)) refuseType(op, 'x', 'float32 or float64', x.dtype);
  const still = p.stop(x);
  const whole = p.full(x.dtype === 'float32' ? 2 ** 23 : 2 ** 52, x);
  const size = p.unary('abs', still);
  const rounded = p.mul(p.unary('sign', still), p.sub(p.add(size, whole), whole));
  return p.select(p.greater(whole, size), rounded, still);
}
