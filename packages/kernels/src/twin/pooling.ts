import type { KernelTable, WindowSizes } from '../modules/kernelTable.js';
import type { FloatArray } from '../workspace/workspace.js';
import type { TwinMemory } from './twinMemory.js';

type Pooling = Pick<KernelTable, 'averagePool' | 'averageUnpool' | 'argmaxPool'>;

/** The windows of one pooling over NHWC images, numbered in the order batch, oy, ox; offsets count numbers. */
interface Windows {
  readonly count: number;
  readonly oh: number;
  readonly ow: number;
  /** from one window to the next: of its image, down, to the right */
  readonly image: number;
  readonly down: number;
  readonly right: number;
}

/** Pooling over kh × kw windows of NHWC images, no padding; a window is summed row by row, then multiplied by r(1/(kh kw)) */
export function poolingTwins(memory: TwinMemory): Pooling {
  const { elements: a, int32, shift, round } = memory;
  return {
    averagePool(batch, height, width, channels, kh, kw, strideH, strideW, x, out) {
      const [start, o] = [x >>> shift, out >>> shift];
      const windows = windowsOf(batch, height, width, channels, kh, kw, strideH, strideW);
      const weight = round(1 / (kh * kw));
      for (let w = 0; w < windows.count; w++) {
        const from = start + corner(windows, w);
        for (let c = 0; c < channels; c++) {
          let sum = 0;
          for (let ky = 0; ky < kh; ky++) {
            for (let kx = 0; kx < kw; kx++) sum = round(sum + a[from + (ky * width + kx) * channels + c]!);
          }
          a[o + w * channels + c] = sum * weight;
        }
      }
    },
    averageUnpool(batch, height, width, channels, kh, kw, strideH, strideW, x, out) {
      const [i, start] = [x >>> shift, out >>> shift];
      const windows = windowsOf(batch, height, width, channels, kh, kw, strideH, strideW);
      const weight = round(1 / (kh * kw));
      a.fill(0, start, start + batch * height * width * channels);
      for (let w = 0; w < windows.count; w++) {
        const from = i + w * channels;
        const to = start + corner(windows, w);
        for (let ky = 0; ky < kh; ky++) {
          for (let kx = 0; kx < kw; kx++) {
            const at = to + (ky * width + kx) * channels;
            for (let c = 0; c < channels; c++) a[at + c] = a[at + c]! + round(a[from + c]! * weight);
          }
        }
      }
    },
    argmaxPool(batch, height, width, channels, kh, kw, strideH, strideW, x, index) {
      const [start, o] = [x >>> shift, index >>> 2];
      const windows = windowsOf(batch, height, width, channels, kh, kw, strideH, strideW);
      for (let w = 0; w < windows.count; w++) {
        const from = corner(windows, w);
        for (let c = 0; c < channels; c++)
          int32[o + w * channels + c] = largest(a, start, from + c, kh, kw, width, channels);
      }
    },
  };
}

/** Place behind `start` of the first largest entry of one channel's window; NaN counts as largest. */
function largest(
  a: FloatArray,
  start: number,
  from: number,
  kh: number,
  kw: number,
  width: number,
  channels: number,
): number {
  let best = from;
  for (let ky = 0; ky < kh; ky++) {
    for (let kx = 0; kx < kw; kx++) {
      const at = from + (ky * width + kx) * channels;
      const value = a[start + at]!;
      const current = a[start + best]!;
      if (value > current || (value !== value && current === current)) best = at;
    }
  }
  return best;
}

function windowsOf(...[batch, height, width, channels, kh, kw, strideH, strideW]: WindowSizes): Windows {
  const [oh, ow] = [outputs(height, kh, strideH), outputs(width, kw, strideW)];
  const row = width * channels;
  return { count: batch * oh * ow, oh, ow, image: height * row, down: strideH * row, right: strideW * channels };
}

/** Offset of a window's first entry in x. */
function corner({ oh, ow, image, down, right }: Windows, window: number): number {
  const row = Math.floor(window / ow);
  return Math.floor(row / oh) * image + (row % oh) * down + (window % ow) * right;
}

function outputs(size: number, window: number, stride: number): number {
  return size < window ? 0 : Math.floor((size - window) / stride) + 1;
}
