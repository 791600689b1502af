import * as p from '../primitives/emit.js';
import { apply } from '../trace/apply.js';
import type { Tensor } from '../trace/tensor.js';
import { resolveAxis } from './axes.js';
import { requireTensor } from './broadcasting.js';

/**
 * Sums of the first 1, 2, … entries along an axis.
 *
 * @param axis default −1
 * @returns the shape of x
 * Cost: ⌈log₂ n⌉ additions of the whole array; each sum adds as a tree does, so that its error grows with log n.
 * @example evaluateFunction(cumulativeSum, [[1, 2, 3, 4]]); // [1, 3, 6, 10]
 */
export function cumulativeSum(x: Tensor, axis: number = -1): Tensor {
  const place = resolveAxis('cumulativeSum', axis, requireTensor('cumulativeSum', x).shape);
  const zeros = x.shape.map(() => 0);
  let sums = x;
  // after the step that reaches `reach` back, every entry holds the sum of 2·reach entries up to its own
  for (let reach = 1; reach < x.shape[place]; reach *= 2) {
    const kept = apply('slice', [sums], { start: zeros, limit: x.shape.with(place, x.shape[place] - reach) });
    sums = p.add(sums, apply('pad', [kept], { low: zeros.with(place, reach), high: zeros }));
  }
  return sums;
}
