// Row sums, row products and column sums of x (m, n) in float64, rounded once; any alignment, out may not overlap x.
// Twin: src/twin/rows.ts. Rows: rowDot.ts. Columns: rows in ascending order, one running sum per column.

import { rowDot, rowSum } from './rowDot';
import { widen, widenNext } from './widen';

function sumRows<T>(m: i32, n: i32, x: usize, out: usize): void {
  for (; m > 0; --m) {
    store<T>(out, <T>rowSum<T>(n, x));
    x += <usize>n * sizeof<T>();
    out += sizeof<T>();
  }
}

function dotRows<T>(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  for (; m > 0; --m) {
    store<T>(out, <T>rowDot<T>(n, x, y));
    x += <usize>n * sizeof<T>();
    y += <usize>n * sizeof<T>();
    out += sizeof<T>();
  }
}

function storePair<T>(out: usize, x: v128): void {
  if (sizeof<T>() == 8) v128.store(out, x);
  else v128.store64_lane(out, f32x4.demote_f64x2_zero(x), 0);
}

function sumColumns<T>(m: i32, n: i32, x: usize, out: usize): void {
  const stride = <usize>n * sizeof<T>();
  // 8 columns at a time: four independent chains, half a cache line of float64
  for (; n >= 8; n -= 8) {
    let a = f64x2.splat(0);
    let b = f64x2.splat(0);
    let c = f64x2.splat(0);
    let d = f64x2.splat(0);
    let at = x;
    for (let i = m; i > 0; --i) {
      a = f64x2.add(a, widen<T>(at));
      b = f64x2.add(b, widenNext<T>(at));
      c = f64x2.add(c, widen<T>(at + 4 * sizeof<T>()));
      d = f64x2.add(d, widenNext<T>(at + 4 * sizeof<T>()));
      at += stride;
    }
    storePair<T>(out, a);
    storePair<T>(out + 2 * sizeof<T>(), b);
    storePair<T>(out + 4 * sizeof<T>(), c);
    storePair<T>(out + 6 * sizeof<T>(), d);
    x += 8 * sizeof<T>();
    out += 8 * sizeof<T>();
  }
  for (; n > 0; --n) {
    let s: f64 = 0;
    let at = x;
    for (let i = m; i > 0; --i) {
      s += <f64>load<T>(at);
      at += stride;
    }
    store<T>(out, <T>s);
    x += sizeof<T>();
    out += sizeof<T>();
  }
}

export function sumRows32(m: i32, n: i32, x: usize, out: usize): void {
  sumRows<f32>(m, n, x, out);
}

export function sumRows64(m: i32, n: i32, x: usize, out: usize): void {
  sumRows<f64>(m, n, x, out);
}

export function sumColumns32(m: i32, n: i32, x: usize, out: usize): void {
  sumColumns<f32>(m, n, x, out);
}

export function sumColumns64(m: i32, n: i32, x: usize, out: usize): void {
  sumColumns<f64>(m, n, x, out);
}

export function dotRows32(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  dotRows<f32>(m, n, x, y, out);
}

export function dotRows64(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  dotRows<f64>(m, n, x, y, out);
}
