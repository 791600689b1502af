import type { KernelTable } from '../modules/kernelTable.js';
import type { TwinMemory } from './twinMemory.js';

/** im2col and its transpose on NHWC images; patches are visited in the order batch, oy, ox, ky, kx, channel */
export function patchTwins(memory: TwinMemory): Pick<KernelTable, 'im2col' | 'col2im'> {
  const { elements: a, shift } = memory;
  return {
    im2col(batch, height, width, channels, kh, kw, strideH, strideW, padTop, padLeft, oh, ow, x, out) {
      const start = x >>> shift;
      let o = out >>> shift;
      for (let image = 0; image < batch; image++) {
        for (let oy = 0; oy < oh; oy++) {
          for (let ox = 0; ox < ow; ox++) {
            for (let ky = 0; ky < kh; ky++) {
              const y = oy * strideH + ky - padTop;
              for (let kx = 0; kx < kw; kx++) {
                const column = ox * strideW + kx - padLeft;
                const inside = y >= 0 && y < height && column >= 0 && column < width;
                const from = start + ((image * height + y) * width + column) * channels;
                for (let c = 0; c < channels; c++) a[o++] = inside ? a[from + c]! : 0;
              }
            }
          }
        }
      }
    },
    col2im(batch, height, width, channels, kh, kw, strideH, strideW, padTop, padLeft, oh, ow, x, out) {
      let i = x >>> shift;
      const start = out >>> shift;
      a.fill(0, start, start + batch * height * width * channels);
      for (let image = 0; image < batch; image++) {
        for (let oy = 0; oy < oh; oy++) {
          for (let ox = 0; ox < ow; ox++) {
            for (let ky = 0; ky < kh; ky++) {
              const y = oy * strideH + ky - padTop;
              for (let kx = 0; kx < kw; kx++, i += channels) {
                const column = ox * strideW + kx - padLeft;
                if (y < 0 || y >= height || column < 0 || column >= width) continue;
                const to = start + ((image * height + y) * width + column) * channels;
                for (let c = 0; c < channels; c++) a[to + c] = a[to + c]! + a[i + c]!;
              }
            }
          }
        }
      }
    },
  };
}
