import { requireNoOthers } from '@hyperribbon/contract';
import * as p from '../primitives/emit.js';
import { apply } from '../trace/apply.js';
import type { Tensor } from '../trace/tensor.js';
import { resolveAxis } from './axes.js';
import { requireTensor } from './broadcasting.js';

export interface CumulativeOptions {
  /** leave out an entry from its own sum; default false */
  readonly exclusive?: boolean;
  /** sums of the last 1, 2, … entries, from each to the end; default false */
  readonly reverse?: boolean;
}

/**
 * Sums of the first 1, 2, … entries along an axis.
 *
 * @param axis default −1
 * @returns the shape of x; with `exclusive` and one way or the other the first or the last entry is 0
 * Cost: ⌈log₂ n⌉ additions of the whole array; each sum adds as a tree does, so that its error grows with log n.
 * @example evaluateFunction(cumulativeSum, [[1, 2, 3, 4]]); // [1, 3, 6, 10]
 */
export function cumulativeSum(x: Tensor, axis: number = -1, options: CumulativeOptions = {}): Tensor {
  const { exclusive = false, reverse = false, ...others } = options;
  requireNoOthers('cumulativeSum', others, 'CumulativeOptions');
  const place = resolveAxis('cumulativeSum', axis, requireTensor('cumulativeSum', x).shape);
  const length = x.shape[place];
  const zeros = x.shape.map(() => 0);
  /** each entry moved `by` places onwards, zeros behind it */
  const moved = (y: Tensor, by: number): Tensor => {
    const [start, limit] = reverse ? [by, length] : [0, length - by];
    const kept = apply('slice', [y], { start: zeros.with(place, start), limit: x.shape.with(place, limit) });
    const [low, high] = reverse ? [0, by] : [by, 0];
    return apply('pad', [kept], { low: zeros.with(place, low), high: zeros.with(place, high) });
  };
  let sums = exclusive && length > 0 ? moved(x, 1) : x;
  // after the step that reaches `reach` back, every entry holds the sum of 2·reach entries up to its own
  for (let reach = 1; reach < length; reach *= 2) sums = p.add(sums, moved(sums, reach));
  return sums;
}
