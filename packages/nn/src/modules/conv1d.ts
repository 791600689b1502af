import { add } from '@hyperribbon/autodiff';
import { conv1d as convolve } from '@hyperribbon/autodiff/layers';
import { flag, maybe } from '@hyperribbon/contract/decode';
import type { Start } from '../network.js';
import { requireGroups } from './conv2d.js';
import { margin, size, start } from './fields.js';
import { type Rule, refuseAt, requireSequence, within } from './module.js';

/** A convolution along the positions of a sequence. */
export interface Conv1d {
  readonly kind: 'conv1d';
  readonly name?: string;
  /** features that leave it */
  readonly out: number;
  readonly kernel: number;
  /** default 1 */
  readonly stride?: number;
  /** zeros at each end, default 0 */
  readonly padding?: number;
  /** positions between neighbours of the window, default 1 */
  readonly dilation?: number;
  /** default 1 */
  readonly groups?: number;
  /** default true */
  readonly bias?: boolean;
  /** of the weights, default uniform on ±1/√fan_in */
  readonly start?: Start;
  /** of the biases, default likewise */
  readonly biasStart?: Start;
}

/**
 * weight (out, in/groups, kernel) and bias (out,), PyTorch's Conv1d. Sequences are [positions, features] here and [channels, positions] there:
 * a `transpose` before it takes what PyTorch takes.
 */
export const conv1d: Rule<Conv1d> = {
  options: {
    out: size,
    kernel: size,
    stride: maybe(size),
    padding: maybe(margin),
    dilation: maybe(size),
    groups: maybe(size),
    bias: maybe(flag),
    start: maybe(start),
    biasStart: maybe(start),
  },
  build({ out, kernel, stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, start, biasStart }, site) {
    const [positions, features] = requireSequence(site);
    requireGroups(site, groups, features, out);
    const after = Math.floor((positions + 2 * padding - (kernel - 1) * dilation - 1) / stride) + 1;
    if (after < 1) refuseAt(site, `a window over ${(kernel - 1) * dilation + 1} does not fit ${positions} positions`);
    const usual = { uniform: 1 / Math.sqrt((features / groups) * kernel) };
    const [weight, shift] = [within(site.name, 'weight'), within(site.name, 'bias')];
    return {
      shape: [after, out],
      parameters: [
        { name: weight, shape: [out, features / groups, kernel], start: start ?? usual },
        ...(bias ? [{ name: shift, shape: [out], start: biasStart ?? usual }] : []),
      ],
      apply(h, { params }) {
        const filtered = convolve(h, params[weight], { stride, padding, dilation, groups });
        return bias ? add(filtered, params[shift]) : filtered;
      },
    };
  },
};
