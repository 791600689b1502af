// Average pooling over kh × kw windows of images (batch, height, width, channels), no padding, and its transpose; any alignment,
// out may not overlap x. Twin: src/twin/pooling.ts. Channels side by side in vectors; per channel a window is summed row by row,
// then multiplied by 1/(kh kw) rounded to T.

import { loadPart, storePart } from '../lanes';

function lanesAt<T>(n: i32, x: usize): v128 {
  return n >= <i32>(16 / sizeof<T>()) ? v128.load(x) : loadPart<T>(n, x);
}

function storeLanes<T>(n: i32, x: v128, out: usize): void {
  if (n >= <i32>(16 / sizeof<T>())) v128.store(out, x);
  else storePart<T>(n, x, out);
}

// prettier-ignore
function averagePool<T>(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, x: usize, out: usize): void {
  const lanes = <i32>(16 / sizeof<T>());
  const weight = v128.splat<T>(<T>(1.0 / <f64>(kh * kw)));
  const pixel = <usize>channels * sizeof<T>();
  for (let image = 0; image < batch; ++image) {
    for (let oy = 0; oy + kh <= height; oy += strideH) {
      for (let ox = 0; ox + kw <= width; ox += strideW) {
        let from = x + <usize>((image * height + oy) * width + ox) * pixel;
        for (let c = channels; c > 0; c -= lanes) {
          let sum = v128.splat<T>(0);
          let row = from;
          for (let ky = 0; ky < kh; ++ky) {
            let at = row;
            for (let kx = 0; kx < kw; ++kx) {
              sum = v128.add<T>(sum, lanesAt<T>(c, at));
              at += pixel;
            }
            row += <usize>width * pixel;
          }
          storeLanes<T>(c, v128.mul<T>(sum, weight), out);
          from += 16;
          out += <usize>min(c, lanes) * sizeof<T>();
        }
      }
    }
  }
}

// prettier-ignore
function averageUnpool<T>(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, x: usize, out: usize): void {
  const lanes = <i32>(16 / sizeof<T>());
  const weight = v128.splat<T>(<T>(1.0 / <f64>(kh * kw)));
  const pixel = <usize>channels * sizeof<T>();
  memory.fill(out, 0, <usize>(batch * height * width) * pixel);
  for (let image = 0; image < batch; ++image) {
    for (let oy = 0; oy + kh <= height; oy += strideH) {
      for (let ox = 0; ox + kw <= width; ox += strideW) {
        let to = out + <usize>((image * height + oy) * width + ox) * pixel;
        for (let c = channels; c > 0; c -= lanes) {
          const share = v128.mul<T>(lanesAt<T>(c, x), weight);
          let row = to;
          for (let ky = 0; ky < kh; ++ky) {
            let at = row;
            for (let kx = 0; kx < kw; ++kx) {
              storeLanes<T>(c, v128.add<T>(lanesAt<T>(c, at), share), at);
              at += pixel;
            }
            row += <usize>width * pixel;
          }
          to += 16;
          x += <usize>min(c, lanes) * sizeof<T>();
        }
      }
    }
  }
}

// prettier-ignore
export function averagePool32(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, x: usize, out: usize): void {
  averagePool<f32>(batch, height, width, channels, kh, kw, strideH, strideW, x, out);
}

// prettier-ignore
export function averagePool64(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, x: usize, out: usize): void {
  averagePool<f64>(batch, height, width, channels, kh, kw, strideH, strideW, x, out);
}

// prettier-ignore
export function averageUnpool32(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, x: usize, out: usize): void {
  averageUnpool<f32>(batch, height, width, channels, kh, kw, strideH, strideW, x, out);
}

// prettier-ignore
export function averageUnpool64(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, x: usize, out: usize): void {
  averageUnpool<f64>(batch, height, width, channels, kh, kw, strideH, strideW, x, out);
}
