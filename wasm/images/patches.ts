// im2col and its transpose for images (batch, height, width, channels), any alignment, out may not overlap x.
// Twin: src/twin/patches.ts. The kw · channels numbers of one patch row lie side by side in the image: they move as one run,
// clipped at the borders. col2im adds the runs in the order batch, oy, ox, ky.

import { loadPart, storePart } from '../lanes';
import { addRun } from './runs';

function copyRun<T>(n: i32, x: usize, out: usize): void {
  const lanes = <i32>(16 / sizeof<T>());
  for (; n >= lanes; n -= lanes) {
    v128.store(out, v128.load(x));
    x += 16;
    out += 16;
  }
  if (n > 0) storePart<T>(n, loadPart<T>(n, x), out);
}

function zeroRun<T>(n: i32, out: usize): void {
  for (; n > 0; --n) {
    store<T>(out, 0);
    out += sizeof<T>();
  }
}

// prettier-ignore
function im2col<T>(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, padTop: i32, padLeft: i32, oh: i32, ow: i32, x: usize, out: usize): void {
  const run = kw * channels;
  for (let image = 0; image < batch; ++image) {
    for (let oy = 0; oy < oh; ++oy) {
      for (let ox = 0; ox < ow; ++ox) {
        const column = ox * strideW - padLeft;
        // clipped to the image: [first, last) of the kw columns
        const first = min(max(-column, 0), kw);
        const last = max(min(width - column, kw), first);
        for (let ky = 0; ky < kh; ++ky) {
          const y = oy * strideH + ky - padTop;
          if (y < 0 || y >= height) {
            zeroRun<T>(run, out);
          } else {
            zeroRun<T>(first * channels, out);
            const from = x + <usize>(((image * height + y) * width + column + first) * channels) * sizeof<T>();
            copyRun<T>((last - first) * channels, from, out + <usize>(first * channels) * sizeof<T>());
            zeroRun<T>((kw - last) * channels, out + <usize>(last * channels) * sizeof<T>());
          }
          out += <usize>run * sizeof<T>();
        }
      }
    }
  }
}

// prettier-ignore
function col2im<T>(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, padTop: i32, padLeft: i32, oh: i32, ow: i32, x: usize, out: usize): void {
  const run = kw * channels;
  memory.fill(out, 0, <usize>(batch * height * width * channels) * sizeof<T>());
  for (let image = 0; image < batch; ++image) {
    for (let oy = 0; oy < oh; ++oy) {
      for (let ox = 0; ox < ow; ++ox) {
        const column = ox * strideW - padLeft;
        const first = min(max(-column, 0), kw);
        const last = max(min(width - column, kw), first);
        for (let ky = 0; ky < kh; ++ky) {
          const y = oy * strideH + ky - padTop;
          if (y >= 0 && y < height) {
            const to = out + <usize>(((image * height + y) * width + column + first) * channels) * sizeof<T>();
            addRun<T>((last - first) * channels, x + <usize>(first * channels) * sizeof<T>(), to);
          }
          x += <usize>run * sizeof<T>();
        }
      }
    }
  }
}

// prettier-ignore
export function im2col32(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, padTop: i32, padLeft: i32, oh: i32, ow: i32, x: usize, out: usize): void {
  im2col<f32>(batch, height, width, channels, kh, kw, strideH, strideW, padTop, padLeft, oh, ow, x, out);
}

// prettier-ignore
export function im2col64(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, padTop: i32, padLeft: i32, oh: i32, ow: i32, x: usize, out: usize): void {
  im2col<f64>(batch, height, width, channels, kh, kw, strideH, strideW, padTop, padLeft, oh, ow, x, out);
}

// prettier-ignore
export function col2im32(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, padTop: i32, padLeft: i32, oh: i32, ow: i32, x: usize, out: usize): void {
  col2im<f32>(batch, height, width, channels, kh, kw, strideH, strideW, padTop, padLeft, oh, ow, x, out);
}

// prettier-ignore
export function col2im64(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, padTop: i32, padLeft: i32, oh: i32, ow: i32, x: usize, out: usize): void {
  col2im<f64>(batch, height, width, channels, kh, kw, strideH, strideW, padTop, padLeft, oh, ow, x, out);
}
