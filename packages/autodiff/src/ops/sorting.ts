import { refuse } from '@hyperribbon/contract';
import * as p from '../primitives/emit.js';
import type { Window } from '../program.js';
import { isFloat, range, sizeOf } from '../specs.js';
import { apply } from '../trace/apply.js';
import { type Tensor, constant } from '../trace/tensor.js';
import { resolveAxis } from './axes.js';
import { requireTensor } from './broadcasting.js';
import { takeAlong } from './take.js';

export interface SortOptions {
  /** largest first; default false */
  readonly descending?: boolean;
}

/**
 * Positions that sort x along an axis; equal entries keep their order, NaN comes last.
 *
 * @param axis default −1
 * @returns int32 of the shape of x; not differentiated
 * Cost: O(n log n) a line, in plain JavaScript.
 * @example evaluateFunction(argsort, [[3, 1, 2]]); // [1, 2, 0]
 */
export function argsort(x: Tensor, axis: number = -1, { descending = false }: SortOptions = {}): Tensor {
  const place = resolveAxis('argsort', axis, requireTensor('argsort', x).shape);
  const last = x.shape.length - 1;
  const moved = p.transpose(x, [...range(x.shape.length).filter((i) => i !== place), place]);
  const order = apply('argsort', [descending ? p.neg(moved) : moved]);
  return p.transpose(order, range(last).toSpliced(place, 0, last));
}

/**
 * x in order along an axis; derivatives follow the entries to their places.
 *
 * @param axis default −1
 * @example evaluateFunction((x) => sort(x, -1, { descending: true }), [[3, 1, 2]]); // [3, 2, 1]
 */
export function sort(x: Tensor, axis: number = -1, options: SortOptions = {}): Tensor {
  return takeAlong(x, argsort(x, axis, options), axis);
}

/**
 * The k largest entries of each line along an axis, largest first, and their positions.
 *
 * @param axis default −1
 * @returns values and int32 positions, both of x's shape with k on the axis
 * @throws ArgumentError unless k is an integer in [0, n]
 * @example evaluateFunction((x) => topK(x, 2), [[3, 1, 2]]); // { values: [3, 2], positions: [0, 2] }
 */
export function topK(x: Tensor, k: number, axis: number = -1): { values: Tensor; positions: Tensor } {
  const place = resolveAxis('topK', axis, requireTensor('topK', x).shape);
  if (!Number.isSafeInteger(k) || k < 0 || k > x.shape[place])
    refuse('topK', `k must be an integer in [0, ${x.shape[place]}], got ${k}`);
  const order = argsort(x, place, { descending: true });
  const limit = x.shape.with(place, k);
  const positions = apply('slice', [order], { start: limit.map(() => 0), limit });
  return { values: takeAlong(x, positions, place), positions };
}

/** Position of the largest entry of each line along an axis, the first of equal ones; NaN counts as largest. @example evaluateFunction(argmax, [[1, 3, 3]]); // [1] */
export function argmax(x: Tensor, axis: number = -1): Tensor {
  return firstOf('argmax', x, axis, true);
}

/** Position of the smallest entry of each line along an axis, the first of equal ones; NaN counts as smallest. @example evaluateFunction(argmin, [[3, 1, 1]]); // [1] */
export function argmin(x: Tensor, axis: number = -1): Tensor {
  return firstOf('argmin', x, axis, false);
}

function firstOf(op: string, x: Tensor, axis: number, largest: boolean): Tensor {
  const place = resolveAxis(op, axis, requireTensor(op, x).shape);
  const [outer, length, inner] = [x.shape.slice(0, place), x.shape[place], x.shape.slice(place + 1)].map((part) =>
    sizeOf([part].flat()),
  );
  if (length === 0) refuse(op, 'an empty axis has no largest or smallest entry');
  const values = isFloat(x.dtype) ? x : p.convert(x, 'float64');
  // the window of a pooling that is the whole axis
  const image = { batch: outer, height: length, width: 1, channels: inner };
  const window: Window = { ...image, kh: length, kw: 1, strideH: 1, strideW: 1, padTop: 0, padLeft: 0, oh: 1, ow: 1 };
  const images = p.reshape(largest ? values : p.neg(values), [outer, length, 1, inner]);
  const found = p.convert(p.reshape(apply('argmaxPool', [images], { window }), [outer, inner]), 'float64');
  const first = Float64Array.from(
    { length: outer * inner },
    (_, i) => Math.floor(i / inner) * length * inner + (i % inner),
  );
  const steps = p.sub(found, constant(first, [outer, inner]));
  const positions = p.convert(p.div(steps, p.full(inner, steps)), 'int32');
  return p.reshape(positions, x.shape.toSpliced(place, 1));
}
