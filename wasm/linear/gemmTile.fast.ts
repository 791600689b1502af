// C (6, 2 v) ← alpha A B + keep C for one tile of gemm, v the lanes of a v128: 6 × 8 in float32, 6 × 4 in float64.
// a: packed, 6 values per step of the sum; b: packed, 32 bytes per step; ldc in bytes; any alignment; c may not overlap a or b.
// keep = 1 adds to C, keep = 0 does not read it. Order: per entry one running sum over k, then times alpha, then plus C.
// list = 0: all k steps. Otherwise gemmZeros.ts wrote how many records a holds and where in b the row that each meets starts;
// one step per turn there, two were no faster.
// 12 accumulators, 2 vectors of b and one of a are the 15 registers V8 allocates. 4 steps per turn: 1.5 % over 1 step on an
// idle core, 15 % on a core whose sibling thread is busy (both of V8's loop overhead); each moves the pointers, so that the four are the
// same bytes and pack well. One function, written out, here and in
// gemmTileWide.ts: AssemblyScript returns one value, so a call would send the accumulators through memory.

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
  let s50 = v128.splat<T>(0);
  let s51 = v128.splat<T>(0);
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
      x = v128.load_splat<T>(a, 5 * sizeof<T>());
      s50 = multiplyAdd<T>(x, b0, s50);
      s51 = multiplyAdd<T>(x, b1, s51);
      a += 6 * sizeof<T>();
    }
  }
  for (; k >= 4; k -= 4) {
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
    x = v128.load_splat<T>(a, 5 * sizeof<T>());
    s50 = multiplyAdd<T>(x, b0, s50);
    s51 = multiplyAdd<T>(x, b1, s51);
    a += 6 * sizeof<T>();
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
    x = v128.load_splat<T>(a, 5 * sizeof<T>());
    s50 = multiplyAdd<T>(x, b0, s50);
    s51 = multiplyAdd<T>(x, b1, s51);
    a += 6 * sizeof<T>();
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
    x = v128.load_splat<T>(a, 5 * sizeof<T>());
    s50 = multiplyAdd<T>(x, b0, s50);
    s51 = multiplyAdd<T>(x, b1, s51);
    a += 6 * sizeof<T>();
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
    x = v128.load_splat<T>(a, 5 * sizeof<T>());
    s50 = multiplyAdd<T>(x, b0, s50);
    s51 = multiplyAdd<T>(x, b1, s51);
    a += 6 * sizeof<T>();
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
    x = v128.load_splat<T>(a, 5 * sizeof<T>());
    s50 = multiplyAdd<T>(x, b0, s50);
    s51 = multiplyAdd<T>(x, b1, s51);
    a += 6 * sizeof<T>();
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
    c += ldc;
    s50 = v128.add<T>(v128.load(c, 0), v128.mul<T>(scale, s50));
    s51 = v128.add<T>(v128.load(c, 16), v128.mul<T>(scale, s51));
    v128.store(c, s50, 0);
    v128.store(c, s51, 16);
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
    c += ldc;
    s50 = v128.mul<T>(scale, s50);
    s51 = v128.mul<T>(scale, s51);
    v128.store(c, s50, 0);
    v128.store(c, s51, 16);
  }
}
