// out_ij ← out_ij + Σ_n ln max(least, Σ_c a_inc b_jnc) for tiles of 4 × (32 bytes) models; returns how many terms were `least`.
// Panels hold 32 / sizeof(T) models: per sample and class the numbers of all models of the panel, 32 bytes, any alignment.
// a: panels of rows, one after another; b: one panel; out float64, ldout in elements; scratch: 512 bytes.
// Coefficients are summed in T, class by class, and multiplied in float64: up to 6 meet the mantissa of the product so far, then
// its exponent is put aside, and one logarithm per pair ends the call. `least` >= e^-100 keeps such a product above 1e-261.
// A tile is run without `least` first; where a product comes out so small that a coefficient may be below it, again with it.
// 2 flops per class, pair and sample; 64 bytes read per class, sample and tile. Twin: src/twin/divergences.ts.
import { log } from './log';
import { multiplyAdd } from './multiplyAdd';

const GROUP: i32 = 6;
/** exponents behind the mantissas of a tile */
const EXPONENTS: usize = 256;

export function logOverlaps32(
  tiles: i32,
  samples: i32,
  classes: i32,
  a: usize,
  b: usize,
  least: f64,
  out: usize,
  ldout: i32,
  scratch: usize,
): i32 {
  return logOverlaps<f32>(tiles, samples, classes, a, b, least, out, ldout << 3, scratch);
}

export function logOverlaps64(
  tiles: i32,
  samples: i32,
  classes: i32,
  a: usize,
  b: usize,
  least: f64,
  out: usize,
  ldout: i32,
  scratch: usize,
): i32 {
  return logOverlaps<f64>(tiles, samples, classes, a, b, least, out, ldout << 3, scratch);
}

function logOverlaps<T>(
  tiles: i32,
  samples: i32,
  classes: i32,
  a: usize,
  b: usize,
  least: f64,
  out: usize,
  ldout: usize,
  scratch: usize,
): i32 {
  const panel = (<usize>(samples * classes)) << 5;
  let raised: i32 = 0;
  for (let tile = 0; tile < tiles; ++tile) {
    // float32: the second tile of a panel starts 4 models further
    const second = sizeof<T>() == 4 && (tile & 1) == 1;
    if (tileProduct<T>(samples, classes, a, b, 0, least, scratch)) {
      raised += tileProduct<T>(samples, classes, a, b, 1, least, scratch);
    }
    addLogs<T>(scratch, out, ldout);
    out += ldout << 2;
    if (sizeof<T>() == 8 || second) a += panel - (sizeof<T>() == 8 ? 0 : 16);
    else a += 16;
  }
  return raised;
}

// Mantissas and exponents of Π_n coefficient_n to scratch. careful = 0: returns 1 where a product came out suspiciously small.
// careful = 1: raises every coefficient to at least `least`, returns how many were raised.
function tileProduct<T>(samples: i32, classes: i32, a: usize, b: usize, careful: i32, least: f64, scratch: usize): i32 {
  const row: usize = 256 / sizeof<T>();
  const half: usize = 128 / sizeof<T>();
  for (let at: usize = 0; at < 4 * row; at += 16) {
    v128.store(scratch + at, f64x2.splat(1));
    v128.store(scratch + at, i64x2.splat(0), EXPONENTS);
  }
  // a mantissa below 2 times a coefficient below least stays below this; rounding of coefficients near 1 is the rest
  const suspicious = f64x2.splat(2.01 * least);
  let found: i32 = 0;
  let left = GROUP;
  for (; samples > 0; --samples) {
    let s00 = v128.splat<T>(0);
    let s01 = v128.splat<T>(0);
    let s10 = v128.splat<T>(0);
    let s11 = v128.splat<T>(0);
    let s20 = v128.splat<T>(0);
    let s21 = v128.splat<T>(0);
    let s30 = v128.splat<T>(0);
    let s31 = v128.splat<T>(0);
    let x: v128;
    let b0: v128;
    let b1: v128;
    let n = classes;
    for (; n >= 2; n -= 2) {
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
      b0 = v128.load(b, 32);
      b1 = v128.load(b, 48);
      x = v128.load_splat<T>(a, 32);
      s00 = multiplyAdd<T>(x, b0, s00);
      s01 = multiplyAdd<T>(x, b1, s01);
      x = v128.load_splat<T>(a, 32 + 1 * sizeof<T>());
      s10 = multiplyAdd<T>(x, b0, s10);
      s11 = multiplyAdd<T>(x, b1, s11);
      x = v128.load_splat<T>(a, 32 + 2 * sizeof<T>());
      s20 = multiplyAdd<T>(x, b0, s20);
      s21 = multiplyAdd<T>(x, b1, s21);
      x = v128.load_splat<T>(a, 32 + 3 * sizeof<T>());
      s30 = multiplyAdd<T>(x, b0, s30);
      s31 = multiplyAdd<T>(x, b1, s31);
      a += 64;
      b += 64;
    }
    if (n > 0) {
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
      a += 32;
      b += 32;
    }
    if (careful) {
      found += multiplyRaised<T>(s00, least, scratch);
      found += multiplyRaised<T>(s01, least, scratch + half);
      found += multiplyRaised<T>(s10, least, scratch + row);
      found += multiplyRaised<T>(s11, least, scratch + row + half);
      found += multiplyRaised<T>(s20, least, scratch + 2 * row);
      found += multiplyRaised<T>(s21, least, scratch + 2 * row + half);
      found += multiplyRaised<T>(s30, least, scratch + 3 * row);
      found += multiplyRaised<T>(s31, least, scratch + 3 * row + half);
    } else {
      multiply<T>(s00, scratch);
      multiply<T>(s01, scratch + half);
      multiply<T>(s10, scratch + row);
      multiply<T>(s11, scratch + row + half);
      multiply<T>(s20, scratch + 2 * row);
      multiply<T>(s21, scratch + 2 * row + half);
      multiply<T>(s30, scratch + 3 * row);
      multiply<T>(s31, scratch + 3 * row + half);
    }
    if (--left == 0 || samples == 1) {
      left = GROUP;
      const small = putExponentsAside<T>(suspicious, scratch);
      if (!careful && small) return 1;
    }
  }
  return found;
}

