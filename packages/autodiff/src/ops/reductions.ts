import { refuse, requireNoOthers } from '@hyperribbon/contract';
import * as p from '../primitives/emit.js';
import { range, sizeOf } from '../specs.js';
import { apply } from '../trace/apply.js';
import type { Tensor } from '../trace/tensor.js';
import { type Axes, resolveAxes, resolveAxis } from './axes.js';
import { requireTensor } from './broadcasting.js';

export interface ReductionOptions {
  /** keep reduced axes with length 1; default false */
  readonly keepDims?: boolean;
}

/**
 * Sum over `axes` (default: all).
 *
 * @param axes one or several axes; negative ones count from the last
 * @example evaluateFunction(sum, [[1, 2, 3]]); // [6]
 */
export function sum(x: Tensor, axes?: Axes, options: ReductionOptions = {}): Tensor {
  return reduce('sum', x, axes, options, p.reduceSum);
}

/** Mean over `axes` (default: all): the sum divided by the number of elements. @example evaluateFunction(mean, [[1, 2, 6]]); // [3] */
export function mean(x: Tensor, axes?: Axes, options: ReductionOptions = {}): Tensor {
  return reduce('mean', x, axes, options, (y, over) => {
    const count = over.reduce((product, axis) => product * y.shape[axis], 1);
    const total = p.reduceSum(y, over);
    return p.div(total, p.full(count, total));
  });
}

/** Largest element over `axes` (default: all); equal maxima share the derivative evenly. @example evaluateFunction(max, [[1, 3, 2]]); // [3] */
export function max(x: Tensor, axes?: Axes, options: ReductionOptions = {}): Tensor {
  return reduce('max', x, axes, options, (y, over) => apply('reduceMax', [y], { axes: over }));
}

/** Smallest element over `axes` (default: all). @example evaluateFunction(min, [[3, 1, 2]]); // [1] */
export function min(x: Tensor, axes?: Axes, options: ReductionOptions = {}): Tensor {
  return reduce('min', x, axes, options, (y, over) => p.neg(apply('reduceMax', [p.neg(y)], { axes: over })));
}

/** ln Σ exp x over one axis (default: the last); never overflows. @example evaluateFunction(logSumExp, [[1000, 1000]]); // [1000.6931...] */
export function logSumExp(x: Tensor, axis: number = -1): Tensor {
  return apply('logSumExp', [axisLast('logSumExp', x, axis)]);
}

/** exp x / Σ exp x over one axis (default: the last). @example evaluateFunction(softmax, [[0, 0]]); // [0.5, 0.5] */
export function softmax(x: Tensor, axis: number = -1): Tensor {
  return axisBack(apply('softmax', [axisLast('softmax', x, axis)]), resolveAxis('softmax', axis, x.shape));
}

/** x − ln Σ exp x over one axis (default: the last), also where x is large and the result small. @example evaluateFunction(logSoftmax, [[0, 0]]); // [-0.6931..., -0.6931...] */
export function logSoftmax(x: Tensor, axis: number = -1): Tensor {
  const y = axisLast('logSoftmax', x, axis);
  const last = [y.shape.length - 1];
  // where one entry outweighs all others together, which sum up to r of it, the result is ln(1 + r) below their differences from it
  const top = p.greater(apply('softmax', [y]), p.full(0.5, y));
  const below = p.sub(y, p.spread(apply('reduceMax', [y], { axes: last }), last, y.shape));
  const shifted = p.select(top, p.zerosLike(y), below);
  const never = p.full(y.dtype === 'float32' ? -3e38 : -1e308, y);
  const rest = apply('logSumExp', [p.select(top, never, shifted)]);
  const normaliser = p.select(apply('reduceMax', [top], { axes: last }), p.unary('softplus', rest), rest);
  return axisBack(p.sub(shifted, p.spread(normaliser, last, y.shape)), resolveAxis('logSoftmax', axis, x.shape));
}

function reduce(
  name: string,
  x: Tensor,
  axes: Axes,
  { keepDims = false, ...others }: ReductionOptions,
  over: (x: Tensor, axes: readonly number[]) => Tensor,
): Tensor {
  requireNoOthers(name, others, 'ReductionOptions');
  const resolved = resolveAxes(name, axes, requireTensor(name, x).shape);
  if (name !== 'sum' && sizeOf(x.shape) === 0) refuse(name, `the tensor has no elements`);
  const reduced = over(x, resolved);
  if (!keepDims) return reduced;
  return p.reshape(
    reduced,
    x.shape.map((length, axis) => (resolved.includes(axis) ? 1 : length)),
  );
}

function axisLast(name: string, x: Tensor, axis: number): Tensor {
  const resolved = resolveAxis(name, axis, requireTensor(name, x).shape);
  return p.transpose(x, [...range(x.shape.length).filter((i) => i !== resolved), resolved]);
}

function axisBack(x: Tensor, axis: number): Tensor {
  const last = x.shape.length - 1;
  const order = range(last);
  order.splice(axis, 0, last);
  return p.transpose(x, order);
}
