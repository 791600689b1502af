import { highWord, powerOfTwo } from './float64Bits.js';
import { LN2_HIGH, LN2_LOW, TINY } from './ln2.js';

/**
 * ln x, error < 1 ulp.
 *
 * x = 2^k m with m in [√½, √2); f = m − 1, s = f/(2 + f): ln m = f − (f²/2 − s (f²/2 + s² R(s²))).
 * @param x x < 0 gives NaN, ±0 gives −∞
 * @example log(10); // 2.3025...
 */
export function log(x: number): number {
  return logWithCorrection(x, 0);
}

/** ln(1 + x) with full relative accuracy near 0, error < 1 ulp; x < −1 gives NaN @example log1p(1e-10); // 9.999...e-11 */
export function log1p(x: number): number {
  if (Math.abs(x) < TINY) return x;
  if (x === Infinity) return x;
  const u = 1 + x;
  // the rounding error of 1 + x, exactly
  const v = u - 1;
  const c = 1 - (u - v) + (x - v);
  return logWithCorrection(u, c / u);
}

/** ln u + c for tiny c */
function logWithCorrection(u: number, c: number): number {
  if (!(u > 0)) return u === 0 ? -Infinity : NaN;
  if (u === Infinity) return Infinity;
  let k = 0;
  let x = u;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984;
    k = -54;
  }
  // subtracting the high word of √½ makes the exponent field count from √½ instead of 1
  const high = highWord(x);
  const shifted = high - 0x3fe6a09e;
  const exponent = shifted >> 20;
  k += exponent;
  const f = x * powerOfTwo(-exponent) - 1;
  const s = f / (2 + f);
  const h = 0.5 * f * f;
  return k * LN2_HIGH - (h - (s * (h + logTail(s * s)) + (k * LN2_LOW + c)) - f);
}

/** z R(z), R(z) = (2 atanh(s) − 2 s)/(s z) with z = s², |s| ≤ 0.172 */
function logTail(z: number): number {
  let p = 0.13090631973202976;
  p = p * z + 0.1326838084857783;
  p = p * z + 0.15386254752140285;
  p = p * z + 0.18181795354765554;
  p = p * z + 0.22222222394481655;
  p = p * z + 0.2857142857079088;
  p = p * z + 0.400000000000009;
  p = p * z + 0.6666666666666666;
  return z * p;
}
