// ln Σ exp, softmax and log softmax of the rows of x (m, n), any alignment, out may be x. Twin: src/twin/softmax.ts.
// e_j = exp(x_j − max) in the storage type, summed in float64 in the order of summationOrder.md. One exponential per element.

import { exp } from './exp';
import { log } from './log';
import { rowMaximum } from './rowMaximum';

// oxlint-disable typescript/no-extraneous-class
// names this file's copies of exp and log, see exp.ts
class Rows {}

/** exp(x − max) of one element, with the instructions of the vectors */
function expOne<T>(x: T, max: T): T {
  return v128.extract_lane<T>(exp<T, Rows>(v128.splat<T>(<T>(x - max))), 0);
}

function logOne(x: f64): f64 {
  return f64x2.extract_lane(log<f64, Rows>(f64x2.splat(x)), 0);
}

/** Σ exp(x_j − max); stores the terms when out is not 0 */
function sumExp<T>(n: i32, x: usize, max: T, out: usize): f64 {
  const shift = v128.splat<T>(max);
  let total: f64 = 0;
  while (n > 0) {
    let length = min(n, 1024);
    n -= length;
    let a = f64x2.splat(0);
    let b = f64x2.splat(0);
    for (; length >= 4; length -= 4) {
      const e = exp<T, Rows>(v128.sub<T>(v128.load(x), shift));
      if (out) v128.store(out, e);
      if (sizeof<T>() == 8) {
        const f = exp<T, Rows>(v128.sub<T>(v128.load(x, 16), shift));
        if (out) v128.store(out, f, 16);
        a = f64x2.add(a, e);
        b = f64x2.add(b, f);
      } else {
        a = f64x2.add(a, f64x2.promote_low_f32x4(e));
        b = f64x2.add(b, f64x2.promote_low_f32x4(i32x4.shuffle(e, e, 2, 3, 2, 3)));
      }
      x += 4 * sizeof<T>();
      if (out) out += 4 * sizeof<T>();
    }
    a = f64x2.add(a, b);
    let chunk = f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
    for (; length > 0; --length) {
      const e = expOne<T>(load<T>(x), max);
      if (out) {
        store<T>(out, e);
        out += sizeof<T>();
      }
      chunk += <f64>e;
      x += sizeof<T>();
    }
    total += chunk;
  }
  return total;
}

function logSumExpRows<T>(m: i32, n: i32, x: usize, out: usize): void {
  for (; m > 0; --m) {
    const max = rowMaximum<T>(n, x);
    // an infinite or NaN maximum is the answer
    store<T>(out, isFinite<T>(max) ? <T>(<f64>max + logOne(sumExp<T>(n, x, max, 0))) : max);
    x += <usize>n * sizeof<T>();
    out += sizeof<T>();
  }
}

function softmaxRows<T>(m: i32, n: i32, x: usize, out: usize): void {
  const lanes = <i32>(16 / sizeof<T>());
  for (; m > 0; --m) {
    const max = rowMaximum<T>(n, x);
    const sum = <T>sumExp<T>(n, x, max, out);
    const divisor = v128.splat<T>(sum);
    x += <usize>n * sizeof<T>();
    let j = n;
    for (; j >= lanes; j -= lanes) {
      v128.store(out, v128.div<T>(v128.load(out), divisor));
      out += 16;
    }
    for (; j > 0; --j) {
      store<T>(out, load<T>(out) / sum);
      out += sizeof<T>();
    }
  }
}

function logSoftmaxRows<T>(m: i32, n: i32, x: usize, out: usize): void {
  for (; m > 0; --m) {
    const max = rowMaximum<T>(n, x);
    const logSum = logOne(sumExp<T>(n, x, max, 0));
    const shift = f64x2.splat(<f64>max);
    const rest = f64x2.splat(logSum);
    let j = n;
    for (; j >= 2; j -= 2) {
      if (sizeof<T>() == 8) {
        v128.store(out, f64x2.sub(f64x2.sub(v128.load(x), shift), rest));
      } else {
        const y = f64x2.promote_low_f32x4(v128.load64_zero(x));
        v128.store64_lane(out, f32x4.demote_f64x2_zero(f64x2.sub(f64x2.sub(y, shift), rest)), 0);
      }
      x += 2 * sizeof<T>();
      out += 2 * sizeof<T>();
    }
    if (j > 0) {
      store<T>(out, <T>(<f64>load<T>(x) - <f64>max - logSum));
      x += sizeof<T>();
      out += sizeof<T>();
    }
  }
}

export function logSumExpRows32(m: i32, n: i32, x: usize, out: usize): void {
  logSumExpRows<f32>(m, n, x, out);
}

export function logSumExpRows64(m: i32, n: i32, x: usize, out: usize): void {
  logSumExpRows<f64>(m, n, x, out);
}

export function softmaxRows32(m: i32, n: i32, x: usize, out: usize): void {
  softmaxRows<f32>(m, n, x, out);
}

export function softmaxRows64(m: i32, n: i32, x: usize, out: usize): void {
  softmaxRows<f64>(m, n, x, out);
}

export function logSoftmaxRows32(m: i32, n: i32, x: usize, out: usize): void {
  logSoftmaxRows<f32>(m, n, x, out);
}

export function logSoftmaxRows64(m: i32, n: i32, x: usize, out: usize): void {
  logSoftmaxRows<f64>(m, n, x, out);
}
