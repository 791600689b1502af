import { type Tensor, add, batchNorm as normalize, mul } from '@hyperribbon/autodiff';
import { batchNormTraining } from '@hyperribbon/autodiff/layers';
import { flag, maybe, share } from '@hyperribbon/contract/decode';
import type { Start } from '../network.js';
import { epsilon, start } from './fields.js';
import { type Rule, channelsOf, within } from './module.js';

/** Batch normalisation of channels (of images) or features. */
export interface BatchNorm {
  readonly kind: 'batchNorm';
  readonly name?: string;
  /** share of the batch in the running averages, default 0.1 */
  readonly momentum?: number;
  /** default 1e-5 */
  readonly epsilon?: number;
  /** whether it scales and shifts afterwards, default true */
  readonly affine?: boolean;
  /** of the scale, default 1 */
  readonly start?: Start;
}

/**
 * weight and bias (channels,), buffers running_mean and running_var: PyTorch's BatchNorm. In training mode outputs are normalised by mean and
 * biased variance of the batch, through which derivatives pass; the running variance averages the unbiased one.
 */
export const batchNorm: Rule<BatchNorm> = {
  options: { momentum: maybe(share), epsilon: maybe(epsilon), affine: maybe(flag), start: maybe(start) },
  build({ momentum = 0.1, epsilon = 1e-5, affine = true, start = 1 }, site) {
    const { shape, name } = site;
    const channels = channelsOf(site);
    const [scale, shift] = [within(name, 'weight'), within(name, 'bias')];
    const [runningMean, runningVariance] = [within(name, 'running_mean'), within(name, 'running_var')];
    return {
      shape,
      parameters: affine
        ? [
            { name: scale, shape: [channels], start },
            { name: shift, shape: [channels], start: 0 },
          ]
        : [],
      buffers: [
        { name: runningMean, shape: [channels], value: 0 },
        { name: runningVariance, shape: [channels], value: 1, least: 0 },
      ],
      apply(h, { params, buffers, training }) {
        const gains = affine ? { scale: params[scale], shift: params[shift] } : {};
        const running = { mean: buffers[runningMean], variance: buffers[runningVariance] };
        if (training === undefined) return normalize(h, { ...running, ...gains, epsilon });
        const { output, ...batch } = batchNormTraining(h, { ...gains, epsilon });
        const average = (old: Tensor, own: Tensor): Tensor => add(mul(1 - momentum, old), mul(momentum, own));
        training.renew(runningMean, average(running.mean, batch.mean));
        training.renew(runningVariance, average(running.variance, batch.unbiasedVariance));
        return output;
      },
    };
  },
};
