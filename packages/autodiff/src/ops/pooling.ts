import { refuse, requireNoOthers } from '@hyperribbon/contract';
import * as p from '../primitives/emit.js';
import type { Window } from '../program.js';
import { apply } from '../trace/apply.js';
import type { Tensor } from '../trace/tensor.js';
import { type ConvolutionOptions, type ImageLayout, fromChannelsLast, toChannelsLast } from './convolution.js';
import { imageWindow, pairOf, paddingOf, reachOf } from './images/imageWindow.js';

export interface PoolingOptions {
  /** window, one number or [height, width] */
  readonly size: number | readonly [number, number];
  /** default: the window, so that windows do not overlap */
  readonly stride?: number | readonly [number, number];
  /** as that of a convolution; default 'valid', none */
  readonly padding?: ConvolutionOptions['padding'];
  /** let the last window of a row or column begin inside the image or its padding and end outside (PyTorch's ceil_mode); default false */
  readonly ceil?: boolean;
  /** layout of x and of the result; default 'NHWC' */
  readonly layout?: ImageLayout;
}

export interface AveragePoolingOptions extends PoolingOptions {
  /** whether the padding's zeros count in the mean, as in PyTorch and not in ONNX; what `ceil` adds never counts. Default true */
  readonly countPadding?: boolean;
}

export interface MaximumPoolingOptions extends PoolingOptions {
  /** steps in the image between neighbours of the window, one number or [vertical, horizontal]; default 1 */
  readonly dilation?: number | readonly [number, number];
}

/**
 * Mean of each window: (batch, height, width, channels) → (batch, oh, ow, channels).
 * @throws ArgumentError if no window fits, or one would hold nothing but padding
 * @example evaluateFunction((x) => averagePool2d(reshape(x, [1, 2, 2, 1]), { size: 2 }), [[1, 2, 3, 6]]); // [3]
 */
export function averagePool2d(x: Tensor, { countPadding = true, ...options }: AveragePoolingOptions): Tensor {
  return pool('averagePool2d', x, options, 0, (images, window, { counted, inside }) => {
    const mean = apply('averagePool', [images], { window });
    const share = countPadding ? counted : inside;
    return share === undefined ? mean : p.div(mean, apply('averagePool', [share], { window }));
  });
}

/**
 * Maximum of each window, padding left out; the first of equal maxima takes the derivative.
 * @throws ArgumentError if no window fits, or one would hold nothing but padding
 * @example evaluateFunction((x) => maxPool2d(reshape(x, [1, 2, 2, 1]), { size: 2 }), [[1, 2, 3, 6]]); // [6]
 */
export function maxPool2d(x: Tensor, options: MaximumPoolingOptions): Tensor {
  return pool('maxPool2d', x, options, -Infinity, (images, window) => {
    if (window.dilationH === undefined) return apply('gatherFlat', [images, apply('argmaxPool', [images], { window })]);
    // with gaps: the patches are images of kh·kw rows and one column, with one window each
    const { batch, oh, ow, kh, kw, channels } = window;
    const [patches, length] = [batch * oh * ow, kh * kw];
    const columns = p.reshape(apply('im2col', [images], { window }), [patches, length, 1, channels]);
    const whole = { batch: patches, height: length, width: 1, channels, kh: length, kw: 1, oh: 1, ow: 1 };
    const place = apply('argmaxPool', [columns], {
      window: { ...whole, strideH: 1, strideW: 1, padTop: 0, padLeft: 0 },
    });
    return p.reshape(apply('gatherFlat', [columns, place]), [batch, oh, ow, channels]);
  });
}

/** What is 1 where a number counts, in the shape of the padded images; undefined: everywhere. */
interface Shares {
  /** image and declared padding count */
  readonly counted?: Tensor | undefined;
  /** the image counts */
  readonly inside?: Tensor | undefined;
}

/** @param reduce takes images, already padded with `edge`, and what counts in them */
function pool(
  op: string,
  x: Tensor,
  { size, stride = size, padding = 'valid', dilation, ceil = false, layout = 'NHWC', ...others }: MaximumPoolingOptions,
  edge: number,
  reduce: (images: Tensor, window: Window, shares: Shares) => Tensor,
): Tensor {
  requireNoOthers(op, others, 'PoolingOptions');
  if (edge === 0 && dilation !== undefined)
    refuse(op, 'there is no option dilation; those that there are stand in PoolingOptions');
  const images = toChannelsLast(op, x, layout);
  const found = imageWindow(op, images.shape, pairOf(size), { stride, padding, dilation: dilation ?? 1, ceil });
  const { height, width, kh, kw, strideH, strideW, padTop, padLeft, oh, ow, dilationH, dilationW } = found;
  const [reachH, reachW] = [reachOf(kh, dilationH), reachOf(kw, dilationW)];
  const padBottom = Math.max(0, (oh - 1) * strideH + reachH - padTop - height);
  const padRight = Math.max(0, (ow - 1) * strideW + reachW - padLeft - width);
  if (Math.max(padTop, padBottom) >= reachH || Math.max(padLeft, padRight) >= reachW)
    refuse(op, `padding must be smaller than the ${kh}x${kw} window, got ${JSON.stringify(padding)}`);
  if (padTop + padBottom + padLeft + padRight === 0) return fromChannelsLast(reduce(images, found, {}), layout);
  const sides = { low: [0, padTop, padLeft, 0], high: [0, padBottom, padRight, 0] };
  const inside = apply('pad', [p.full(1, images)], sides);
  const zeros = apply('pad', [images], sides);
  const padded = edge === 0 ? zeros : p.select(inside, zeros, p.full(edge, zeros));
  const [, paddedHeight, paddedWidth] = padded.shape;
  const window = { ...found, height: paddedHeight, width: paddedWidth, padTop: 0, padLeft: 0 };
  const [, below] = paddingOf(op, padding, 0, height, reachH, strideH);
  const [, right] = paddingOf(op, padding, 1, width, reachW, strideW);
  const [overH, overW] = [Math.max(0, padBottom - below), Math.max(0, padRight - right)];
  const declared = p.full(1, {
    shape: padded.shape.map((length, axis) => length - [0, overH, overW, 0][axis]),
    dtype: x.dtype,
  });
  const counted =
    overH + overW === 0 ? undefined : apply('pad', [declared], { low: [0, 0, 0, 0], high: [0, overH, overW, 0] });
  return fromChannelsLast(reduce(padded, window, { counted, inside }), layout);
}
