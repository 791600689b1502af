// BLAS-1: axpy, axpby, scale, fill, copy, maxAbs. Any alignment; an output may equal an input. alpha and beta arrive rounded to
// the storage type. 2 vectors a turn, tails one by one. Order of operations: packages/kernels/src/summationOrder.md.
import { multiplyAdd } from '../multiplyAdd';

export function axpy32(n: i32, alpha: f32, x: usize, y: usize): void {
  axpy<f32>(n, alpha, x, y);
}

export function axpy64(n: i32, alpha: f64, x: usize, y: usize): void {
  axpy<f64>(n, alpha, x, y);
}

export function axpby32(n: i32, alpha: f32, x: usize, beta: f32, y: usize, out: usize): void {
  axpby<f32>(n, alpha, x, beta, y, out);
}

export function axpby64(n: i32, alpha: f64, x: usize, beta: f64, y: usize, out: usize): void {
  axpby<f64>(n, alpha, x, beta, y, out);
}

export function scale32(n: i32, alpha: f32, x: usize): void {
  scale<f32>(n, alpha, x);
}

export function scale64(n: i32, alpha: f64, x: usize): void {
  scale<f64>(n, alpha, x);
}

export function fill32(n: i32, alpha: f32, x: usize): void {
  fill<f32>(n, alpha, x);
}

export function fill64(n: i32, alpha: f64, x: usize): void {
  fill<f64>(n, alpha, x);
}

export function copy32(n: i32, x: usize, out: usize): void {
  memory.copy(out, x, (<usize>n) << 2);
}

export function copy64(n: i32, x: usize, out: usize): void {
  memory.copy(out, x, (<usize>n) << 3);
}

export function maxAbs32(n: i32, x: usize): f64 {
  return <f64>maxAbs<f32>(n, x);
}

export function maxAbs64(n: i32, x: usize): f64 {
  return maxAbs<f64>(n, x);
}

// y ← y + alpha x: 2 flops, 3 elements moved.
function axpy<T>(n: i32, alpha: T, x: usize, y: usize): void {
  const lanes = <i32>(32 / sizeof<T>());
  const a = v128.splat<T>(alpha);
  for (; n >= lanes; n -= lanes) {
    const low = multiplyAdd<T>(a, v128.load(x), v128.load(y));
    const high = multiplyAdd<T>(a, v128.load(x, 16), v128.load(y, 16));
    v128.store(y, low);
    v128.store(y, high, 16);
    x += 32;
    y += 32;
  }
  for (; n > 0; --n) {
    store<T>(y, load<T>(y) + alpha * load<T>(x));
    x += sizeof<T>();
    y += sizeof<T>();
  }
}

// out ← alpha x + beta y: 3 flops, 3 elements moved.
function axpby<T>(n: i32, alpha: T, x: usize, beta: T, y: usize, out: usize): void {
  const lanes = <i32>(32 / sizeof<T>());
  const a = v128.splat<T>(alpha);
  const b = v128.splat<T>(beta);
  for (; n >= lanes; n -= lanes) {
    const low = multiplyAdd<T>(b, v128.load(y), v128.mul<T>(a, v128.load(x)));
    const high = multiplyAdd<T>(b, v128.load(y, 16), v128.mul<T>(a, v128.load(x, 16)));
    v128.store(out, low);
    v128.store(out, high, 16);
    x += 32;
    y += 32;
    out += 32;
  }
  for (; n > 0; --n) {
    store<T>(out, alpha * load<T>(x) + beta * load<T>(y));
    x += sizeof<T>();
    y += sizeof<T>();
    out += sizeof<T>();
  }
}

// x ← alpha x: 1 flop, 2 elements moved.
function scale<T>(n: i32, alpha: T, x: usize): void {
  const lanes = <i32>(32 / sizeof<T>());
  const a = v128.splat<T>(alpha);
  for (; n >= lanes; n -= lanes) {
    const low = v128.mul<T>(a, v128.load(x));
    const high = v128.mul<T>(a, v128.load(x, 16));
    v128.store(x, low);
    v128.store(x, high, 16);
    x += 32;
  }
  for (; n > 0; --n) {
    store<T>(x, alpha * load<T>(x));
    x += sizeof<T>();
  }
}

function fill<T>(n: i32, alpha: T, x: usize): void {
  const lanes = <i32>(32 / sizeof<T>());
  const a = v128.splat<T>(alpha);
  for (; n >= lanes; n -= lanes) {
    v128.store(x, a);
    v128.store(x, a, 16);
    x += 32;
  }
  for (; n > 0; --n) {
    store<T>(x, alpha);
    x += sizeof<T>();
  }
}

// NaN wins in v128.max; two running maxima.
function maxAbs<T>(n: i32, x: usize): T {
  const lanes = <i32>(32 / sizeof<T>());
  let low = v128.splat<T>(0);
  let high = v128.splat<T>(0);
  for (; n >= lanes; n -= lanes) {
    low = v128.max<T>(low, v128.abs<T>(v128.load(x)));
    high = v128.max<T>(high, v128.abs<T>(v128.load(x, 16)));
    x += 32;
  }
  low = v128.max<T>(low, high);
  let largest = max<T>(v128.extract_lane<T>(low, 0), v128.extract_lane<T>(low, 1));
  if (sizeof<T>() == 4) {
    largest = max<T>(largest, max<T>(v128.extract_lane<T>(low, 2), v128.extract_lane<T>(low, 3)));
  }
  for (; n > 0; --n) {
    largest = max<T>(largest, abs<T>(load<T>(x)));
    x += sizeof<T>();
  }
  return largest;
}
