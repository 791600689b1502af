import type { Window } from '../program.js';
import { apply } from '../trace/apply.js';
import type { Tensor } from '../trace/tensor.js';
import { type ImageLayout, fromChannelsLast, imageWindow, toChannelsLast } from './convolution.js';

export interface PoolingOptions {
  /** window, one number or [height, width] */
  readonly size: number | readonly [number, number];
  /** default: the window, so that windows do not overlap */
  readonly stride?: number | readonly [number, number];
  /** layout of x and of the result; default 'NHWC' */
  readonly layout?: ImageLayout;
}

/**
 * Mean of each window (no padding): (batch, height, width, channels) → (batch, oh, ow, channels).
 * @example evaluateFunction((x) => averagePool2d(reshape(x, [1, 2, 2, 1]), { size: 2 }), [[1, 2, 3, 6]]); // [3]
 */
export function averagePool2d(x: Tensor, options: PoolingOptions): Tensor {
  return pool('averagePool2d', x, options, (images, window) => apply('averagePool', [images], { window }));
}

/**
 * Maximum of each window (no padding); the first of equal maxima takes the derivative.
 * @example evaluateFunction((x) => maxPool2d(reshape(x, [1, 2, 2, 1]), { size: 2 }), [[1, 2, 3, 6]]); // [6]
 */
export function maxPool2d(x: Tensor, options: PoolingOptions): Tensor {
  return pool('maxPool2d', x, options, (images, window) =>
    apply('gatherFlat', [images, apply('argmaxPool', [images], { window })]),
  );
}

function pool(
  op: string,
  x: Tensor,
  { size, stride = size, layout = 'NHWC' }: PoolingOptions,
  reduce: (images: Tensor, window: Window) => Tensor,
): Tensor {
  const images = toChannelsLast(op, x, layout);
  const kernel = typeof size === 'number' ? ([size, size] as const) : size;
  return fromChannelsLast(reduce(images, imageWindow(op, images.shape, kernel, stride, 'valid')), layout);
}
