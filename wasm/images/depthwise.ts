// Convolution of images (batch, height, width, channels) that keeps channels apart, with weights (kh, kw, channels), and its two
// transposes; any alignment, out may not overlap the others. Twin: src/twin/depthwise.ts. Channels side by side in vectors; what
// lies outside the image is left out. Order of sums: depthwise over the window, row by row; depthwiseInput over batch, oy, ox, ky,
// kx; depthwiseWeights over the pixels of one image, then over images. 2 flops and 8 or 16 bytes from L1 for each product.

import { loadPart, storePart } from '../lanes';

function lanesAt<T>(n: i32, x: usize): v128 {
  return n >= <i32>(16 / sizeof<T>()) ? v128.load(x) : loadPart<T>(n, x);
}

function storeLanes<T>(n: i32, x: v128, out: usize): void {
  if (n >= <i32>(16 / sizeof<T>())) v128.store(out, x);
  else storePart<T>(n, x, out);
}

/** The first of `count` steps from start that is not below 0. */
function firstInside(start: i32, step: i32, count: i32): i32 {
  return start >= 0 ? 0 : min((step - 1 - start) / step, count);
}

/** The first of `count` steps from start that is not below length. */
function endInside(start: i32, step: i32, count: i32, length: i32): i32 {
  return start >= length ? 0 : min((length - start + step - 1) / step, count);
}

// prettier-ignore
function depthwise<T>(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, padTop: i32, padLeft: i32, dilationH: i32, dilationW: i32, oh: i32, ow: i32, x: usize, w: usize, out: usize): void {
  const lanes = <i32>(16 / sizeof<T>());
  const pixel = <usize>channels * sizeof<T>();
  const right = <usize>dilationW * pixel;
  const down = <usize>(dilationH * width) * pixel;
  for (let image = 0; image < batch; ++image) {
    for (let oy = 0; oy < oh; ++oy) {
      const top = oy * strideH - padTop;
      const y0 = firstInside(top, dilationH, kh);
      const y1 = endInside(top, dilationH, kh, height);
      for (let ox = 0; ox < ow; ++ox) {
        const left = ox * strideW - padLeft;
        const x0 = firstInside(left, dilationW, kw);
        const x1 = endInside(left, dilationW, kw, width);
        let from = x + <usize>((image * height + top + y0 * dilationH) * width + left + x0 * dilationW) * pixel;
        let weights = w + <usize>(y0 * kw + x0) * pixel;
        for (let c = channels; c > 0; c -= lanes) {
          let sum = v128.splat<T>(0);
          let row = from;
          let weightRow = weights;
          for (let ky = y0; ky < y1; ++ky) {
            let at = row;
            let weight = weightRow;
            for (let kx = x0; kx < x1; ++kx) {
              sum = v128.add<T>(sum, v128.mul<T>(lanesAt<T>(c, at), lanesAt<T>(c, weight)));
              at += right;
              weight += pixel;
            }
            row += down;
            weightRow += <usize>kw * pixel;
          }
          storeLanes<T>(c, sum, out);
          from += 16;
          weights += 16;
          out += <usize>min(c, lanes) * sizeof<T>();
        }
      }
    }
  }
}

// prettier-ignore
function depthwiseInput<T>(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, padTop: i32, padLeft: i32, dilationH: i32, dilationW: i32, oh: i32, ow: i32, y: usize, w: usize, out: usize): void {
  const lanes = <i32>(16 / sizeof<T>());
  const pixel = <usize>channels * sizeof<T>();
  const right = <usize>dilationW * pixel;
  const down = <usize>(dilationH * width) * pixel;
  memory.fill(out, 0, <usize>(batch * height * width) * pixel);
  for (let image = 0; image < batch; ++image) {
    for (let oy = 0; oy < oh; ++oy) {
      const top = oy * strideH - padTop;
      const y0 = firstInside(top, dilationH, kh);
      const y1 = endInside(top, dilationH, kh, height);
      for (let ox = 0; ox < ow; ++ox) {
        const left = ox * strideW - padLeft;
        const x0 = firstInside(left, dilationW, kw);
        const x1 = endInside(left, dilationW, kw, width);
        let to = out + <usize>((image * height + top + y0 * dilationH) * width + left + x0 * dilationW) * pixel;
        let weights = w + <usize>(y0 * kw + x0) * pixel;
        for (let c = channels; c > 0; c -= lanes) {
          const value = lanesAt<T>(c, y);
          let row = to;
          let weightRow = weights;
          for (let ky = y0; ky < y1; ++ky) {
            let at = row;
            let weight = weightRow;
            for (let kx = x0; kx < x1; ++kx) {
              storeLanes<T>(c, v128.add<T>(lanesAt<T>(c, at), v128.mul<T>(value, lanesAt<T>(c, weight))), at);
              at += right;
              weight += pixel;
            }
            row += down;
            weightRow += <usize>kw * pixel;
          }
          to += 16;
          weights += 16;
          y += <usize>min(c, lanes) * sizeof<T>();
        }
      }
    }
  }
}

