// The long sums in float64: total ← total + Σ x_i y_i over chunks of 1024 elements in 4 lanes, tails of a chunk one by one.
// Order: packages/kernels/src/summationOrder.md, rowDot. Any alignment; x may equal y. 2 flops per element.
import { multiplyAdd } from './multiplyAdd';
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

function chunkDot<T>(n: i32, x: usize, y: usize): f64 {
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

/** c ← c + (one chunk of q · x), x in float64 already. */
export function addChunkDot<T>(n: i32, q: usize, x: usize, c: usize): void {
  let s01 = f64x2.splat(0);
  let s23 = f64x2.splat(0);
  for (; n >= 4; n -= 4) {
    s01 = multiplyAdd<f64>(widen<T>(q), v128.load(x), s01);
    s23 = multiplyAdd<f64>(widenNext<T>(q), v128.load(x, 16), s23);
    q += 4 * sizeof<T>();
    x += 32;
  }
  store<f64>(c, load<f64>(c) + finishDot<T>(n, s01, s23, q, x));
}

/** addChunkDot for 4 rows of Q: x is read once, and 8 sums run side by side. ldq and the stride of c in bytes. */
export function addFourChunkDots<T>(n: i32, q0: usize, ldq: usize, x: usize, c: usize, stride: usize): void {
  let q1 = q0 + ldq;
  let q2 = q1 + ldq;
  let q3 = q2 + ldq;
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
    s001 = multiplyAdd<f64>(widen<T>(q0), x01, s001);
    s023 = multiplyAdd<f64>(widenNext<T>(q0), x23, s023);
    s101 = multiplyAdd<f64>(widen<T>(q1), x01, s101);
    s123 = multiplyAdd<f64>(widenNext<T>(q1), x23, s123);
    s201 = multiplyAdd<f64>(widen<T>(q2), x01, s201);
    s223 = multiplyAdd<f64>(widenNext<T>(q2), x23, s223);
    s301 = multiplyAdd<f64>(widen<T>(q3), x01, s301);
    s323 = multiplyAdd<f64>(widenNext<T>(q3), x23, s323);
    q0 += 4 * sizeof<T>();
    q1 += 4 * sizeof<T>();
    q2 += 4 * sizeof<T>();
    q3 += 4 * sizeof<T>();
    x += 32;
  }
  store<f64>(c, load<f64>(c) + finishDot<T>(n, s001, s023, q0, x));
  c += stride;
  store<f64>(c, load<f64>(c) + finishDot<T>(n, s101, s123, q1, x));
  c += stride;
  store<f64>(c, load<f64>(c) + finishDot<T>(n, s201, s223, q2, x));
  c += stride;
  store<f64>(c, load<f64>(c) + finishDot<T>(n, s301, s323, q3, x));
}

/** (s0 + s2) + (s1 + s3), then what is left of a chunk one by one. */
export function finishDot<T>(n: i32, s01: v128, s23: v128, q: usize, x: usize): f64 {
  const s = f64x2.add(s01, s23);
  let total = f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
  for (; n > 0; --n) {
    total += <f64>load<T>(q) * load<f64>(x);
    q += sizeof<T>();
    x += 8;
  }
  return total;
}
