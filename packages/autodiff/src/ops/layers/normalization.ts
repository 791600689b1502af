import { refuse, requireNoOthers } from '@hyperribbon/contract';
import * as p from '../../primitives/emit.js';
import { range, sameShape, showShape } from '../../specs.js';
import type { Tensor } from '../../trace/tensor.js';
import { type Axes, resolveAxes, resolveAxis } from '../axes.js';
import { requireTensor } from '../broadcasting.js';
import { gained, moments, onChannels, requireEpsilon, standardized } from './moments.js';

export interface LayerNormOptions {
  /** axes that are normalised together; default the last */
  readonly axes?: Axes;
  /** lengths of the axes, in order; default 1 */
  readonly scale?: Tensor;
  /** lengths of the axes, in order; default 0 */
  readonly shift?: Tensor;
  /** added to the variance, > 0; default 1e-5 */
  readonly epsilon?: number;
}

/**
 * Layer normalisation [ba2016]: (x − mean)/√(variance + epsilon) · scale + shift, mean and (biased) variance over `axes` of each example.
 *
 * @throws ArgumentError if scale or shift has not the lengths of the axes
 * A constant row becomes `shift`; so does a row of one number.
 * @example evaluateFunction((x) => layerNorm(x, { epsilon: 1e-9 }), [[1, 3]]); // [-0.9999..., 0.9999...]
 */
export function layerNorm(x: Tensor, options: LayerNormOptions = {}): Tensor {
  const { axes: given = -1, scale, shift, epsilon = 1e-5, ...others } = options;
  requireNoOthers('layerNorm', others, 'LayerNormOptions');
  requireEpsilon('layerNorm', epsilon);
  const axes = resolveAxes('layerNorm', given, requireTensor('layerNorm', x).shape);
  const normal = standardized(moments('layerNorm', x, axes), axes, epsilon);
  return gained('layerNorm', normal, { scale, shift }, onAxes('layerNorm', x, axes));
}

export interface RmsNormOptions extends Omit<LayerNormOptions, 'shift'> {
  /** added to the mean square, > 0; default 1e-6 */
  readonly epsilon?: number;
}

/**
 * Root-mean-square normalisation [zhang2019]: x/√(mean of x² + epsilon) · scale, the mean over `axes` of each example.
 * @example evaluateFunction((x) => rmsNorm(x, { epsilon: 1e-12 }), [[3, 4, 0, 0]]); // [1.19999..., 1.59999..., 0, 0]
 */
export function rmsNorm(x: Tensor, options: RmsNormOptions = {}): Tensor {
  const { axes: given = -1, scale, epsilon = 1e-6, ...others } = options;
  requireNoOthers('rmsNorm', others, 'RmsNormOptions');
  requireEpsilon('rmsNorm', epsilon);
  const axes = resolveAxes('rmsNorm', given, requireTensor('rmsNorm', x).shape);
  const none = p.zerosLike({ shape: x.shape.filter((_, axis) => !axes.includes(axis)), dtype: x.dtype });
  const count = axes.reduce((product, axis) => product * x.shape[axis], 1);
  if (count === 0) refuse('rmsNorm', `axes [${axes.join(', ')}] of ${showShape(x.shape)} hold no numbers`);
  const variance = p.div(p.reduceSum(p.unary('square', x), axes), p.full(count, none));
  const normal = standardized({ count, mean: none, deviations: x, variance }, axes, epsilon);
  return gained('rmsNorm', normal, { scale }, onAxes('rmsNorm', x, axes));
}

export interface GroupNormOptions {
  /** (channels,) default 1 */
  readonly scale?: Tensor;
  /** (channels,) default 0 */
  readonly shift?: Tensor;
  /** added to the variance, > 0; default 1e-5 */
  readonly epsilon?: number;
  /** axis of the channels, not the first; default the last */
  readonly axis?: number;
}

/**
 * Group normalisation [wu2018]: as layer normalisation, over all positions and the channels of one of `groups` groups of neighbours.
 *
 * @param x (batch, …, channels), or channels on `axis`
 * @param groups divides the channels
 * @throws ArgumentError if it does not
 * @example evaluateFunction((x) => groupNorm(reshape(x, [1, 4]), 2, { epsilon: 1e-9 }), [[1, 3, 5, 5]]); // [-0.9999..., 0.9999..., 0, 0]
 */
export function groupNorm(x: Tensor, groups: number, options: GroupNormOptions = {}): Tensor {
  return grouped('groupNorm', x, () => groups, options);
}

/**
 * Instance normalisation [ulyanov2016]: each channel of each example by its own mean and variance, over all positions.
 * @example evaluateFunction((x) => instanceNorm(reshape(x, [1, 2, 1]), { epsilon: 1e-9 }), [[1, 3]]); // [-0.9999..., 0.9999...]
 */
export function instanceNorm(x: Tensor, options: GroupNormOptions = {}): Tensor {
  return grouped('instanceNorm', x, (channels) => channels, options);
}

function grouped(op: string, x: Tensor, groupsOf: (channels: number) => number, options: GroupNormOptions): Tensor {
  const { scale, shift, epsilon = 1e-5, axis = -1, ...others } = options;
  requireNoOthers(op, others, 'GroupNormOptions');
  requireEpsilon(op, epsilon);
  const { shape } = requireTensor(op, x);
  const channel = resolveAxis(op, axis, shape);
  if (channel === 0) refuse(op, `channels cannot be on the first axis, the examples', of ${showShape(shape)}`);
  const groups = groupsOf(shape[channel]);
  if (!Number.isSafeInteger(groups) || groups < 1 || shape[channel] % groups !== 0)
    refuse(op, `groups must divide the ${shape[channel]} channels, got ${groups}`);
  const apart = p.reshape(x, shape.toSpliced(channel, 1, groups, shape[channel] / groups));
  const axes = range(apart.shape.length).filter((i) => i !== 0 && i !== channel);
  const normal = p.reshape(standardized(moments(op, apart, axes), axes, epsilon), shape);
  return gained(op, normal, { scale, shift }, onChannels(op, x, channel));
}

function onAxes(op: string, x: Tensor, axes: readonly number[]): (name: string, t: Tensor) => Tensor {
  const lengths = axes.map((axis) => x.shape[axis]);
  return (name, t) => {
    if (!sameShape(t.shape, lengths)) refuse(op, `${name} must be ${showShape(lengths)}, got ${showShape(t.shape)}`);
    return p.broadcast(t, axes, x.shape);
  };
}
