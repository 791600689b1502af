import type { KernelTable } from '../modules/kernelTable.js';
import type { TwinMemory } from './twinMemory.js';

type Pooling = Pick<KernelTable, 'averagePool' | 'averageUnpool' | 'argmaxPool'>;

/** Pooling over kh × kw windows of NHWC images, no padding; a window is summed row by row, then multiplied by r(1/(kh kw)) */
export function poolingTwins(memory: TwinMemory): Pooling {
  const { elements: a, int32, shift, round } = memory;
  return {
    averagePool(batch, height, width, channels, kh, kw, strideH, strideW, x, out) {
      const [start, o] = [x >>> shift, out >>> shift];
      const [oh, ow] = [outputs(height, kh, strideH), outputs(width, kw, strideW)];
      const weight = round(1 / (kh * kw));
      for (let image = 0; image < batch; image++) {
        for (let oy = 0; oy < oh; oy++) {
          for (let ox = 0; ox < ow; ox++) {
            const to = o + ((image * oh + oy) * ow + ox) * channels;
            const from = start + ((image * height + oy * strideH) * width + ox * strideW) * channels;
            for (let c = 0; c < channels; c++) {
              let sum = 0;
              for (let ky = 0; ky < kh; ky++) {
                for (let kx = 0; kx < kw; kx++) sum = round(sum + a[from + (ky * width + kx) * channels + c]!);
              }
              a[to + c] = sum * weight;
            }
          }
        }
      }
    },
    averageUnpool(batch, height, width, channels, kh, kw, strideH, strideW, x, out) {
      const [i, start] = [x >>> shift, out >>> shift];
      const [oh, ow] = [outputs(height, kh, strideH), outputs(width, kw, strideW)];
      const weight = round(1 / (kh * kw));
      a.fill(0, start, start + batch * height * width * channels);
      for (let image = 0; image < batch; image++) {
        for (let oy = 0; oy < oh; oy++) {
          for (let ox = 0; ox < ow; ox++) {
            const from = i + ((image * oh + oy) * ow + ox) * channels;
            const to = start + ((image * height + oy * strideH) * width + ox * strideW) * channels;
            for (let ky = 0; ky < kh; ky++) {
              for (let kx = 0; kx < kw; kx++) {
                const at = to + (ky * width + kx) * channels;
                for (let c = 0; c < channels; c++) a[at + c] = a[at + c]! + round(a[from + c]! * weight);
              }
            }
          }
        }
      }
    },
    argmaxPool(batch, height, width, channels, kh, kw, strideH, strideW, x, index) {
      const [start, o] = [x >>> shift, index >>> 2];
      const [oh, ow] = [outputs(height, kh, strideH), outputs(width, kw, strideW)];
      for (let image = 0; image < batch; image++) {
        for (let oy = 0; oy < oh; oy++) {
          for (let ox = 0; ox < ow; ox++) {
            const to = o + ((image * oh + oy) * ow + ox) * channels;
            const from = ((image * height + oy * strideH) * width + ox * strideW) * channels;
            for (let c = 0; c < channels; c++) {
              let best = from + c;
              for (let ky = 0; ky < kh; ky++) {
                for (let kx = 0; kx < kw; kx++) {
                  const at = from + (ky * width + kx) * channels + c;
                  const [value, current] = [a[start + at]!, a[start + best]!];
                  if (value > current || (value !== value && current === current)) best = at;
                }
              }
              int32[to + c] = best;
            }
          }
        }
      }
    },
  };
}

function outputs(size: number, window: number, stride: number): number {
  return size < window ? 0 : Math.floor((size - window) / stride) + 1;
}
