import { refuse, requireNoOthers } from '@hyperribbon/contract';
import * as p from '../primitives/emit.js';
import { requireSameDtype } from '../primitives/shapeRules.js';
import type { Window } from '../program.js';
import { showShape } from '../specs.js';
import { apply } from '../trace/apply.js';
import type { Tensor } from '../trace/tensor.js';
import { requireTensor } from './broadcasting.js';

/** Order of an image batch's axes: N batch, H height, W width, C channels. */
export type ImageLayout = 'NHWC' | 'NCHW';

export interface ConvolutionOptions {
  /** step of the window, one number or [vertical, horizontal]; default 1 */
  readonly stride?: number | readonly [number, number];
  /** 'valid' none; 'same' output size ⌈input/stride⌉, the odd zero below and right; n on every side; or [[top, bottom], [left, right]]. Default 'valid' */
  readonly padding?: 'valid' | 'same' | number | readonly [readonly [number, number], readonly [number, number]];
  /** layout of x and of the result; default 'NHWC' */
  readonly layout?: ImageLayout;
}

/**
 * Convolution as networks use it (cross-correlation), by patches and one matrix product, so derivatives of any order are
 * again patches, their transpose and matrix products.
 *
 * @param x (batch, height, width, in), or (batch, in, height, width) with layout 'NCHW'
 * @param weights (out, in, kh, kw)
 * @returns (batch, oh, ow, out) or (batch, out, oh, ow), oh = ⌊(height + padding − kh)/stride⌋ + 1
 * Memory: the patches take batch·oh·ow·kh·kw·in numbers.
 * @example evaluateFunction((x, w) => conv2d(reshape(x, [1, 2, 2, 1]), reshape(w, [1, 1, 2, 2])), [[1, 2, 3, 4], [1, 0, 0, 1]]); // [5]
 */
export function conv2d(x: Tensor, weights: Tensor, options: ConvolutionOptions = {}): Tensor {
  const { stride = 1, padding = 'valid', layout = 'NHWC', ...others } = options;
  requireNoOthers('conv2d', others, 'ConvolutionOptions');
  requireSameDtype('conv2d', requireTensor('conv2d', x), requireTensor('conv2d', weights));
  const images = toChannelsLast('conv2d', x, layout);
  const [out, channels, kh, kw] = weights.shape;
  if (weights.shape.length !== 4 || channels !== images.shape[3])
    refuse(
      'conv2d',
      `weights (out, in, kh, kw) do not fit the images: ${showShape(x.shape)} x ${showShape(weights.shape)}`,
    );
  const window = imageWindow('conv2d', images.shape, [kh, kw], stride, padding);
  const patches = apply('im2col', [images], { window });
  const kernel = p.reshape(p.transpose(weights, [0, 2, 3, 1]), [out, kh * kw * channels]);
  const product = p.matmul(patches, kernel, 0, 1);
  return fromChannelsLast(p.reshape(product, [window.batch, window.oh, window.ow, out]), layout);
}

/** Geometry of windows of size [kh, kw] over (batch, height, width, channels). @throws ArgumentError if no window fits */
export function imageWindow(
  op: string,
  [batch, height, width, channels]: readonly number[],
  [kh, kw]: readonly [number, number],
  stride: number | readonly [number, number],
  padding: NonNullable<ConvolutionOptions['padding']>,
): Window {
  const [strideH, strideW] = typeof stride === 'number' ? [stride, stride] : stride;
  if (![kh, kw, strideH, strideW].every((n) => Number.isSafeInteger(n) && n >= 1))
    refuse(op, `window and stride must be integers ≥ 1, got ${kh}x${kw} and ${strideH}, ${strideW}`);
  const [top, bottom] = paddingOf(op, padding, 0, height, kh, strideH);
  const [left, right] = paddingOf(op, padding, 1, width, kw, strideW);
  const oh = Math.floor((height + top + bottom - kh) / strideH) + 1;
  const ow = Math.floor((width + left + right - kw) / strideW) + 1;
  if (oh < 1 || ow < 1) refuse(op, `a ${kh}x${kw} window does not fit images of ${height}x${width}`);
  return { batch, height, width, channels, kh, kw, strideH, strideW, padTop: top, padLeft: left, oh, ow };
}

function paddingOf(
  op: string,
  padding: NonNullable<ConvolutionOptions['padding']>,
  axis: 0 | 1,
  length: number,
  kernel: number,
  stride: number,
): readonly [number, number] {
  if (padding === 'valid') return [0, 0];
  if (padding === 'same') {
    const total = Math.max(0, (Math.ceil(length / stride) - 1) * stride + kernel - length);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  }
  const [before, after] = typeof padding === 'number' ? [padding, padding] : padding[axis];
  if (!Number.isSafeInteger(before) || !Number.isSafeInteger(after) || before < 0 || after < 0)
    refuse(op, `padding must be 'valid', 'same' or integers ≥ 0, got ${String(padding)}`);
  return [before, after];
}

export function toChannelsLast(op: string, x: Tensor, layout: ImageLayout): Tensor {
  if (requireTensor(op, x).shape.length !== 4) refuse(op, `images need 4 axes (${layout}), got ${showShape(x.shape)}`);
  if (layout !== 'NHWC' && layout !== 'NCHW') refuse(op, `layout must be 'NHWC' or 'NCHW', got ${String(layout)}`);
  return layout === 'NHWC' ? x : p.transpose(x, [0, 2, 3, 1]);
}

export function fromChannelsLast(x: Tensor, layout: ImageLayout): Tensor {
  return layout === 'NHWC' ? x : p.transpose(x, [0, 3, 1, 2]);
}
