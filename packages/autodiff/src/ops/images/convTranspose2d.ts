import { refuse, requireNoOthers } from '@hyperribbon/contract';
import * as p from '../../primitives/emit.js';
import { requireSameDtype } from '../../primitives/shapeRules.js';
import type { Window } from '../../program.js';
import { showShape } from '../../specs.js';
import { apply } from '../../trace/apply.js';
import type { Tensor } from '../../trace/tensor.js';
import { requireTensor } from '../broadcasting.js';
import { type ImageLayout, fromChannelsLast, requireGroups, toChannelsLast } from '../convolution.js';
import { pairOf, reachOf } from './imageWindow.js';

export interface TransposedConvolutionOptions {
  /** step of the window in the result, one number or [vertical, horizontal]; default 1 */
  readonly stride?: number | readonly [number, number];
  /** cut off from the result: n on every side, or [[top, bottom], [left, right]]; default 0 */
  readonly padding?: number | readonly [readonly [number, number], readonly [number, number]];
  /** added below and right, one number or [below, right]; default 0 */
  readonly outputPadding?: number | readonly [number, number];
  /** steps between neighbours of the window, one number or [vertical, horizontal]; default 1 */
  readonly dilation?: number | readonly [number, number];
  /** groups of neighbouring channels that are convolved apart; default 1 */
  readonly groups?: number;
  /** layout of x and of the result; default 'NHWC' */
  readonly layout?: ImageLayout;
}

/**
 * Transposed convolution: each pixel of x adds its multiple of the window to the result. The derivative of {@link conv2d} by its images, as a layer.
 *
 * @param x (batch, height, width, in), or (batch, in, height, width) with layout 'NCHW'
 * @param weights (in, out/groups, kh, kw)
 * @returns (batch, oh, ow, out) or (batch, out, oh, ow), oh = (height − 1)·stride − padding + (kh − 1)·dilation + 1 + outputPadding
 * Memory: the patches take batch·height·width·kh·kw·out numbers.
 * @example evaluateFunction((x, w) => convTranspose2d(reshape(x, [1, 1, 2, 1]), reshape(w, [1, 1, 1, 2])), [[1, 2], [3, 5]]); // [3, 11, 10]
 */
export function convTranspose2d(x: Tensor, weights: Tensor, options: TransposedConvolutionOptions = {}): Tensor {
  const op = 'convTranspose2d';
  const { stride = 1, padding = 0, outputPadding = 0, dilation = 1, groups = 1, layout = 'NHWC', ...others } = options;
  requireNoOthers(op, others, 'TransposedConvolutionOptions');
  requireSameDtype(op, requireTensor(op, x), requireTensor(op, weights));
  const images = toChannelsLast(op, x, layout);
  const [batch, height, width, channels] = images.shape;
  if (weights.shape.length !== 4 || weights.shape[0] !== channels)
    refuse(
      op,
      `weights (in, out/groups, kh, kw) do not fit the images: ${showShape(x.shape)} x ${showShape(weights.shape)}`,
    );
  const [, share, kh, kw] = weights.shape;
  const out = share * groups;
  requireGroups(op, groups, channels, out);
  const [strides, gaps, more] = [pairOf(stride), pairOf(dilation), pairOf(outputPadding)];
  const sides =
    typeof padding === 'number'
      ? ([
          [padding, padding],
          [padding, padding],
        ] as const)
      : padding;
  const lengths = [height, width].map((length, axis) => {
    const [before, after] = sides[axis];
    const size = (length - 1) * strides[axis] - before - after + reachOf([kh, kw][axis], gaps[axis]) + more[axis];
    const numbers = [before, after, more[axis], strides[axis] - 1, gaps[axis] - 1];
    if (!numbers.every((n) => Number.isSafeInteger(n) && n >= 0) || size < 1)
      refuse(op, `stride and dilation must be integers ≥ 1, paddings ≥ 0 and the result not empty, got length ${size}`);
    return size;
  });
  const window: Window = {
    batch: groups * batch,
    height: lengths[0],
    width: lengths[1],
    channels: share,
    kh,
    kw,
    strideH: strides[0],
    strideW: strides[1],
    padTop: sides[0][0],
    padLeft: sides[1][0],
    oh: height,
    ow: width,
    ...(gaps[0] === 1 && gaps[1] === 1 ? {} : { dilationH: gaps[0], dilationW: gaps[1] }),
  };
  return fromChannelsLast(p.reshape(spreadPatches(images, weights, window, groups), [batch, ...lengths, out]), layout);
}

/** The patches that each pixel makes, added up; the groups are a stack. @returns (batch, height, width, out) of the window's image */
function spreadPatches(images: Tensor, weights: Tensor, window: Window, groups: number): Tensor {
  const [batch, height, width, channels] = images.shape;
  const { kh, kw, channels: share } = window;
  const [pixels, length, each] = [batch * height * width, kh * kw * share, channels / groups];
  const rows = p.transpose(p.reshape(images, [pixels, groups, each]), [1, 0, 2]);
  const kernel = p.reshape(p.transpose(weights, [0, 2, 3, 1]), [groups, each, length]);
  const patches =
    groups === 1
      ? p.matmul(p.reshape(rows, [pixels, each]), p.reshape(kernel, [each, length]))
      : p.reshape(p.matmul(rows, kernel), [groups * pixels, length]);
  const stack = apply('col2im', [patches], { window });
  if (groups === 1) return stack;
  const apart = p.reshape(stack, [groups, batch, window.height, window.width, share]);
  return p.transpose(apart, [1, 2, 3, 0, 4]);
}
