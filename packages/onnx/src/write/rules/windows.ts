import type { PrimitiveName, Window } from '@hyperribbon/autodiff';
import type { Draft } from '../draft.js';
import { type Held, spread } from '../held.js';
import type { WriteRule } from '../rule.js';

/** Images are (batch, height, width, channels) in programs and (batch, channels, height, width) in ONNX. */
export const CHANNELS_FIRST = [0, 3, 1, 2] as const;

/** Pooling by means, zeros around images counted. Convolutions and maxima are more than one equation. */
export const windowRules: Partial<Record<PrimitiveName, WriteRule>> = {
  averagePool: ({ draft, inputs: [x], params, out }) => {
    const images = spread(draft, x, CHANNELS_FIRST);
    const geometry = geometryOf(params.window!);
    const padded = geometry.pads.some((n) => n > 0);
    const name = draft.node('AveragePool', [images.name], { ...geometry, ...(padded && { count_include_pad: 1 }) });
    return { ...images, name, shape: out.shape };
  },
};

/** Pooling by maxima. @param around zeros that the window leaves out: [top, left, bottom, right] */
export function maxPool(draft: Draft, x: Held, window: Window, around: readonly number[]): Held {
  const images = spread(draft, x, CHANNELS_FIRST);
  const geometry = { ...geometryOf(window), pads: around };
  const { batch, oh, ow, channels } = window;
  return { ...images, name: draft.node('MaxPool', [images.name], geometry), shape: [batch, oh, ow, channels] };
}

/** A convolution of groups of channels. @param weights (out, in/groups, kh, kw) @returns (batch, oh, ow, out) */
export function conv(
  draft: Draft,
  x: Held,
  {
    weights,
    window,
    group,
    bias,
  }: {
    readonly weights: Held;
    readonly window: Window;
    readonly group: number;
    readonly bias?: string | undefined;
  },
): Held {
  const images = spread(draft, x, CHANNELS_FIRST);
  const kernel = spread(draft, weights, [0, 1, 2, 3]);
  const inputs = [images.name, kernel.name, ...(bias === undefined ? [] : [bias])];
  const { dilationH = 1, dilationW = 1, batch, oh, ow } = window;
  const name = draft.node('Conv', inputs, {
    ...geometryOf(window),
    ...(dilationH * dilationW > 1 && { dilations: [dilationH, dilationW] }),
    ...(group > 1 && { group }),
  });
  return { ...images, name, shape: [batch, oh, ow, weights.shape[0]] };
}

/** The attributes of a window; zeros below and on the right are as many as the last window reaches over the image. */
function geometryOf(w: Window): {
  kernel_shape: readonly number[];
  strides: readonly number[];
  pads: readonly number[];
  dilations?: readonly number[];
} {
  const { dilationH = 1, dilationW = 1 } = w;
  const bottom = Math.max(0, (w.oh - 1) * w.strideH + (w.kh - 1) * dilationH + 1 - w.padTop - w.height);
  const right = Math.max(0, (w.ow - 1) * w.strideW + (w.kw - 1) * dilationW + 1 - w.padLeft - w.width);
  return {
    ...(dilationH === 1 && dilationW === 1 ? {} : { dilations: [dilationH, dilationW] }),
    kernel_shape: [w.kh, w.kw],
    strides: [w.strideH, w.strideW],
    pads: [w.padTop, w.padLeft, bottom, right],
  };
}
