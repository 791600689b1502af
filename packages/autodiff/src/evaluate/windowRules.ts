import type { depthwiseNames, windowNames } from '../primitives/names.js';
import type { Window } from '../program.js';

/** Writes into `out`, which holds zeros. */
type WindowRule = (x: ArrayLike<number>, window: Window, out: Float64Array) => void;

export const windowRules: Readonly<Record<(typeof windowNames)[number] | 'argmaxPool', WindowRule>> = {
  im2col: (x, w, out) => forEachTap(w, (image, patch) => (out[patch] = x[image])),
  col2im: (x, w, out) => forEachTap(w, (image, patch) => (out[image] += x[patch])),
  averagePool: (x, w, out) => {
    forEachTap(w, (image, _, pooled) => (out[pooled] += x[image]));
    for (let i = 0; i < out.length; i++) out[i] /= w.kh * w.kw;
  },
  averageUnpool: (x, w, out) => forEachTap(w, (image, _, pooled) => (out[image] += x[pooled] / (w.kh * w.kw))),
  argmaxPool: (x, w, out) => {
    out.fill(-1);
    forEachTap(w, (image, _, pooled) => {
      const best = out[pooled];
      if (best < 0 || x[image] > x[best] || (Number.isNaN(x[image]) && !Number.isNaN(x[best]))) out[pooled] = image;
    });
  },
};

/** The same for a convolution that keeps channels apart, of two operands. */
type DepthwiseRule = (x: ArrayLike<number>, y: ArrayLike<number>, window: Window, out: Float64Array) => void;

export const depthwiseRules: Readonly<Record<(typeof depthwiseNames)[number], DepthwiseRule>> = {
  depthwise: (x, weights, w, out) =>
    forEachTap(w, (image, patch, pooled) => (out[pooled] += x[image] * weights[patch % (w.kh * w.kw * w.channels)])),
  depthwiseInput: (y, weights, w, out) =>
    forEachTap(w, (image, patch, pooled) => (out[image] += y[pooled] * weights[patch % (w.kh * w.kw * w.channels)])),
  depthwiseWeights: (x, y, w, out) =>
    forEachTap(w, (image, patch, pooled) => (out[patch % (w.kh * w.kw * w.channels)] += x[image] * y[pooled])),
};

/** Visits every element that lies under a window: its place in the image, in the patches, and its window's place in the pooled image. */
function forEachTap(w: Window, visit: (image: number, patch: number, pooled: number) => void): void {
  const { batch, height, width, channels, kh, kw, strideH, strideW, padTop, padLeft, oh, ow } = w;
  const { dilationH = 1, dilationW = 1 } = w;
  for (let n = 0; n < batch; n++)
    for (let i = 0; i < oh; i++)
      for (let j = 0; j < ow; j++)
        for (let a = 0; a < kh; a++)
          for (let b = 0; b < kw; b++) {
            const row = i * strideH + a * dilationH - padTop;
            const column = j * strideW + b * dilationW - padLeft;
            if (row < 0 || row >= height || column < 0 || column >= width) continue;
            const place = (n * oh + i) * ow + j;
            for (let c = 0; c < channels; c++)
              visit(
                ((n * height + row) * width + column) * channels + c,
                (place * kh * kw + a * kw + b) * channels + c,
                place * channels + c,
              );
          }
}
