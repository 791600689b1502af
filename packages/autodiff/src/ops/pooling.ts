import { refuse, requireNoOthers } from '@hyperribbon/contract';
import * as p from '../primitives/emit.js';
import type { Window } from '../program.js';
import { apply } from '../trace/apply.js';
import type { Tensor } from '../trace/tensor.js';
import {
  type ConvolutionOptions,
  type ImageLayout,
  fromChannelsLast,
  imageWindow,
  toChannelsLast,
} from './convolution.js';

export interface PoolingOptions {
  /** window, one number or [height, width] */
  readonly size: number | readonly [number, number];
  /** default: the window, so that windows do not overlap */
  readonly stride?: number | readonly [number, number];
  /** as that of a convolution; default 'valid', none */
  readonly padding?: ConvolutionOptions['padding'];
  /** layout of x and of the result; default 'NHWC' */
  readonly layout?: ImageLayout;
}

export interface AveragePoolingOptions extends PoolingOptions {
  /** whether the padding's zeros count in the mean, as in PyTorch and not in ONNX; default true */
  readonly countPadding?: boolean;
}

/**
 * Mean of each window: (batch, height, width, channels) → (batch, oh, ow, channels).
 * @throws ArgumentError if no window fits, or one would hold nothing but padding
 * @example evaluateFunction((x) => averagePool2d(reshape(x, [1, 2, 2, 1]), { size: 2 }), [[1, 2, 3, 6]]); // [3]
 */
export function averagePool2d(x: Tensor, { countPadding = true, ...options }: AveragePoolingOptions): Tensor {
  return pool('averagePool2d', x, options, 0, (images, window, inside) => {
    const mean = apply('averagePool', [images], { window });
    if (countPadding || inside === undefined) return mean;
    const share = apply('averagePool', [inside], { window });
    return p.div(mean, share);
  });
}

/**
 * Maximum of each window, padding left out; the first of equal maxima takes the derivative.
 * @throws ArgumentError if no window fits, or one would hold nothing but padding
 * @example evaluateFunction((x) => maxPool2d(reshape(x, [1, 2, 2, 1]), { size: 2 }), [[1, 2, 3, 6]]); // [6]
 */
export function maxPool2d(x: Tensor, options: PoolingOptions): Tensor {
  return pool('maxPool2d', x, options, -Infinity, (images, window) =>
    apply('gatherFlat', [images, apply('argmaxPool', [images], { window })]),
  );
}

/** @param reduce takes images, already padded, and 1 where they are not padding (undefined: everywhere) */
function pool(
  op: string,
  x: Tensor,
  { size, stride = size, padding = 'valid', layout = 'NHWC', ...others }: PoolingOptions,
  edge: number,
  reduce: (images: Tensor, window: Window, inside?: Tensor) => Tensor,
): Tensor {
  requireNoOthers(op, others, 'PoolingOptions');
  const images = toChannelsLast(op, x, layout);
  const [kh, kw] = typeof size === 'number' ? [size, size] : size;
  const found = imageWindow(op, images.shape, [kh, kw], stride, padding);
  const { height, width, strideH, strideW, padTop, padLeft, oh, ow } = found;
  const padBottom = Math.max(0, (oh - 1) * strideH + kh - padTop - height);
  const padRight = Math.max(0, (ow - 1) * strideW + kw - padLeft - width);
  if (Math.max(padTop, padBottom) >= kh || Math.max(padLeft, padRight) >= kw)
    refuse(op, `padding must be smaller than the ${kh}x${kw} window, got ${JSON.stringify(padding)}`);
  if (padTop + padBottom + padLeft + padRight === 0) return fromChannelsLast(reduce(images, found), layout);
  const sides = { low: [0, padTop, padLeft, 0], high: [0, padBottom, padRight, 0] };
  const inside = apply('pad', [p.full(1, images)], sides);
  const zeros = apply('pad', [images], sides);
  const padded = edge === 0 ? zeros : p.select(inside, zeros, p.full(edge, zeros));
  const [, paddedHeight, paddedWidth] = padded.shape;
  const window = { ...found, height: paddedHeight, width: paddedWidth, padTop: 0, padLeft: 0 };
  return fromChannelsLast(reduce(padded, window, inside), layout);
}
