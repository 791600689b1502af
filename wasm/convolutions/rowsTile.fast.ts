// C (6, 2 v) ← alpha A B + keep C for one tile of a product whose rows of A lie anywhere: gemmTile without packing A. v is the
// lanes of a v128. Row i of A starts at ai and is read `left` numbers on; then, until k are read, it goes on gap bytes behind
// its last one for `run` numbers more: the rows of a patch, which lie in as many rows of the image.
// b: packed, 32 bytes per step; ldc in bytes; any alignment; c may not overlap the rows or b. keep = 1 adds to C, keep = 0 does
// not read it. Order: per entry one running sum over k, then times alpha, then plus C. 4 steps per turn: 1.06 times 2 and 1.12
// times 1 for patches of 64 channels.

import { multiplyAdd } from '../multiplyAdd';

export function rowsTile<T>(
  k: i32,
  left: i32,
  run: i32,
  gap: usize,
  alpha: T,
  a0: usize,
  a1: usize,
  a2: usize,
  a3: usize,
  a4: usize,
  a5: usize,
  b: usize,
  keep: i32,
  c: usize,
  ldc: usize,
): void {
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
  let x: v128;
  let b0: v128;
  let b1: v128;
  while (k > 0) {
    let steps = min(left, k);
    k -= steps;
    for (; steps >= 4; steps -= 4) {
      b0 = v128.load(b);
      b1 = v128.load(b, 16);
      x = v128.load_splat<T>(a0);
      s00 = multiplyAdd<T>(x, b0, s00);
      s01 = multiplyAdd<T>(x, b1, s01);
      x = v128.load_splat<T>(a1);
      s10 = multiplyAdd<T>(x, b0, s10);
      s11 = multiplyAdd<T>(x, b1, s11);
      x = v128.load_splat<T>(a2);
      s20 = multiplyAdd<T>(x, b0, s20);
      s21 = multiplyAdd<T>(x, b1, s21);
      x = v128.load_splat<T>(a3);
      s30 = multiplyAdd<T>(x, b0, s30);
      s31 = multiplyAdd<T>(x, b1, s31);
      x = v128.load_splat<T>(a4);
      s40 = multiplyAdd<T>(x, b0, s40);
      s41 = multiplyAdd<T>(x, b1, s41);
      x = v128.load_splat<T>(a5);
      s50 = multiplyAdd<T>(x, b0, s50);
      s51 = multiplyAdd<T>(x, b1, s51);
      b0 = v128.load(b, 32);
      b1 = v128.load(b, 48);
      x = v128.load_splat<T>(a0, 1 * sizeof<T>());
      s00 = multiplyAdd<T>(x, b0, s00);
      s01 = multiplyAdd<T>(x, b1, s01);
      x = v128.load_splat<T>(a1, 1 * sizeof<T>());
      s10 = multiplyAdd<T>(x, b0, s10);
      s11 = multiplyAdd<T>(x, b1, s11);
      x = v128.load_splat<T>(a2, 1 * sizeof<T>());
      s20 = multiplyAdd<T>(x, b0, s20);
      s21 = multiplyAdd<T>(x, b1, s21);
      x = v128.load_splat<T>(a3, 1 * sizeof<T>());
      s30 = multiplyAdd<T>(x, b0, s30);
      s31 = multiplyAdd<T>(x, b1, s31);
      x = v128.load_splat<T>(a4, 1 * sizeof<T>());
      s40 = multiplyAdd<T>(x, b0, s40);
      s41 = multiplyAdd<T>(x, b1, s41);
      x = v128.load_splat<T>(a5, 1 * sizeof<T>());
      s50 = multiplyAdd<T>(x, b0, s50);
      s51 = multiplyAdd<T>(x, b1, s51);
      b0 = v128.load(b, 64);
      b1 = v128.load(b, 80);
      x = v128.load_splat<T>(a0, 2 * sizeof<T>());
      s00 = multiplyAdd<T>(x, b0, s00);
      s01 = multiplyAdd<T>(x, b1, s01);
      x = v128.load_splat<T>(a1, 2 * sizeof<T>());
      s10 = multiplyAdd<T>(x, b0, s10);
      s11 = multiplyAdd<T>(x, b1, s11);
      x = v128.load_splat<T>(a2, 2 * sizeof<T>());
      s20 = multiplyAdd<T>(x, b0, s20);
      s21 = multiplyAdd<T>(x, b1, s21);
      x = v128.load_splat<T>(a3, 2 * sizeof<T>());
      s30 = multiplyAdd<T>(x, b0, s30);
      s31 = multiplyAdd<T>(x, b1, s31);
      x = v128.load_splat<T>(a4, 2 * sizeof<T>());
      s40 = multiplyAdd<T>(x, b0, s40);
      s41 = multiplyAdd<T>(x, b1, s41);
      x = v128.load_splat<T>(a5, 2 * sizeof<T>());
      s50 = multiplyAdd<T>(x, b0, s50);
      s51 = multiplyAdd<T>(x, b1, s51);
      b0 = v128.load(b, 96);
      b1 = v128.load(b, 112);
      x = v128.load_splat<T>(a0, 3 * sizeof<T>());
      s00 = multiplyAdd<T>(x, b0, s00);
      s01 = multiplyAdd<T>(x, b1, s01);
      x = v128.load_splat<T>(a1, 3 * sizeof<T>());
      s10 = multiplyAdd<T>(x, b0, s10);
      s11 = multiplyAdd<T>(x, b1, s11);
      x = v128.load_splat<T>(a2, 3 * sizeof<T>());
      s20 = multiplyAdd<T>(x, b0, s20);
      s21 = multiplyAdd<T>(x, b1, s21);
      x = v128.load_splat<T>(a3, 3 * sizeof<T>());
      s30 = multiplyAdd<T>(x, b0, s30);
      s31 = multiplyAdd<T>(x, b1, s31);
      x = v128.load_splat<T>(a4, 3 * sizeof<T>());
      s40 = multiplyAdd<T>(x, b0, s40);
      s41 = multiplyAdd<T>(x, b1, s41);
      x = v128.load_splat<T>(a5, 3 * sizeof<T>());
      s50 = multiplyAdd<T>(x, b0, s50);
      s51 = multiplyAdd<T>(x, b1, s51);
      a0 += 4 * sizeof<T>();
      a1 += 4 * sizeof<T>();
      a2 += 4 * sizeof<T>();
      a3 += 4 * sizeof<T>();
      a4 += 4 * sizeof<T>();
      a5 += 4 * sizeof<T>();
      b += 128;
    }
    for (; steps > 0; --steps) {
      b0 = v128.load(b);
      b1 = v128.load(b, 16);
      x = v128.load_splat<T>(a0);
      s00 = multiplyAdd<T>(x, b0, s00);
      s01 = multiplyAdd<T>(x, b1, s01);
      x = v128.load_splat<T>(a1);
      s10 = multiplyAdd<T>(x, b0, s10);
      s11 = multiplyAdd<T>(x, b1, s11);
      x = v128.load_splat<T>(a2);
      s20 = multiplyAdd<T>(x, b0, s20);
      s21 = multiplyAdd<T>(x, b1, s21);
      x = v128.load_splat<T>(a3);
      s30 = multiplyAdd<T>(x, b0, s30);
      s31 = multiplyAdd<T>(x, b1, s31);
      x = v128.load_splat<T>(a4);
      s40 = multiplyAdd<T>(x, b0, s40);
      s41 = multiplyAdd<T>(x, b1, s41);
      x = v128.load_splat<T>(a5);
      s50 = multiplyAdd<T>(x, b0, s50);
      s51 = multiplyAdd<T>(x, b1, s51);
      a0 += sizeof<T>();
      a1 += sizeof<T>();
      a2 += sizeof<T>();
      a3 += sizeof<T>();
      a4 += sizeof<T>();
      a5 += sizeof<T>();
      b += 32;
    }
    a0 += gap;
    a1 += gap;
    a2 += gap;
    a3 += gap;
    a4 += gap;
    a5 += gap;
    left = run;
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
