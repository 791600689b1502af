// out_ij ← out_ij + Σ_n ln max(least, Σ_c a_inc b_jnc) for tiles of 4 × (32 bytes) models; returns how many terms were `least`.
// Panels hold 32 / sizeof(T) models: per sample and class the numbers of all models of the panel, 32 bytes, any alignment.
// a: panels of rows, one after another; b: one panel; out float64, ldout in elements; scratch: 1152 bytes.
// Coefficients are summed in T, class by class, and 4 of them multiplied in T; the product meets the product of all before in
// float64, whose exponent is put aside before it could underflow, and one logarithm per pair ends the call. Where 4 coefficients
// come out below `limit`, one of them may be below `least` or digits may be lost: such a tile is run again, and those groups are
// multiplied in float64, each coefficient raised to `least` >= e^-100 first. Coefficients are at most 1 but for rounding.
// 2 flops per class, pair and sample; 64 bytes read per class, sample and tile. Twin: src/twin/divergences.ts.
import { log } from '../elementwise/log';
import { multiplyAdd } from '../multiplyAdd';

/** coefficients multiplied in T */
const GROUP: i32 = 4;
/** products of groups >= 2^-100 that a mantissa may meet before its exponent is put aside */
const GROUPS: i32 = 4;
// scratch: mantissas, exponents, products of the group, and for a second run its coefficients
const EXPONENTS: usize = 256;
const PRODUCTS: usize = 512;
const COEFFICIENTS: usize = 640;
/** bytes of a tile in T */
const TILE: usize = 128;

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

// Mantissas and exponents of the product of all coefficients to scratch. careful = 0: returns 1 where a group came out below
// `limit`. careful = 1: returns how many coefficients were raised to `least`.
function tileProduct<T>(samples: i32, classes: i32, a: usize, b: usize, careful: i32, least: f64, scratch: usize): i32 {
  const products = scratch + PRODUCTS;
  const limit = <T>max<f64>(1.01 * least, 7.888609052210118e-31);
  for (let at: usize = 0; at < 1024 / sizeof<T>(); at += 16) {
    v128.store(scratch + at, f64x2.splat(1));
    v128.store(scratch + at, i64x2.splat(0), EXPONENTS);
  }
  for (let at: usize = 0; at < TILE; at += 16) v128.store(products + at, v128.splat<T>(1));
  let found: i32 = 0;
  let inGroup: i32 = 0;
  let groups: i32 = 0;
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
    // stores side by side, so that V8 may join them to 256 bits
    v128.store(products, v128.mul<T>(v128.load(products), s00));
    v128.store(products, v128.mul<T>(v128.load(products, 16), s01), 16);
    v128.store(products, v128.mul<T>(v128.load(products, 32), s10), 32);
    v128.store(products, v128.mul<T>(v128.load(products, 48), s11), 48);
    v128.store(products, v128.mul<T>(v128.load(products, 64), s20), 64);
    v128.store(products, v128.mul<T>(v128.load(products, 80), s21), 80);
    v128.store(products, v128.mul<T>(v128.load(products, 96), s30), 96);
    v128.store(products, v128.mul<T>(v128.load(products, 112), s31), 112);
    if (careful) {
      const kept = scratch + COEFFICIENTS + <usize>inGroup * TILE;
      v128.store(kept, s00);
      v128.store(kept, s01, 16);
      v128.store(kept, s10, 32);
      v128.store(kept, s11, 48);
      v128.store(kept, s20, 64);
      v128.store(kept, s21, 80);
      v128.store(kept, s30, 96);
      v128.store(kept, s31, 112);
    }
    if (++inGroup == GROUP || samples == 1) {
      if (careful) {
        found += mergeRaised<T>(inGroup, limit, least, scratch);
        putExponentsAside<T>(scratch);
      } else {
        if (merge<T>(limit, scratch)) return 1;
        if (++groups == GROUPS || samples == 1) {
          putExponentsAside<T>(scratch);
          groups = 0;
        }
      }
      inGroup = 0;
    }
  }
  return found;
}

// mantissa ← mantissa · product of the group, which starts again at 1; 1 if any product is below `limit`
function merge<T>(limit: T, scratch: usize): i32 {
  const end = scratch + TILE;
  let mantissas = scratch;
  const bound = v128.splat<T>(limit);
  let small = i64x2.splat(0);
  for (; scratch < end; scratch += 16) {
    const t = v128.load(scratch, PRODUCTS);
    small = v128.or(small, v128.lt<T>(t, bound));
    if (sizeof<T>() == 8) v128.store(mantissas, f64x2.mul(v128.load(mantissas), t));
    else {
      v128.store(mantissas, f64x2.mul(v128.load(mantissas), f64x2.promote_low_f32x4(t)));
      const high = f64x2.promote_low_f32x4(i32x4.shuffle(t, t, 2, 3, 2, 3));
      v128.store(mantissas, f64x2.mul(v128.load(mantissas, 16), high), 16);
      mantissas += 16;
    }
    mantissas += 16;
    v128.store(scratch, v128.splat<T>(1), PRODUCTS);
  }
  return v128.any_true(small) ? 1 : 0;
}

// The same where a product may be below `limit`: there the coefficients, none below `least`, are multiplied again in float64.
function mergeRaised<T>(inGroup: i32, limit: T, least: f64, scratch: usize): i32 {
  let raised: i32 = 0;
  for (let at: usize = 0; at < TILE; at += sizeof<T>()) {
    const t = load<T>(scratch + at, PRODUCTS);
    let product = <f64>t;
    if (t < limit) {
      product = 1;
      for (let k = 0; k < inGroup; ++k) {
        let s = <f64>load<T>(scratch + at + <usize>k * TILE, COEFFICIENTS);
        if (s < least) {
          s = least;
          ++raised;
        }
        product *= s;
      }
    }
    const mantissa = scratch + (at / sizeof<T>()) * 8;
    store<f64>(mantissa, load<f64>(mantissa) * product);
    store<T>(scratch + at, 1, PRODUCTS);
  }
  return raised;
}

// Every mantissa x > 0 goes back to [1, 2), its exponent to the sum.
function putExponentsAside<T>(p: usize): void {
  const end = p + 1024 / sizeof<T>();
  for (; p < end; p += 16) {
    const x = v128.load(p);
    const exponent = i64x2.sub(i64x2.shr_u(x, 52), i64x2.splat(1023));
    v128.store(p, i64x2.add(v128.load(p, EXPONENTS), exponent), EXPONENTS);
    v128.store(p, v128.or(v128.and(x, i64x2.splat(0xfffffffffffff)), i64x2.splat(0x3ff0000000000000)));
  }
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
