import { type Tensor, concatenate, constant, full, pad, reshape, slice } from '@hyperribbon/autodiff';
import { take } from '@hyperribbon/autodiff/array';
import { range } from './shapes.js';

/** x[…, start : start + count, …] along an axis. */
export function part(x: Tensor, axis: number, start: number, count: number): Tensor {
  if (start === 0 && count === x.shape[axis]) return x;
  return slice(
    x,
    x.shape.map((_, i) => (i === axis ? start : 0)),
    x.shape.map((length, i) => (i === axis ? start + count : length)),
  );
}

/** `count` entries along an axis: start, start + step, …; step may be negative. */
export function everyStep(x: Tensor, axis: number, start: number, step: number, count: number): Tensor {
  if (step === 1 || count === 1) return part(x, axis, start, count);
  if (step < 0 || count === 0)
    return picked(
      x,
      axis,
      range(count).map((i) => start + i * step),
    );
  // the entries are the first of each block of `step`
  const most = Math.min(x.shape[axis] - start, count * step);
  const padded = padded1(part(x, axis, start, most), axis, 0, count * step - most);
  const blocks = reshape(padded, padded.shape.toSpliced(axis, 1, count, step));
  return reshape(part(blocks, axis + 1, 0, 1), x.shape.with(axis, count));
}

/** Entries of a constant before and after x along an axis; negative counts take entries away. */
export function padded1(x: Tensor, axis: number, before: number, after: number, value = 0): Tensor {
  const kept = part(x, axis, Math.max(0, -before), x.shape[axis] + Math.min(0, before) + Math.min(0, after));
  const [low, high] = [Math.max(0, before), Math.max(0, after)];
  if (low + high === 0) return kept;
  const zeros = x.shape.map(() => 0);
  if (value === 0) return pad(kept, zeros.with(axis, low), zeros.with(axis, high));
  const edge = (count: number): Tensor[] =>
    count === 0 ? [] : [full(kept.shape.with(axis, count), value, kept.dtype)];
  return concatenate([...edge(low), kept, ...edge(high)], axis);
}

/** Zeros between neighbours along an axis: n entries become (n − 1)·step + 1. */
export function spreadOut(x: Tensor, axis: number, step: number): Tensor {
  const length = x.shape[axis];
  if (step === 1 || length === 0) return x;
  const column = reshape(x, x.shape.toSpliced(axis + 1, 0, 1));
  const blocks = padded1(column, axis + 1, 0, step - 1);
  return part(reshape(blocks, x.shape.with(axis, length * step)), axis, 0, (length - 1) * step + 1);
}

/** most runs of neighbours that are cut out one by one */
const MOST_RUNS = 256;

/**
 * Entries along an axis by their places, in that order: runs of neighbours are cut out and joined. A table of all places, as `take` has,
 * would have one entry for each example.
 */
export function picked(x: Tensor, axis: number, places: readonly number[]): Tensor {
  const starts = places.flatMap((at, i) => (i > 0 && at === places[i - 1] + 1 ? [] : [i]));
  if (places.length === 0) return part(x, axis, 0, 0);
  if (starts.length > MOST_RUNS) return take(x, constant(Int32Array.from(places)), axis);
  const runs = starts.map((first, i) => part(x, axis, places[first], (starts[i + 1] ?? places.length) - first));
  return runs.length === 1 ? runs[0] : concatenate(runs, axis);
}

/** The entries along an axis in reverse order. */
export function reversed(x: Tensor, axis: number): Tensor {
  return picked(x, axis, range(x.shape[axis]).toReversed());
}
