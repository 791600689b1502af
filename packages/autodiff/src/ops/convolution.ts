import { refuse, requireNoOthers } from '@hyperribbon/contract';
import * as p from '../primitives/emit.js';
import { requireSameDtype } from '../primitives/shapeRules.js';
import type { Window } from '../program.js';
import { showShape } from '../specs.js';
import { apply } from '../trace/apply.js';
import type { Tensor } from '../trace/tensor.js';
import { requireTensor } from './broadcasting.js';
import { type Padding, imageWindow } from './images/imageWindow.js';

/** Order of an image batch's axes: N batch, H height, W width, C channels. */
export type ImageLayout = 'NHWC' | 'NCHW';

export interface ConvolutionOptions {
  /** step of the window, one number or [vertical, horizontal]; default 1 */
  readonly stride?: number | readonly [number, number];
  /** 'valid' none; 'same' output size ⌈input/stride⌉, the odd zero below and right; n on every side; or [[top, bottom], [left, right]]. Default 'valid' */
  readonly padding?: Padding;
  /** steps in the image between neighbours of the window, one number or [vertical, horizontal]; default 1 */
  readonly dilation?: number | readonly [number, number];
  /** groups of neighbouring channels that are convolved apart; as many as channels: depthwise. Default 1 */
  readonly groups?: number;
  /** layout of x and of the result; default 'NHWC' */
  readonly layout?: ImageLayout;
}

/**
 * Convolution as networks use it (cross-correlation), by patches and one matrix product (one for each group), so derivatives of any order
 * are again patches, their transpose and matrix products. Depthwise convolutions have kernels of their own, without patches.
 *
 * @param x (batch, height, width, in), or (batch, in, height, width) with layout 'NCHW'
 * @param weights (out, in/groups, kh, kw); output o is of group ⌊o·groups/out⌋
 * @returns (batch, oh, ow, out) or (batch, out, oh, ow), oh = ⌊(height + padding − (kh − 1)·dilation − 1)/stride⌋ + 1
 * Memory: planned programs read patches where they lie in x, written once with its padding if it has one. With groups or dilation they write
 * batch·oh·ow·kh·kw·in numbers, with dilation one image's patches again, as a table of places.
 * @example evaluateFunction((x, w) => conv2d(reshape(x, [1, 2, 2, 1]), reshape(w, [1, 1, 2, 2])), [[1, 2, 3, 4], [1, 0, 0, 1]]); // [5]
 */
export function conv2d(x: Tensor, weights: Tensor, options: ConvolutionOptions = {}): Tensor {
  const { stride = 1, padding = 'valid', dilation = 1, groups = 1, layout = 'NHWC', ...others } = options;
  requireNoOthers('conv2d', others, 'ConvolutionOptions');
  requireSameDtype('conv2d', requireTensor('conv2d', x), requireTensor('conv2d', weights));
  const images = toChannelsLast('conv2d', x, layout);
  const [out, channels, kh, kw] = weights.shape;
  requireGroups('conv2d', groups, images.shape[3], out);
  if (weights.shape.length !== 4 || channels * groups !== images.shape[3])
    refuse(
      'conv2d',
      `weights (out, in${groups === 1 ? '' : `/${groups}`}, kh, kw) do not fit the images: ${showShape(x.shape)} x ${showShape(weights.shape)}`,
    );
  const window = imageWindow('conv2d', images.shape, [kh, kw], { stride, padding, dilation });
  if (groups > 1) {
    const product = channels === 1 ? depthwise(images, weights, window) : byGroups(images, weights, window, groups);
    return fromChannelsLast(product, layout);
  }
  const patches = apply('im2col', [images], { window });
  const kernel = p.reshape(p.transpose(weights, [0, 2, 3, 1]), [out, kh * kw * channels]);
  const product = p.matmul(patches, kernel, 0, 1);
  return fromChannelsLast(p.reshape(product, [window.batch, window.oh, window.ow, out]), layout);
}

/** @throws ArgumentError unless groups divide both numbers of channels */
export function requireGroups(op: string, groups: number, channels: number, out: number): void {
  if (!Number.isSafeInteger(groups) || groups < 1 || channels % groups !== 0 || out % groups !== 0)
    refuse(op, `groups must divide the ${channels} channels and the ${out} outputs, got ${groups}`);
}

/** Weights (out, 1, kh, kw): out is channels, or a multiple, and then each channel is there that many times. */
function depthwise(images: Tensor, weights: Tensor, window: Window): Tensor {
  const [out, , kh, kw] = weights.shape;
  const times = out / window.channels;
  const wide = [...images.shape.slice(0, 3), out];
  const each = times === 1 ? images : p.reshape(p.broadcast(images, [0, 1, 2, 3], [...images.shape, times]), wide);
  const entries = p.transpose(p.reshape(weights, [out, kh, kw]), [1, 2, 0]);
  return apply('depthwise', [each, entries], { window: { ...window, channels: out } });
}

/** The groups are a stack: of images, of patches, of products. */
function byGroups(images: Tensor, weights: Tensor, window: Window, groups: number): Tensor {
  const [out, channels, kh, kw] = weights.shape;
  const { batch, height, width, oh, ow } = window;
  const stack = p.transpose(p.reshape(images, [batch, height, width, groups, channels]), [3, 0, 1, 2, 4]);
  const each: Window = { ...window, batch: groups * batch, channels };
  const patches = apply('im2col', [p.reshape(stack, [groups * batch, height, width, channels])], { window: each });
  const length = kh * kw * channels;
  const kernel = p.reshape(p.transpose(weights, [0, 2, 3, 1]), [groups, out / groups, length]);
  const products = p.matmul(p.reshape(patches, [groups, batch * oh * ow, length]), kernel, 0, 1);
  return p.reshape(p.transpose(products, [1, 0, 2]), [batch, oh, ow, out]);
}

export function toChannelsLast(op: string, x: Tensor, layout: ImageLayout): Tensor {
  if (requireTensor(op, x).shape.length !== 4) refuse(op, `images need 4 axes (${layout}), got ${showShape(x.shape)}`);
  if (layout !== 'NHWC' && layout !== 'NCHW') refuse(op, `layout must be 'NHWC' or 'NCHW', got ${String(layout)}`);
  return layout === 'NHWC' ? x : p.transpose(x, [0, 2, 3, 1]);
}

export function fromChannelsLast(x: Tensor, layout: ImageLayout): Tensor {
  return layout === 'NHWC' ? x : p.transpose(x, [0, 3, 1, 2]);
}
