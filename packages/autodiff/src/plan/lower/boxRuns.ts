import { sizeOf } from '../../specs.js';

/** A box inside a row-major array as runs of memory. */
export interface BoxRuns {
  /** elements in one run */
  readonly run: number;
  /** elements of the array from one run to the next; undefined if that differs from run to run */
  readonly step: number | undefined;
}

/** The longest runs of memory that a box of shape `inner` has in an array of shape `outer`. */
export function boxRuns(inner: readonly number[], outer: readonly number[]): BoxRuns {
  let axis = inner.length - 1;
  while (axis > 0 && inner[axis] === outer[axis]) axis--;
  if (axis < 0 || sizeOf(inner.slice(0, axis)) === 1) return { run: sizeOf(inner), step: sizeOf(inner) };
  const run = sizeOf(inner.slice(axis));
  const step = sizeOf(outer.slice(axis));
  // leading axes may be cut on the first one only that is longer than 1: below it every axis must be whole
  const first = inner.findIndex((length) => length !== 1);
  const regular = inner.slice(0, axis).every((length, i) => i <= first || length === outer[i]);
  return { run, step: regular ? step : undefined };
}