/** to[0..3] += Σ over rows × columns pixels of x y, four vectors at once: their sums do not wait for each other. */
// prettier-ignore
function addFour<T>(rows: i32, columns: i32, x: usize, right: usize, down: usize, y: usize, pixel: usize, yDown: usize, to: usize): void {
  let s0 = v128.splat<T>(0);
  let s1 = v128.splat<T>(0);
  let s2 = v128.splat<T>(0);
  let s3 = v128.splat<T>(0);
  for (; rows > 0; --rows) {
    let at = x;
    let g = y;
    for (let i = columns; i > 0; --i) {
      s0 = v128.add<T>(s0, v128.mul<T>(v128.load(at), v128.load(g)));
      s1 = v128.add<T>(s1, v128.mul<T>(v128.load(at, 16), v128.load(g, 16)));
      s2 = v128.add<T>(s2, v128.mul<T>(v128.load(at, 32), v128.load(g, 32)));
      s3 = v128.add<T>(s3, v128.mul<T>(v128.load(at, 48), v128.load(g, 48)));
      at += right;
      g += pixel;
    }
    x += down;
    y += yDown;
  }
  v128.store(to, v128.add<T>(v128.load(to), s0));
  v128.store(to, v128.add<T>(v128.load(to, 16), s1), 16);
  v128.store(to, v128.add<T>(v128.load(to, 32), s2), 32);
  v128.store(to, v128.add<T>(v128.load(to, 48), s3), 48);
}

/** The same for one vector, or the n numbers of a part of one. */
// prettier-ignore
function addOne<T>(n: i32, rows: i32, columns: i32, x: usize, right: usize, down: usize, y: usize, pixel: usize, yDown: usize, to: usize): void {
  let sum = v128.splat<T>(0);
  for (; rows > 0; --rows) {
    let at = x;
    let g = y;
    for (let i = columns; i > 0; --i) {
      sum = v128.add<T>(sum, v128.mul<T>(lanesAt<T>(n, at), lanesAt<T>(n, g)));
      at += right;
      g += pixel;
    }
    x += down;
    y += yDown;
  }
  storeLanes<T>(n, v128.add<T>(lanesAt<T>(n, to), sum), to);
}

// prettier-ignore
function depthwiseWeights<T>(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, padTop: i32, padLeft: i32, dilationH: i32, dilationW: i32, oh: i32, ow: i32, x: usize, y: usize, out: usize): void {
  const lanes = <i32>(16 / sizeof<T>());
  const pixel = <usize>channels * sizeof<T>();
  const right = <usize>strideW * pixel;
  const down = <usize>(strideH * width) * pixel;
  const yDown = <usize>ow * pixel;
  memory.fill(out, 0, <usize>(kh * kw) * pixel);
  for (let image = 0; image < batch; ++image) {
    for (let ky = 0; ky < kh; ++ky) {
      const top = ky * dilationH - padTop;
      const y0 = firstInside(top, strideH, oh);
      const rows = endInside(top, strideH, oh, height) - y0;
      for (let kx = 0; kx < kw; ++kx) {
        const left = kx * dilationW - padLeft;
        const x0 = firstInside(left, strideW, ow);
        const columns = endInside(left, strideW, ow, width) - x0;
        let from = x + <usize>((image * height + top + y0 * strideH) * width + left + x0 * strideW) * pixel;
        let other = y + <usize>((image * oh + y0) * ow + x0) * pixel;
        let to = out + <usize>(ky * kw + kx) * pixel;
        let c = channels;
        for (; c >= 4 * lanes; c -= 4 * lanes) {
          addFour<T>(rows, columns, from, right, down, other, pixel, yDown, to);
          from += 64;
          other += 64;
          to += 64;
        }
        for (; c > 0; c -= lanes) {
          addOne<T>(c, rows, columns, from, right, down, other, pixel, yDown, to);
          from += 16;
          other += 16;
          to += 16;
        }
      }
    }
  }
}

// prettier-ignore
export function depthwise32(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, padTop: i32, padLeft: i32, dilationH: i32, dilationW: i32, oh: i32, ow: i32, x: usize, w: usize, out: usize): void {
  depthwise<f32>(batch, height, width, channels, kh, kw, strideH, strideW, padTop, padLeft, dilationH, dilationW, oh, ow, x, w, out);
}

// prettier-ignore
export function depthwise64(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, padTop: i32, padLeft: i32, dilationH: i32, dilationW: i32, oh: i32, ow: i32, x: usize, w: usize, out: usize): void {
  depthwise<f64>(batch, height, width, channels, kh, kw, strideH, strideW, padTop, padLeft, dilationH, dilationW, oh, ow, x, w, out);
}

// prettier-ignore
export function depthwiseInput32(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, padTop: i32, padLeft: i32, dilationH: i32, dilationW: i32, oh: i32, ow: i32, y: usize, w: usize, out: usize): void {
  depthwiseInput<f32>(batch, height, width, channels, kh, kw, strideH, strideW, padTop, padLeft, dilationH, dilationW, oh, ow, y, w, out);
}

// prettier-ignore
export function depthwiseInput64(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, padTop: i32, padLeft: i32, dilationH: i32, dilationW: i32, oh: i32, ow: i32, y: usize, w: usize, out: usize): void {
  depthwiseInput<f64>(batch, height, width, channels, kh, kw, strideH, strideW, padTop, padLeft, dilationH, dilationW, oh, ow, y, w, out);
}

// prettier-ignore
export function depthwiseWeights32(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, padTop: i32, padLeft: i32, dilationH: i32, dilationW: i32, oh: i32, ow: i32, x: usize, y: usize, out: usize): void {
  depthwiseWeights<f32>(batch, height, width, channels, kh, kw, strideH, strideW, padTop, padLeft, dilationH, dilationW, oh, ow, x, y, out);
}

// prettier-ignore
export function depthwiseWeights64(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, padTop: i32, padLeft: i32, dilationH: i32, dilationW: i32, oh: i32, ow: i32, x: usize, y: usize, out: usize): void {
  depthwiseWeights<f64>(batch, height, width, channels, kh, kw, strideH, strideW, padTop, padLeft, dilationH, dilationW, oh, ow, x, y, out);
}
