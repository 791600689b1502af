// C (5, 2 v) ← alpha A B + keep C for one tile of gemm, v the lanes of a v128: 5 × 8 in float32, 5 × 4 in float64. Everything else as in
// gemmTile.fast.ts, whose products and sums are one instruction: here each product needs a register of its own, and of the 15 that V8
// allocates 10 accumulators, 2 vectors of b and one of a leave two. 6 × 8 spills there: 28 GFLOPS against 47 on an AMD EPYC (Zen 5) in
// Node 24. 2 steps per turn: with 4 the loop of Node 20 ran at half its speed in one process of eight, with 1 at 0.8 times.

import { multiplyAdd } from '../multiplyAdd';

export function gemmTile<T>(k: i32, alpha: T, a: usize, b: usize, list: usize, keep: i32, c: usize, ldc: usize): void {
  let s00 = v128.splat<T>(0);
  let s01 = v128.splat<T>(0);
  let s10 = v128.splat<T>(0);
  let s11 = v128.splat<T>(0);
  let s20 = v128.splat<T>(0);
  let s21 = v128.splat<T>(0);
  let s30 = v128.splat<T>(0);
  let s31 = v128.splat<T>(0);
  let s40 = v128.splat<T>(0);
  let s41 = v128.splat<T>(0);
  let row: usize;
  let x: v128;
  let b0: v128;
  let b1: v128;
  if (list) {
    for (k = load<i32>(list); k > 0; --k) {
      list += 4;
      row = b + <usize>load<u32>(list);
      b0 = v128.load(row);
      b1 = v128.load(row, 16);
      x = v128.load_splat<T>(a);
      s00 = multiplyAdd<T>(x, b0, s00);
      s01 = multiplyAdd<T>(x, b1, s01);
      x = v128.load_splat<T>(a, 1 * sizeof<T>());
      s10 = multiplyAdd<T>(x, b0, s10);
      s11 = multiplyAdd<T>(x, b1, s11);
      x = v128.load_splat<T>(a, 2 * sizeof<T>());
      s20 = multiplyAdd<T>(x, b0, s20);
      s21 = multiplyAdd<T>(x, b1, s21);
      x = v128.load_splat<T>(a, 3 * sizeof<T>());
      s30 = multiplyAdd<T>(x, b0, s30);
      s31 = multiplyAdd<T>(x, b1, s31);
      x = v128.load_splat<T>(a, 4 * sizeof<T>());
      s40 = multiplyAdd<T>(x, b0, s40);
      s41 = multiplyAdd<T>(x, b1, s41);
      a += 5 * sizeof<T>();
    }
  }
  for (; k >= 2; k -= 2) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    x = v128.load_splat<T>(a);
    s00 = multiplyAdd<T>(x, b0, s00);
    s01 = multiplyAdd<T>(x, b1, s01);
    x = v128.load_splat<T>(a, 1 * sizeof<T>());
    s10 = multiplyAdd<T>(x, b0, s10);
    s11 = multiplyAdd<T>(x, b1, s11);
    x = v128.load_splat<T>(a, 2 * sizeof<T>());
    s20 = multiplyAdd<T>(x, b0, s20);
    s21 = multiplyAdd<T>(x, b1, s21);
    x = v128.load_splat<T>(a, 3 * sizeof<T>());
    s30 = multiplyAdd<T>(x, b0, s30);
    s31 = multiplyAdd<T>(x, b1, s31);
    x = v128.load_splat<T>(a, 4 * sizeof<T>());
    s40 = multiplyAdd<T>(x, b0, s40);
    s41 = multiplyAdd<T>(x, b1, s41);
    a += 5 * sizeof<T>();
    b += 32;
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    x = v128.load_splat<T>(a);
    s00 = multiplyAdd<T>(x, b0, s00);
    s01 = multiplyAdd<T>(x, b1, s01);
    x = v128.load_splat<T>(a, 1 * sizeof<T>());
    s10 = multiplyAdd<T>(x, b0, s10);
    s11 = multiplyAdd<T>(x, b1, s11);
    x = v128.load_splat<T>(a, 2 * sizeof<T>());
    s20 = multiplyAdd<T>(x, b0, s20);
    s21 = multiplyAdd<T>(x, b1, s21);
    x = v128.load_splat<T>(a, 3 * sizeof<T>());
    s30 = multiplyAdd<T>(x, b0, s30);
    s31 = multiplyAdd<T>(x, b1, s31);
    x = v128.load_splat<T>(a, 4 * sizeof<T>());
    s40 = multiplyAdd<T>(x, b0, s40);
    s41 = multiplyAdd<T>(x, b1, s41);
    a += 5 * sizeof<T>();
    b += 32;
  }
  for (; k > 0; --k) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    x = v128.load_splat<T>(a);
    s00 = multiplyAdd<T>(x, b0, s00);
    s01 = multiplyAdd<T>(x, b1, s01);
    x = v128.load_splat<T>(a, 1 * sizeof<T>());
    s10 = multiplyAdd<T>(x, b0, s10);
    s11 = multiplyAdd<T>(x, b1, s11);
    x = v128.load_splat<T>(a, 2 * sizeof<T>());
    s20 = multiplyAdd<T>(x, b0, s20);
    s21 = multiplyAdd<T>(x, b1, s21);
    x = v128.load_splat<T>(a, 3 * sizeof<T>());
    s30 = multiplyAdd<T>(x, b0, s30);
    s31 = multiplyAdd<T>(x, b1, s31);
    x = v128.load_splat<T>(a, 4 * sizeof<T>());
    s40 = multiplyAdd<T>(x, b0, s40);
    s41 = multiplyAdd<T>(x, b1, s41);
    a += 5 * sizeof<T>();
    b += 32;
  }
  const scale = v128.splat<T>(alpha);
  if (keep) {
    s00 = v128.add<T>(v128.load(c, 0), v128.mul<T>(scale, s00));
    s01 = v128.add<T>(v128.load(c, 16), v128.mul<T>(scale, s01));
    v128.store(c, s00, 0);
    v128.store(c, s01, 16);
    c += ldc;
    s10 = v128.add<T>(v128.load(c, 0), v128.mul<T>(scale, s10));
    s11 = v128.add<T>(v128.load(c, 16), v128.mul<T>(scale, s11));
    v128.store(c, s10, 0);
    v128.store(c, s11, 16);
    c += ldc;
    s20 = v128.add<T>(v128.load(c, 0), v128.mul<T>(scale, s20));
    s21 = v128.add<T>(v128.load(c, 16), v128.mul<T>(scale, s21));
    v128.store(c, s20, 0);
    v128.store(c, s21, 16);
    c += ldc;
    s30 = v128.add<T>(v128.load(c, 0), v128.mul<T>(scale, s30));
    s31 = v128.add<T>(v128.load(c, 16), v128.mul<T>(scale, s31));
    v128.store(c, s30, 0);
    v128.store(c, s31, 16);
    c += ldc;
    s40 = v128.add<T>(v128.load(c, 0), v128.mul<T>(scale, s40));
    s41 = v128.add<T>(v128.load(c, 16), v128.mul<T>(scale, s41));
    v128.store(c, s40, 0);
    v128.store(c, s41, 16);
  } else {
    s00 = v128.mul<T>(scale, s00);
    s01 = v128.mul<T>(scale, s01);
    v128.store(c, s00, 0);
    v128.store(c, s01, 16);
    c += ldc;
    s10 = v128.mul<T>(scale, s10);
    s11 = v128.mul<T>(scale, s11);
    v128.store(c, s10, 0);
    v128.store(c, s11, 16);
    c += ldc;
    s20 = v128.mul<T>(scale, s20);
    s21 = v128.mul<T>(scale, s21);
    v128.store(c, s20, 0);
    v128.store(c, s21, 16);
    c += ldc;
    s30 = v128.mul<T>(scale, s30);
    s31 = v128.mul<T>(scale, s31);
    v128.store(c, s30, 0);
    v128.store(c, s31, 16);
    c += ldc;
    s40 = v128.mul<T>(scale, s40);
    s41 = v128.mul<T>(scale, s41);
    v128.store(c, s40, 0);
    v128.store(c, s41, 16);
  }
}