function multiply<T>(s: v128, p: usize): void {
  if (sizeof<T>() == 8) v128.store(p, f64x2.mul(v128.load(p), s));
  else {
    v128.store(p, f64x2.mul(v128.load(p), f64x2.promote_low_f32x4(s)));
    v128.store(p, f64x2.mul(v128.load(p, 16), f64x2.promote_low_f32x4(i32x4.shuffle(s, s, 2, 3, 2, 3))), 16);
  }
}

function multiplyRaised<T>(s: v128, least: f64, p: usize): i32 {
  if (sizeof<T>() == 8) return multiplyRaisedPair(s, least, p);
  return (
    multiplyRaisedPair(f64x2.promote_low_f32x4(s), least, p) +
    multiplyRaisedPair(f64x2.promote_low_f32x4(i32x4.shuffle(s, s, 2, 3, 2, 3)), least, p + 16)
  );
}

function multiplyRaisedPair(s: v128, least: f64, p: usize): i32 {
  const bound = f64x2.splat(least);
  v128.store(p, f64x2.mul(v128.load(p), f64x2.max(s, bound)));
  return popcnt<i32>(i64x2.bitmask(f64x2.lt(s, bound)));
}

// Every product x > 0 becomes its mantissa in [1, 2), its exponent goes to the sum; 1 if any x is below `suspicious`.
function putExponentsAside<T>(suspicious: v128, p: usize): i32 {
  const end = p + 1024 / sizeof<T>();
  let small = i64x2.splat(0);
  for (; p < end; p += 16) {
    const x = v128.load(p);
    small = v128.or(small, f64x2.lt(x, suspicious));
    const exponent = i64x2.sub(i64x2.shr_u(x, 52), i64x2.splat(1023));
    v128.store(p, i64x2.add(v128.load(p, EXPONENTS), exponent), EXPONENTS);
    v128.store(p, v128.or(v128.and(x, i64x2.splat(0xfffffffffffff)), i64x2.splat(0x3ff0000000000000)));
  }
  return v128.any_true(small) ? 1 : 0;
}

// out ← out + (ln mantissa + exponent ln 2)
function addLogs<T>(p: usize, out: usize, ldout: usize): void {
  for (let row = 0; row < 4; ++row) {
    for (let at: usize = 0; at < 256 / sizeof<T>(); at += 16) {
      const exponents = v128.load(p + at, EXPONENTS);
      const k = f64x2.convert_low_i32x4_s(i32x4.shuffle(exponents, exponents, 0, 2, 0, 2));
      const sum = f64x2.add(log<f64, T>(v128.load(p + at)), f64x2.mul(k, f64x2.splat(0.6931471805599453)));
      v128.store(out + at, f64x2.add(v128.load(out + at), sum));
    }
    p += 256 / sizeof<T>();
    out += ldout;
  }
}
