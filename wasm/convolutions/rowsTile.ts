// C (5, 2 v) ← alpha A B + keep C: rowsTile.fast.ts for the deterministic flavour, whose products need registers of their own (see
// ../linear/gemmTile.ts).

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
      a0 += 4 * sizeof<T>();
      a1 += 4 * sizeof<T>();
      a2 += 4 * sizeof<T>();
      a3 += 4 * sizeof<T>();
      a4 += 4 * sizeof<T>();
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
      a0 += sizeof<T>();
      a1 += sizeof<T>();
      a2 += sizeof<T>();
      a3 += sizeof<T>();
      a4 += sizeof<T>();
      b += 32;
    }
    a0 += gap;
    a1 += gap;
    a2 += gap;
    a3 += gap;
    a4 += gap;
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
