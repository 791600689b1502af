import { refuse } from '@hyperribbon/contract';
import * as p from '../../primitives/emit.js';
import { showShape } from '../../specs.js';
import type { Tensor } from '../../trace/tensor.js';
import { expand, requireTensor } from '../broadcasting.js';

/** Mean and variance of a tensor over some of its axes, and its deviations. */
export interface Moments {
  /** numbers that each mean runs over */
  readonly count: number;
  /** x's shape without the axes */
  readonly mean: Tensor;
  /** x − mean */
  readonly deviations: Tensor;
  /** Σ deviations² / count: x's shape without the axes */
  readonly variance: Tensor;
}

/**
 * Two passes: the mean first, then the mean of the squared deviations. E x² − (E x)² cancels where the mean is large beside the spread.
 *
 * @param axes ascending
 */
export function moments(op: string, x: Tensor, axes: readonly number[]): Moments {
  const count = axes.reduce((product, axis) => product * x.shape[axis], 1);
  if (count === 0) refuse(op, `axes [${axes.join(', ')}] of ${showShape(x.shape)} hold no numbers`);
  const over = (y: Tensor): Tensor => {
    const total = p.reduceSum(y, axes);
    return p.div(total, p.full(count, total));
  };
  const mean = over(x);
  const deviations = p.sub(x, p.spread(mean, axes, x.shape));
  return { count, mean, deviations, variance: over(p.unary('square', deviations)) };
}

/** deviations/√(variance + epsilon), with variances spread over the axes. */
export function standardized({ deviations, variance }: Moments, axes: readonly number[], epsilon: number): Tensor {
  const inverse = p.unary('rsqrt', p.shift(variance, epsilon));
  return p.mul(deviations, p.spread(inverse, axes, deviations.shape));
}

/** Scale and shift after a normalisation. */
export interface Gains {
  readonly scale?: Tensor | undefined;
  readonly shift?: Tensor | undefined;
}

/** x · scale + shift for scale and shift that broadcast to x after `place` put them there. */
export function gained(
  op: string,
  x: Tensor,
  { scale, shift }: Gains,
  place: (name: string, t: Tensor) => Tensor,
): Tensor {
  const spread = (name: string, t: Tensor): Tensor => expand(op, place(name, requireTensor(op, t)), x.shape);
  const scaled = scale === undefined ? x : p.mul(x, spread('scale', scale));
  return shift === undefined ? scaled : p.add(scaled, spread('shift', shift));
}

/** @throws ArgumentError unless epsilon > 0: a constant row has variance 0 */
export function requireEpsilon(op: string, epsilon: number): void {
  if (!(epsilon > 0)) refuse(op, `epsilon must be > 0, got ${epsilon}`);
}

/** Puts one number per channel on the axis of the channels. */
export function onChannels(op: string, x: Tensor, channel: number): (name: string, t: Tensor) => Tensor {
  const channels = x.shape[channel];
  return (name, t) => {
    if (t.shape.length !== 1 || t.shape[0] !== channels)
      refuse(op, `${name} must be (${channels},), got ${showShape(t.shape)}`);
    return p.broadcast(t, [channel], x.shape);
  };
}
