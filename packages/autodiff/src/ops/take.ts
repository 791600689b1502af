import { ArgumentTypeError, refuse } from '@hyperribbon/contract';
import * as p from '../primitives/emit.js';
import { range, sameShape, showShape, sizeOf, stridesOf } from '../specs.js';
import { apply } from '../trace/apply.js';
import { type Tensor, constant } from '../trace/tensor.js';
import { resolveAxis } from './axes.js';
import { requireTensor } from './broadcasting.js';
import { full } from './shaping.js';

/**
 * Entries of x along an axis by their positions: for axis 0 result[i, …] = x[index[i], …]. An embedding is `take(table, tokens)`.
 *
 * @param x (…, n, …), n on `axis`
 * @param index int32 of any shape, each in [0, n); a position may come up more than once
 * @param axis default 0
 * @returns x's shape with index's shape in the place of the axis. Its transpose adds up what one position received
 * @throws ArgumentError when planned or called, for a position outside [0, n)
 * @example evaluateFunction((x, i) => take(reshape(x, [3, 2]), i), [[1, 2, 3, 4, 5, 6], Int32Array.of(2, 0, 2)]); // [5, 6, 1, 2, 5, 6]
 */
export function take(x: Tensor, index: Tensor, axis: number = 0): Tensor {
  const { shape } = requireTensor('take', x);
  const place = resolveAxis('take', axis, shape);
  const positions = checkedPositions('take', index, shape[place]);
  const out = shape.toSpliced(place, 1, ...index.shape);
  const at = range(index.shape.length, place);
  const others = range(out.length).filter((i) => !at.includes(i));
  const offsets = offsetsOf(shape.toSpliced(place, 1), stridesOf(shape).toSpliced(place, 1));
  const scaled = p.scale(positions, stridesOf(shape)[place]);
  return gather(x, p.add(p.broadcast(scaled, at, out), p.broadcast(offsets, others, out)));
}

/**
 * One position for each line along an axis: for axis −1 result[…, j] = x[…, index[…, j]].
 *
 * @param x (…, n, …), n on `axis`
 * @param index int32, of x's shape but for the axis
 * @param axis default −1
 * @returns the shape of index
 * @throws ArgumentError when planned or called, for a position outside [0, n)
 * @example evaluateFunction((x, i) => takeAlong(reshape(x, [2, 2]), reshape(i, [2, 1])), [[1, 2, 3, 4], Int32Array.of(1, 0)]); // [2, 3]
 */
export function takeAlong(x: Tensor, index: Tensor, axis: number = -1): Tensor {
  return apply('gatherFlat', [x, placesAlong('takeAlong', x, index, axis)]);
}

/** Where in the memory of x the positions along an axis are, int32 of the shape of index. */
function placesAlong(op: string, x: Tensor, index: Tensor, axis: number): Tensor {
  const { shape } = requireTensor(op, x);
  const place = resolveAxis(op, axis, shape);
  const positions = checkedPositions(op, index, shape[place]);
  const rest = (lengths: readonly number[]): number[] => lengths.toSpliced(place, 1);
  if (index.shape.length !== shape.length || rest(index.shape).some((length, i) => length !== rest(shape)[i]))
    refuse(op, `x and index differ in more than axis ${place}: ${showShape(shape)} x ${showShape(index.shape)}`);
  const strides = stridesOf(shape);
  const lines = range(shape.length).filter((i) => i !== place);
  const offsets = p.broadcast(offsetsOf(rest(shape), rest(strides)), lines, index.shape);
  return p.convert(p.add(p.scale(positions, strides[place]), offsets), 'int32');
}

/**
 * x with updates added at one position for each line along an axis: for axis −1 result[…, index[…, j]] += updates[…, j]. The transpose of
 * {@link takeAlong}, so positions may come up more than once.
 *
 * @param x (…, n, …), n on `axis`
 * @param index int32, of x's shape but for the axis
 * @param updates of index's shape
 * @param axis default −1
 * @throws ArgumentError when planned or called, for a position outside [0, n)
 * @example evaluateFunction((x, i, u) => scatterAdd(x, i, u), [[1, 2, 3], Int32Array.of(2, 2), [10, 20]]); // [1, 2, 33]
 */
export function scatterAdd(x: Tensor, index: Tensor, updates: Tensor, axis: number = -1): Tensor {
  const at = placesAlong('scatterAdd', x, index, axis);
  if (!sameShape(requireTensor('scatterAdd', updates).shape, index.shape))
    refuse('scatterAdd', `updates must be ${showShape(index.shape)}, got ${showShape(updates.shape)}`);
  return p.add(x, apply('scatterFlat', [updates, at], { shape: x.shape }));
}

/**
 * Unit vectors: result[…, c] is 1 for c = labels[…], else 0.
 *
 * @param labels int32 of any shape, each in [0, classes)
 * @param classes length of the new last axis
 * @example evaluateFunction((y) => oneHot(y, 3), [Int32Array.of(2, 0)]); // [0, 0, 1, 1, 0, 0]
 */
export function oneHot(labels: Tensor, classes: number, dtype: 'float32' | 'float64' = 'float64'): Tensor {
  const { shape } = requireTensor('oneHot', labels);
  if (!Number.isSafeInteger(classes) || classes < 0) refuse('oneHot', `classes must be an integer ≥ 0, got ${classes}`);
  const count = sizeOf(shape);
  const rows = apply('scatterRows', [full([count], 1, dtype), p.reshape(labels, [count])], { columns: classes });
  return p.reshape(rows, [...shape, classes]);
}

/** Positions as float64, which counts exactly; arithmetic is for floats only. Those outside [0, length) are refused, not wrapped. */
function checkedPositions(op: string, index: Tensor, length: number): Tensor {
  if (requireTensor(op, index).dtype !== 'int32')
    throw new ArgumentTypeError(`${op}: index must be int32, got ${index.dtype}; use convert(index, 'int32')`);
  // the position of a position is itself, and looking it up checks it against this axis, not against the whole of x
  const own = constant(Int32Array.from({ length }, (_, i) => i));
  return p.convert(apply('gatherFlat', [own, index]), 'float64');
}

/** Where each entry of these axes begins in memory, (lengths): Σ iₐ strides[a]. */
function offsetsOf(lengths: readonly number[], strides: readonly number[]): Tensor {
  return lengths.reduce(
    (sum: Tensor, length, axis) => {
      const steps = constant(Float64Array.from({ length }, (_, i) => i * strides[axis]));
      return p.add(sum, p.broadcast(steps, [axis], lengths));
    },
    p.full(0, { shape: lengths, dtype: 'float64' }),
  );
}

function gather(x: Tensor, positions: Tensor): Tensor {
  return apply('gatherFlat', [x, p.convert(positions, 'int32')]);
}
