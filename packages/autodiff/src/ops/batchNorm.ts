import { refuse, requireNoOthers } from '@hyperribbon/contract';
import * as p from '../primitives/emit.js';
import { showShape } from '../specs.js';
import type { Tensor } from '../trace/tensor.js';
import { resolveAxis } from './axes.js';
import { requireTensor } from './broadcasting.js';

export interface BatchNormStatistics {
  /** (channels,) running mean */
  readonly mean: Tensor;
  /** (channels,) running variance */
  readonly variance: Tensor;
  /** (channels,) default 1 */
  readonly scale?: Tensor;
  /** (channels,) default 0 */
  readonly shift?: Tensor;
  /** added to the variance, > 0; default 1e-5 */
  readonly epsilon?: number;
  /** axis of the channels; default the last */
  readonly axis?: number;
}

/**
 * Batch normalisation with fixed statistics (evaluation mode): (x − mean)/√(variance + epsilon) · scale + shift.
 *
 * @throws ArgumentError if a statistic is not (channels,)
 * @example evaluateFunction((x, one, zero) => batchNorm(x, { mean: zero, variance: one, scale: one, shift: zero, axis: 1, epsilon: 1e-9 }), [{ data: Float64Array.of(2), shape: [1, 1] }, [1], [0]]); // [1.9999...]
 */
export function batchNorm(x: Tensor, statistics: BatchNormStatistics): Tensor {
  const { mean, variance, scale, shift, epsilon = 1e-5, axis = -1, ...others } = statistics;
  requireNoOthers('batchNorm', others, 'BatchNormStatistics');
  if (!(epsilon > 0)) refuse('batchNorm', `epsilon must be > 0, got ${epsilon}`);
  const channel = resolveAxis('batchNorm', axis, requireTensor('batchNorm', x).shape);
  const perChannel = (name: string, t: Tensor): Tensor => {
    if (t.shape.length !== 1 || t.shape[0] !== x.shape[channel])
      refuse('batchNorm', `${name} must be (${x.shape[channel]},), got ${showShape(t.shape)}`);
    return t;
  };
  const spread = (t: Tensor): Tensor => p.broadcast(t, [channel], x.shape);
  const inverse = p.unary('rsqrt', p.shift(perChannel('variance', variance), epsilon));
  const gain = scale === undefined ? inverse : p.mul(inverse, perChannel('scale', scale));
  const normal = p.mul(p.sub(x, spread(perChannel('mean', mean))), spread(gain));
  return shift === undefined ? normal : p.add(normal, spread(perChannel('shift', shift)));
}
