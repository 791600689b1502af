// Images (batch, height, width, channels) ← col2im(alpha G op(W) + alpha' G' op(W')), G is (batch · oh · ow, k), op(W) (k, kh · kw · channels):
// the backward pass of a convolution by its input, of one product or, with G' ≠ 0, of the sum of two. Patches of a strip of pixels are
// computed into scratch and added to the images at once, clipped at the borders; they are never written for the whole batch.
// Order: each entry of the patches as gemm sums it, entries into the images as col2im adds them. k ≤ LONGEST, and both op(W) fit into
// B_BYTES · LONGEST bytes of scratch with rows rounded up to whole panels; scratch and wide as for gemm.
import { packB, panelColumns, A_BYTES, B_BYTES, LONGEST, TILE_BYTES } from '../linear/gemm';
import { MR } from '../linear/tileSizes';
import { multiplyRows } from './multiplyRows';
import { rowOffsets } from './pixelOffsets';
import { addRun } from '../images/runs';

// Bytes of the patches of a strip, which should stay in L1, and the fewest pixels that are worth a walk over the weights.
const STRIP_BYTES: i32 = 24576;
const LEAST_PIXELS: i32 = 2 * MR;

// prettier-ignore
function convolveInput<T>(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, padTop: i32, padLeft: i32, oh: i32, ow: i32, k: i32, transW: i32, alpha: T, g: usize, w: usize, alpha2: T, g2: usize, w2: usize, out: usize, wide: i32, scratch: usize): void {
  const NR = panelColumns<T>(wide);
  const n = kh * kw * channels;
  const m = batch * oh * ow;
  const ldw = <usize>(transW ? k : n) * sizeof<T>();
  const patch = <usize>n * sizeof<T>();
  const strip = scratch + TILE_BYTES;
  const packed = strip + A_BYTES * LONGEST;
  const offsets = packed + B_BYTES * LONGEST;
  const packed2 = packB<T>(transW, NR, n, k, w, ldw, packed);
  if (g2) packB<T>(transW, NR, n, k, w2, ldw, packed2);
  memory.fill(out, 0, <usize>(batch * height * width * channels) * sizeof<T>());
  const pixels = min(
    max(LEAST_PIXELS, (STRIP_BYTES / <i32>patch / MR) * MR),
    (A_BYTES * LONGEST) / <i32>patch,
  );
  for (let i = 0; i < m; i += pixels) {
    const count = min(pixels, m - i);
    rowOffsets(i, count, <usize>k * sizeof<T>(), offsets);
    multiplyRows<T>(NR, count, n, k, k, k, 0, alpha, g, offsets, packed, 0, strip, patch, scratch);
    if (g2) multiplyRows<T>(NR, count, n, k, k, k, 0, alpha2, g2, offsets, packed2, 1, strip, patch, scratch);
    addPatches<T>(i, count, height, width, channels, kh, kw, strideH, strideW, padTop, padLeft, oh, ow, strip, out);
  }
}

/** Adds the patches of `count` pixels from `first` on to the images, in the order of col2im. */
// prettier-ignore
function addPatches<T>(first: i32, count: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, padTop: i32, padLeft: i32, oh: i32, ow: i32, patches: usize, out: usize): void {
  const run = <usize>(kw * channels) * sizeof<T>();
  const row = first / ow;
  let image = row / oh;
  let oy = row - image * oh;
  let ox = first - row * ow;
  for (; count > 0; --count) {
    const column = ox * strideW - padLeft;
    // clipped to the image: [from, to) of the kw columns
    const from = min(max(-column, 0), kw);
    const to = max(min(width - column, kw), from);
    const skipped = <usize>(from * channels) * sizeof<T>();
    for (let ky = 0; ky < kh; ++ky) {
      const y = oy * strideH + ky - padTop;
      if (y >= 0 && y < height) {
        const at = <usize>(image * height + y) * <usize>(width * channels) + <usize>((column + from) * channels);
        addRun<T>((to - from) * channels, patches + skipped, out + at * sizeof<T>());
      }
      patches += run;
    }
    if (++ox < ow) continue;
    ox = 0;
    if (++oy == oh) {
      oy = 0;
      ++image;
    }
  }
}

// prettier-ignore
export function convolveInput32(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, padTop: i32, padLeft: i32, oh: i32, ow: i32, k: i32, transW: i32, alpha: f32, g: usize, w: usize, alpha2: f32, g2: usize, w2: usize, out: usize, wide: i32, scratch: usize): void {
  convolveInput<f32>(batch, height, width, channels, kh, kw, strideH, strideW, padTop, padLeft, oh, ow, k, transW, alpha, g, w, alpha2, g2, w2, out, wide, scratch);
}

// prettier-ignore
export function convolveInput64(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, padTop: i32, padLeft: i32, oh: i32, ow: i32, k: i32, transW: i32, alpha: f64, g: usize, w: usize, alpha2: f64, g2: usize, w2: usize, out: usize, wide: i32, scratch: usize): void {
  convolveInput<f64>(batch, height, width, channels, kh, kw, strideH, strideW, padTop, padLeft, oh, ow, k, transW, alpha, g, w, alpha2, g2, w2, out, wide, scratch);
}
