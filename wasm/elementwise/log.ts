// ln x and ln(1 + x) lane by lane: the algorithms of src/scalar/log.ts and src/scalar32/log32.ts. About 45 instructions
// per vector, one division (log1p: two). F names the caller, see exp.ts.

import { choose, constant } from '../lanes';

export function log<T, F>(x: v128): v128 {
  return logWithCorrection<T, F>(x, v128.splat<T>(0));
}

export function log1p<T, F>(x: v128): v128 {
  const one = v128.splat<T>(1);
  const u = v128.add<T>(one, x);
  const v = v128.sub<T>(u, one);
  const c = v128.add<T>(v128.sub<T>(one, v128.sub<T>(u, v)), v128.sub<T>(x, v));
  const y = logWithCorrection<T, F>(u, v128.div<T>(c, u));
  return choose(x, y, v128.lt<T>(v128.abs<T>(x), constant<T>(5.551115123125783e-17, 1.0 / 33554432.0)));
}

function logWithCorrection<T, F>(u: v128, c: v128): v128 {
  const zero = v128.splat<T>(0);
  const small = v128.lt<T>(u, constant<T>(2.2250738585072014e-308, 1.1754943508222875e-38));
  const x = choose(v128.mul<T>(u, constant<T>(18014398509481984, 33554432)), u, small);
  let k: v128;
  let f: v128;
  const one = v128.splat<T>(1);
  if (sizeof<T>() == 8) {
    const start = i64x2.splat(0x3fe6a09e00000000);
    const shifted = i64x2.sub(x, start);
    const exponents = i32x4.shr_s(shifted, 20);
    k = f64x2.convert_low_i32x4_s(i32x4.shuffle(exponents, exponents, 1, 3, 1, 3));
    f = v128.sub<T>(i64x2.add(v128.and(shifted, i64x2.splat(0xfffffffffffff)), start), one);
  } else {
    const start = i32x4.splat(0x3f3504f3);
    const shifted = i32x4.sub(x, start);
    k = f32x4.convert_i32x4_s(i32x4.shr_s(shifted, 23));
    f = v128.sub<T>(i32x4.add(v128.and(shifted, i32x4.splat(0x7fffff)), start), one);
  }
  k = v128.sub<T>(k, v128.and(small, constant<T>(54, 25)));
  const s = v128.div<T>(f, v128.add<T>(v128.splat<T>(2), f));
  const z = v128.mul<T>(s, s);
  const h = v128.mul<T>(v128.mul<T>(v128.splat<T>(0.5), f), f);
  const low = v128.add<T>(v128.mul<T>(k, constant<T>(1.9082149292705877e-10, 1.428606765330187e-6)), c);
  const inner = v128.add<T>(v128.mul<T>(s, v128.add<T>(h, v128.mul<T>(z, logTail<T, F>(z)))), low);
  const high = v128.mul<T>(k, constant<T>(0.6931471803691238, 0.693145751953125));
  const y = v128.sub<T>(high, v128.sub<T>(v128.sub<T>(h, inner), f));
  // ±0 gives −∞, negative numbers and NaN give NaN, ∞ stays
  const infinity = v128.splat<T>(<T>Infinity);
  const regular = v128.and(v128.gt<T>(u, zero), v128.lt<T>(u, infinity));
  const negative = choose(v128.splat<T>(<T>NaN), u, v128.lt<T>(u, zero));
  return choose(y, choose(v128.splat<T>(<T>-Infinity), negative, v128.eq<T>(u, zero)), regular);
}

function step<T>(p: v128, z: v128, a: f64): v128 {
  return v128.add<T>(v128.mul<T>(p, z), v128.splat<T>(<T>a));
}

function logTail<T, _F>(z: v128): v128 {
  if (sizeof<T>() == 8) {
    let p = v128.splat<T>(0.13090631973202976);
    p = step<T>(p, z, 0.1326838084857783);
    p = step<T>(p, z, 0.15386254752140285);
    p = step<T>(p, z, 0.18181795354765554);
    p = step<T>(p, z, 0.22222222394481655);
    p = step<T>(p, z, 0.2857142857079088);
    p = step<T>(p, z, 0.400000000000009);
    return step<T>(p, z, 0.6666666666666666);
  }
  let p = v128.splat<T>(0.2958413064479828);
  p = step<T>(p, z, 0.39988672733306885);
  return step<T>(p, z, 0.6666668653488159);
}
