import { refuse } from '@hyperribbon/contract';
import * as p from '../primitives/emit.js';
import type { ElementType } from '../program.js';
import { checkShape, showShape, sizeOf } from '../specs.js';
import { apply } from '../trace/apply.js';
import type { Tensor } from '../trace/tensor.js';
import { resolveAxis } from './axes.js';
import { expand, requireTensor } from './broadcasting.js';

/**
 * The same numbers in another shape; one length may be −1 and follows from the rest.
 * @example evaluateFunction((x) => transpose(reshape(x, [2, -1])), [[1, 2, 3, 4]]); // [1, 3, 2, 4]
 */
export function reshape(x: Tensor, shape: readonly number[]): Tensor {
  const size = sizeOf(requireTensor('reshape', x).shape);
  const known = shape.filter((length) => length !== -1);
  if (known.length === shape.length) return p.reshape(x, shape);
  const rest = size / sizeOf(known);
  if (known.length < shape.length - 1 || !Number.isSafeInteger(rest))
    refuse('reshape', `${showShape(x.shape)} cannot become ${showShape(shape)}`);
  return p.reshape(
    x,
    shape.map((length) => (length === -1 ? rest : length)),
  );
}

/**
 * Axes in another order: axis i of the result is axis permutation[i] of x. Default: reversed.
 * @example evaluateFunction(transpose, [{ data: Float64Array.of(1, 2, 3, 4), shape: [2, 2] }]); // [1, 3, 2, 4]
 */
export function transpose(x: Tensor, permutation?: readonly number[]): Tensor {
  const { shape } = requireTensor('transpose', x);
  const axes = permutation ?? shape.map((_, axis) => shape.length - 1 - axis);
  return p.transpose(
    x,
    axes.map((axis) => resolveAxis('transpose', axis, shape)),
  );
}

/**
 * x[start : limit] per axis, limits excluded; default limits are the ends.
 * @example evaluateFunction((x) => slice(x, [1], [3]), [[1, 2, 3, 4]]); // [2, 3]
 */
export function slice(x: Tensor, start: readonly number[], limit?: readonly number[]): Tensor {
  return apply('slice', [requireTensor('slice', x)], { start, limit: limit ?? x.shape });
}

/** Zeros around x: `low[axis]` before and `high[axis]` after. @example evaluateFunction((x) => pad(x, [1], [2]), [[5]]); // [0, 5, 0, 0] */
export function pad(x: Tensor, low: readonly number[], high: readonly number[]): Tensor {
  return apply('pad', [requireTensor('pad', x)], { low, high });
}

/**
 * Tensors one after the other along an axis (default: the first).
 * @example evaluateFunction((x, y) => concatenate([x, y]), [[1], [2, 3]]); // [1, 2, 3]
 */
export function concatenate(tensors: readonly Tensor[], axis: number = 0): Tensor {
  if (tensors.length === 0) refuse('concatenate', 'expected at least one tensor, got 0');
  for (const x of tensors) requireTensor('concatenate', x);
  return apply('concatenate', tensors, { axis: resolveAxis('concatenate', axis, tensors[0].shape) });
}

/**
 * Tensors of equal shape along a new axis (default: the first).
 * @example evaluateFunction((x, y) => stack([x, y], 1), [[1, 2], [3, 4]]); // [1, 3, 2, 4]
 */
export function stack(tensors: readonly Tensor[], axis: number = 0): Tensor {
  if (tensors.length === 0) refuse('stack', 'expected at least one tensor, got 0');
  const { shape } = requireTensor('stack', tensors[0]);
  const place = resolveAxis('stack', axis, [...shape, 1]);
  return concatenate(
    tensors.map((x) => p.reshape(requireTensor('stack', x), x.shape.toSpliced(place, 0, 1))),
    place,
  );
}

/** x spread to `shape` by NumPy's rules. @example evaluateFunction((x) => broadcastTo(x, [2, 2]), [[1, 2]]); // [1, 2, 1, 2] */
export function broadcastTo(x: Tensor, shape: readonly number[]): Tensor {
  checkShape('broadcastTo', shape);
  return expand('broadcastTo', requireTensor('broadcastTo', x), shape);
}

/**
 * The same numbers as another element type (to int32: truncated, and no derivative passes).
 * @example evaluateFunction((x) => convert(x, 'int32'), [[1.7, -1.7]]); // [1, -1]
 */
export function convert(x: Tensor, dtype: ElementType): Tensor {
  return p.convert(requireTensor('convert', x), dtype);
}

/** x itself, but treated as a constant by every derivative. @example evaluateFunction(grad((x) => sum(mul(x, stopGradient(x)))), [[3]]); // [3] */
export function stopGradient(x: Tensor): Tensor {
  return apply('stopGradient', [requireTensor('stopGradient', x)]);
}

/** An array with `value` everywhere. @example evaluateFunction((x) => add(x, full([2], 3)), [[1, 2]]); // [4, 5] */
export function full(shape: readonly number[], value: number, dtype: ElementType = 'float64'): Tensor {
  checkShape('full', shape);
  return p.full(value, { shape, dtype });
}

/** Zeros of the shape and dtype of x. @example evaluateFunction(zerosLike, [[7, 8]]); // [0, 0] */
export function zerosLike(x: Tensor): Tensor {
  return p.zerosLike(requireTensor('zerosLike', x));
}

/** Ones of the shape and dtype of x. @example evaluateFunction(onesLike, [[7, 8]]); // [1, 1] */
export function onesLike(x: Tensor): Tensor {
  return p.full(1, requireTensor('onesLike', x));
}
