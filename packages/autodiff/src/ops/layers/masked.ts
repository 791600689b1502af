import * as p from '../../primitives/emit.js';
import type { Tensor } from '../../trace/tensor.js';
import { expand, requireTensor } from '../broadcasting.js';
import { logSoftmax, softmax } from '../reductions.js';

/**
 * Softmax over the entries that a mask allows; the others are exactly 0. Where nothing is allowed all are 0, and so are their derivatives.
 *
 * @param mask ≠ 0 where an entry counts, broadcast to x; not differentiated
 * @param axis default −1
 * @example evaluateFunction(maskedSoftmax, [[0, 9, 0], [1, 0, 1]]); // [0.5, 0, 0.5]
 */
export function maskedSoftmax(x: Tensor, mask: Tensor, axis: number = -1): Tensor {
  const allowed = spreadMask('maskedSoftmax', x, mask);
  return p.select(allowed, softmax(hidden(x, allowed), axis), p.zerosLike(x));
}

/**
 * Log-softmax over the entries that a mask allows; the others are −∞ with derivative 0: choose entries (`select`, `take`) before multiplying.
 *
 * @param mask ≠ 0 where an entry counts, broadcast to x; not differentiated
 * @param axis default −1
 * @example evaluateFunction(maskedLogSoftmax, [[0, 9, 0], [1, 0, 1]]); // [-0.6931..., -Infinity, -0.6931...]
 */
export function maskedLogSoftmax(x: Tensor, mask: Tensor, axis: number = -1): Tensor {
  const allowed = spreadMask('maskedLogSoftmax', x, mask);
  return p.select(allowed, logSoftmax(hidden(x, allowed), axis), p.full(-Infinity, x));
}

function spreadMask(op: string, x: Tensor, mask: Tensor): Tensor {
  return expand(op, requireTensor(op, mask), requireTensor(op, x).shape);
}

/** x where allowed, elsewhere a number whose exponential is 0 beside every other and from which differences stay finite. */
function hidden(x: Tensor, allowed: Tensor): Tensor {
  return p.select(allowed, x, p.full(x.dtype === 'float32' ? -1e38 : -1e300, x));
}
