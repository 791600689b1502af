import { refuse, requireNoOthers } from '@hyperribbon/contract';
import * as p from '../../primitives/emit.js';
import { range, showShape } from '../../specs.js';
import type { Tensor } from '../../trace/tensor.js';
import { resolveAxis } from '../axes.js';
import { requireTensor } from '../broadcasting.js';
import { gained, moments, onChannels, requireEpsilon, standardized } from './moments.js';

export interface BatchNormTrainingOptions {
  /** (channels,) default 1 */
  readonly scale?: Tensor;
  /** (channels,) default 0 */
  readonly shift?: Tensor;
  /** added to the variance, > 0; default 1e-5 */
  readonly epsilon?: number;
  /** axis of the channels; default the last */
  readonly axis?: number;
}

/** What batch normalisation gives in training: its output, and the statistics that running averages are made of. */
export interface BatchNormed {
  /** shape of x */
  readonly output: Tensor;
  /** (channels,) */
  readonly mean: Tensor;
  /** (channels,) Σ (x − mean)²/n: what the output is divided by the root of */
  readonly variance: Tensor;
  /** (channels,) Σ (x − mean)²/(n − 1): what PyTorch averages for evaluation */
  readonly unbiasedVariance: Tensor;
}

/**
 * Batch normalisation with the statistics of its input (training mode) [ioffe2015, Alg. 1]:
 * (x − mean)/√(variance + epsilon) · scale + shift, mean and variance of a channel over all axes but its own. Derivatives pass through both.
 *
 * @param x at least two numbers per channel
 * @throws ArgumentError for one number per channel, whose variance says nothing: use more examples or batchNorm with known statistics
 * Cost: two passes over x.
 * @example evaluateFunction((x) => batchNormTraining(x, { epsilon: 1e-9 }).output, [{ data: Float64Array.of(1, 3), shape: [2, 1] }]); // [-0.9999..., 0.9999...]
 */
export function batchNormTraining(x: Tensor, options: BatchNormTrainingOptions = {}): BatchNormed {
  const op = 'batchNormTraining';
  const { scale, shift, epsilon = 1e-5, axis = -1, ...others } = options;
  requireNoOthers(op, others, 'BatchNormTrainingOptions');
  requireEpsilon(op, epsilon);
  const channel = resolveAxis(op, axis, requireTensor(op, x).shape);
  const axes = range(x.shape.length).filter((i) => i !== channel);
  const found = moments(op, x, axes);
  if (found.count < 2)
    refuse(op, `one number per channel has no variance, got ${showShape(x.shape)}; use more examples, or batchNorm`);
  const normal = standardized(found, axes, epsilon);
  const { mean, variance, count } = found;
  return {
    output: gained(op, normal, { scale, shift }, onChannels(op, x, channel)),
    mean,
    variance,
    unbiasedVariance: p.scale(variance, count / (count - 1)),
  };
}
