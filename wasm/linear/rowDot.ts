// The long sums: total ← total + Σ x_i y_i over chunks of 1024 elements in 4 lanes, tails of a chunk one by one, in float64; only
// fourChunkDots32 adds 8 products a lane in float32 before. Order: packages/kernels/src/summationOrder.md, rowDot. Any alignment; x may
// equal y. 2 flops per element.
import { multiplyAdd } from '../multiplyAdd';
import { widen, widenNext } from './widen';

export const CHUNK: i32 = 1024;

export function dot32(n: i32, x: usize, y: usize): f64 {
  return rowDot<f32>(n, x, y);
}

export function dot64(n: i32, x: usize, y: usize): f64 {
  return rowDot<f64>(n, x, y);
}

export function norm232(n: i32, x: usize): f64 {
  return sqrt<f64>(rowDot<f32>(n, x, x));
}

export function norm264(n: i32, x: usize): f64 {
  return sqrt<f64>(rowDot<f64>(n, x, x));
}

export function sum32(n: i32, x: usize): f64 {
  return rowSum<f32>(n, x);
}

export function sum64(n: i32, x: usize): f64 {
  return rowSum<f64>(n, x);
}

export function rowDot<T>(n: i32, x: usize, y: usize): f64 {
  let total: f64 = 0;
  for (; n > 0; n -= CHUNK) {
    total += chunkDot<T>(min(n, CHUNK), x, y);
    x += <usize>CHUNK * sizeof<T>();
    y += <usize>CHUNK * sizeof<T>();
  }
  return total;
}

export function rowSum<T>(n: i32, x: usize): f64 {
  let total: f64 = 0;
  for (; n > 0; n -= CHUNK) {
    total += chunkSum<T>(min(n, CHUNK), x);
    x += <usize>CHUNK * sizeof<T>();
  }
  return total;
}

/** One chunk. */
export function chunkDot<T>(n: i32, x: usize, y: usize): f64 {
  let s01 = f64x2.splat(0);
  let s23 = f64x2.splat(0);
  for (; n >= 4; n -= 4) {
    s01 = multiplyAdd<f64>(widen<T>(x), widen<T>(y), s01);
    s23 = multiplyAdd<f64>(widenNext<T>(x), widenNext<T>(y), s23);
    x += 4 * sizeof<T>();
    y += 4 * sizeof<T>();
  }
  s01 = f64x2.add(s01, s23);
  let total = f64x2.extract_lane(s01, 0) + f64x2.extract_lane(s01, 1);
  for (; n > 0; --n) {
    total += <f64>load<T>(x) * <f64>load<T>(y);
    x += sizeof<T>();
    y += sizeof<T>();
  }
  return total;
}

function chunkSum<T>(n: i32, x: usize): f64 {
  let s01 = f64x2.splat(0);
  let s23 = f64x2.splat(0);
  for (; n >= 4; n -= 4) {
    s01 = f64x2.add(s01, widen<T>(x));
    s23 = f64x2.add(s23, widenNext<T>(x));
    x += 4 * sizeof<T>();
  }
  s01 = f64x2.add(s01, s23);
  let total = f64x2.extract_lane(s01, 0) + f64x2.extract_lane(s01, 1);
  for (; n > 0; --n) {
    total += <f64>load<T>(x);
    x += sizeof<T>();
  }
  return total;
}

/** sums (4,) ← dots of x with 4 rows over one chunk, all float64: x is read once, and 8 sums run side by side. */
export function fourChunkDots64(n: i32, q0: usize, q1: usize, q2: usize, q3: usize, x: usize, sums: usize): void {
  let s001 = f64x2.splat(0);
  let s023 = f64x2.splat(0);
  let s101 = f64x2.splat(0);
  let s123 = f64x2.splat(0);
  let s201 = f64x2.splat(0);
  let s223 = f64x2.splat(0);
  let s301 = f64x2.splat(0);
  let s323 = f64x2.splat(0);
  for (; n >= 4; n -= 4) {
    const x01 = v128.load(x);
    const x23 = v128.load(x, 16);
    s001 = multiplyAdd<f64>(v128.load(q0), x01, s001);
    s023 = multiplyAdd<f64>(v128.load(q0, 16), x23, s023);
    s101 = multiplyAdd<f64>(v128.load(q1), x01, s101);
    s123 = multiplyAdd<f64>(v128.load(q1, 16), x23, s123);
    s201 = multiplyAdd<f64>(v128.load(q2), x01, s201);
    s223 = multiplyAdd<f64>(v128.load(q2, 16), x23, s223);
    s301 = multiplyAdd<f64>(v128.load(q3), x01, s301);
    s323 = multiplyAdd<f64>(v128.load(q3, 16), x23, s323);
    q0 += 32;
    q1 += 32;
    q2 += 32;
    q3 += 32;
    x += 32;
  }
  store<f64>(sums, finishDot<f64>(n, f64x2.add(s001, s023), q0, x));
  store<f64>(sums, finishDot<f64>(n, f64x2.add(s101, s123), q1, x), 8);
  store<f64>(sums, finishDot<f64>(n, f64x2.add(s201, s223), q2, x), 16);
  store<f64>(sums, finishDot<f64>(n, f64x2.add(s301, s323), q3, x), 24);
}

/** The same of float32 rows and x: 8 products a lane are added up in float32, what comes of them in float64. */
export function fourChunkDots32(n: i32, q0: usize, q1: usize, q2: usize, q3: usize, x: usize, sums: usize): void {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  for (; n >= 32; n -= 32) {
    let g0 = f32x4.splat(0);
    let g1 = f32x4.splat(0);
    let g2 = f32x4.splat(0);
    let g3 = f32x4.splat(0);
    for (let i = 8; i > 0; --i) {
      const v = v128.load(x);
      g0 = multiplyAdd<f32>(v128.load(q0), v, g0);
      g1 = multiplyAdd<f32>(v128.load(q1), v, g1);
      g2 = multiplyAdd<f32>(v128.load(q2), v, g2);
      g3 = multiplyAdd<f32>(v128.load(q3), v, g3);
      q0 += 16;
      q1 += 16;
      q2 += 16;
      q3 += 16;
      x += 16;
    }
    s0 = addGroup(s0, g0);
    s1 = addGroup(s1, g1);
    s2 = addGroup(s2, g2);
    s3 = addGroup(s3, g3);
  }
  store<f64>(sums, finishDot<f32>(n, s0, q0, x));
  store<f64>(sums, finishDot<f32>(n, s1, q1, x), 8);
  store<f64>(sums, finishDot<f32>(n, s2, q2, x), 16);
  store<f64>(sums, finishDot<f32>(n, s3, q3, x), 24);
}

/** s0, s1 ← s0 + (g0 + g2), s1 + (g1 + g3) */
function addGroup(s: v128, g: v128): v128 {
  const high = f64x2.promote_low_f32x4(i32x4.shuffle(g, g, 2, 3, 2, 3));
  return f64x2.add(s, f64x2.add(f64x2.promote_low_f32x4(g), high));
}

/** s0 + s1, then what is left of a chunk one by one. */
function finishDot<T>(n: i32, s: v128, q: usize, x: usize): f64 {
  let total = f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
  for (; n > 0; --n) {
    total += <f64>load<T>(q) * <f64>load<T>(x);
    q += sizeof<T>();
    x += sizeof<T>();
  }
  return total;
}
