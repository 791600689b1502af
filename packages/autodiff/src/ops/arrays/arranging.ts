import { refuse } from '@hyperribbon/contract';
import * as p from '../../primitives/emit.js';
import { range, showShape, sizeOf, stridesOf } from '../../specs.js';
import { apply } from '../../trace/apply.js';
import { type Tensor, constant } from '../../trace/tensor.js';
import { type Axes, resolveAxes } from '../axes.js';
import { requireTensor } from '../broadcasting.js';

/**
 * x repeated `repeats[axis]` times along each axis.
 * @example evaluateFunction((x) => tile(x, [2]), [[1, 2]]); // [1, 2, 1, 2]
 */
export function tile(x: Tensor, repeats: readonly number[]): Tensor {
  const { shape } = requireTensor('tile', x);
  if (repeats.length !== shape.length || !repeats.every((n) => Number.isSafeInteger(n) && n >= 0))
    refuse('tile', `repeats need an integer ≥ 0 for each axis of ${showShape(shape)}, got [${repeats.join(', ')}]`);
  const apart = p.broadcast(
    x,
    range(shape.length).map((axis) => 2 * axis + 1),
    shape.flatMap((length, axis) => [repeats[axis], length]),
  );
  return p.reshape(
    apart,
    shape.map((length, axis) => length * repeats[axis]),
  );
}

/** x backwards along `axes` (default: all). @example evaluateFunction((x) => flip(x), [[1, 2, 3]]); // [3, 2, 1] */
export function flip(x: Tensor, axes?: Axes): Tensor {
  const { shape } = requireTensor('flip', x);
  const turned = resolveAxes('flip', axes, shape);
  const start = shape.map((length, axis) => (turned.includes(axis) ? length - 1 : 0));
  return walked(
    x,
    start,
    shape,
    shape.map((_, axis) => (turned.includes(axis) ? -1 : 1)),
  );
}

/**
 * x[start : limit : step] per axis by Python's rules: negative places count from the end, places outside are cut, a negative step goes backwards.
 *
 * @param step integers ≠ 0; default 1
 * @param limit undefined for an axis: through its last (or, backwards, its first) entry
 * @example evaluateFunction((x) => strided(x, [-1], [undefined], [-2]), [[1, 2, 3, 4]]); // [4, 2]
 */
export function strided(
  x: Tensor,
  start: readonly (number | undefined)[],
  limit: readonly (number | undefined)[] = [],
  step: readonly number[] = [],
): Tensor {
  const { shape } = requireTensor('strided', x);
  if (Math.max(start.length, limit.length, step.length) > shape.length)
    refuse('strided', `more places than axes of ${showShape(shape)}`);
  const walks = shape.map((length, axis) => walkOf(length, start[axis], limit[axis], step[axis] ?? 1));
  const starts = walks.map(({ first }) => first);
  const counts = walks.map(({ count }) => count);
  const steps = walks.map((walk) => walk.step);
  if (steps.every((n) => n === 1))
    return apply('slice', [x], { start: starts, limit: counts.map((count, axis) => starts[axis] + count) });
  return walked(x, starts, counts, steps);
}

interface Walk {
  readonly first: number;
  readonly count: number;
  readonly step: number;
}

function walkOf(length: number, start: number | undefined, limit: number | undefined, step: number): Walk {
  if (!Number.isSafeInteger(step) || step === 0) refuse('strided', `step must be an integer other than 0, got ${step}`);
  // a walk forwards stays in [0, length], one backwards in [−1, length − 1]
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const place = (at: number | undefined, end: number): number => {
    if (at === undefined) return end;
    if (!Number.isInteger(at)) refuse('strided', `start and limit must be integers, got ${at}`);
    return Math.min(Math.max(at < 0 ? at + length : at, low), high);
  };
  const [first, last] = [place(start, step > 0 ? low : high), place(limit, step > 0 ? high : low)];
  const count = Math.max(0, Math.ceil((last - first) / step));
  return { first: count === 0 ? 0 : first, count, step };
}

/** Entries of x along a walk on each axis, by a table of their places. */
function walked(x: Tensor, first: readonly number[], counts: readonly number[], steps: readonly number[]): Tensor {
  const strides = stridesOf(x.shape);
  const own = stridesOf(counts);
  const places = Int32Array.from({ length: sizeOf(counts) }, (_, i) =>
    counts.reduce(
      (place, count, axis) => place + (first[axis] + (Math.floor(i / own[axis]) % count) * steps[axis]) * strides[axis],
      0,
    ),
  );
  return apply('gatherFlat', [x, constant(places, counts)]);
}

/** Entries on and below a diagonal of the last two axes, zero above. @param diagonal 0 the main one, 1 the next above; default 0 @example evaluateFunction((x) => tril(reshape(x, [2, 2])), [[1, 2, 3, 4]]); // [1, 0, 3, 4] */
export function tril(x: Tensor, diagonal: number = 0): Tensor {
  return triangle('tril', x, (row, column) => column - row <= diagonal);
}

/** Entries on and above a diagonal of the last two axes, zero below. @param diagonal 0 the main one, 1 the next above; default 0 @example evaluateFunction((x) => triu(reshape(x, [2, 2])), [[1, 2, 3, 4]]); // [1, 2, 0, 4] */
export function triu(x: Tensor, diagonal: number = 0): Tensor {
  return triangle('triu', x, (row, column) => column - row >= diagonal);
}

function triangle(op: string, x: Tensor, inside: (row: number, column: number) => boolean): Tensor {
  const { shape, dtype } = requireTensor(op, x);
  const rank = shape.length;
  if (rank < 2) refuse(op, `needs two axes or more, got ${showShape(shape)}`);
  const [rows, columns] = shape.slice(-2);
  const entry = (_: unknown, i: number): number => (inside(Math.floor(i / columns), i % columns) ? 1 : 0);
  const entries = Array.from({ length: rows * columns }, entry);
  const type = dtype === 'float64' ? Float64Array : dtype === 'float32' ? Float32Array : Int32Array;
  const data = new type(entries);
  const mask = constant(data, [rows, columns]);
  return p.select(p.broadcast(mask, [rank - 2, rank - 1], shape), x, p.zerosLike(x));
}
