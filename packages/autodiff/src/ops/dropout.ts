import { refuse } from '@hyperribbon/contract';
import * as p from '../primitives/emit.js';
import type { Tensor } from '../trace/tensor.js';
import { expand, requireTensor } from './broadcasting.js';

/**
 * Dropout [srivastava2014]: x/(1 − rate) where the draw is at least `rate`, else 0, so that the mean stays x.
 *
 * Chance is an input like any other: a program gives the same numbers for the same inputs, on every machine.
 *
 * @param x any shape
 * @param uniforms draws from [0, 1) that broadcast to x; fewer axes or lengths of 1 drop whole rows, channels or images
 * @param rate share that is dropped, in [0, 1)
 * @throws ArgumentError for another rate or for draws that do not broadcast to x
 * @example evaluateFunction((x, u) => dropout(x, u, 0.5), [[1, 2, 3], [0.2, 0.7, 0.5]]); // [0, 4, 6]
 */
export function dropout(x: Tensor, uniforms: Tensor, rate: number): Tensor {
  if (!(rate >= 0 && rate < 1)) refuse('dropout', `rate must be in [0, 1), got ${rate}`);
  const { shape } = requireTensor('dropout', x);
  const draws = expand('dropout', requireTensor('dropout', uniforms), shape);
  const dropped = p.greater(p.full(rate, draws), draws);
  return p.select(dropped, p.zerosLike(x), p.scale(x, 1 / (1 - rate)));
}
