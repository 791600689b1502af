import type { ElementType } from '../../program.js';
import type { Emitter } from './emitter.js';
import { elementBytes, type Place } from '../instruction.js';

/** Fewer numbers than this in a matrix do not pay for a call of their own. */
const smallMatrix = 16;

/**
 * Output axis i ← input axis permutation[i], by transposing matrices or runs of numbers where joined axes allow it: NHWC and
 * NCHW, weights of convolutions, heads of attention. Undefined for other permutations, and nothing emitted.
 */
export function turnAxes(
  e: Emitter,
  x: Place,
  dtype: ElementType,
  shape: readonly number[],
  permutation: readonly number[],
): Place | undefined {
  const joined = joinedAxes(shape, permutation);
  // a first axis that stays is a batch
  const batched = joined.permutation[0] === 0;
  const count = batched ? joined.lengths[0]! : 1;
  const [m, n, run = 1] = joined.lengths.slice(batched ? 1 : 0) as [number, number, number?];
  const order = joined.permutation.slice(batched ? 1 : 0).map((axis) => axis - (batched ? 1 : 0));
  const swapped = order.length <= 3 && order[0] === 1 && order[1] === 0;
  if (!swapped || (count > 1 && m * n * run < smallMatrix) || (run > 1 && dtype === 'int32')) return undefined;
  const bytes = m * n * run * elementBytes(dtype);
  const out = e.temporary(count * m * n * run, dtype);
  const [kernel, sizes] = run === 1 ? (['transpose', [m, n]] as const) : (['transposeRuns', [m, n, run]] as const);
  const strides = [...sizes.map(() => 0), bytes, bytes];
  e.call(kernel, dtype, [...sizes, x, out], count === 1 ? {} : { repeat: { count, strides } });
  return out;
}

/** A permutation of as few axes as possible: those of length 1 left out, neighbours that stay neighbours joined. */
export function joinedAxes(
  shape: readonly number[],
  permutation: readonly number[],
): { readonly lengths: readonly number[]; readonly permutation: readonly number[] } {
  const real = shape.flatMap((length, axis) => (length === 1 ? [] : [axis]));
  const order = permutation.filter((axis) => shape[axis] !== 1).map((axis) => real.indexOf(axis));
  const groups: { readonly first: number; length: number }[] = [];
  order.forEach((axis, i) => {
    const length = shape[real[axis]!]!;
    if (i > 0 && axis === order[i - 1]! + 1) groups.at(-1)!.length *= length;
    else groups.push({ first: axis, length });
  });
  const sorted = groups.toSorted((a, b) => a.first - b.first);
  return { lengths: sorted.map(({ length }) => length), permutation: groups.map((group) => sorted.indexOf(group)) };
}
