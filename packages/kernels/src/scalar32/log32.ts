import { powerOfTwo } from '../scalar/float64Bits.js';
import { bitsOf } from './float32Bits.js';

const { fround } = Math;
const LN2_HIGH = 0.693145751953125;
const LN2_LOW = 1.428606765330187e-6;
/** 2^-25 */
const TINY = 1 / 33554432;
/** bits of √½ */
const HALF_ROOT = 0x3f3504f3;

/** ln x in float32 arithmetic, error < 1 ulp; the algorithm of ../scalar/log.ts */
export function log32(x: number): number {
  return logWithCorrection32(x, 0);
}

/** ln(1 + x) in float32 arithmetic, error < 1 ulp */
export function log1pIn32(x: number): number {
  if (Math.abs(x) < TINY) return x;
  if (x === Infinity) return x;
  const u = fround(1 + x);
  const v = fround(u - 1);
  const c = fround(fround(1 - fround(u - v)) + fround(x - v));
  return logWithCorrection32(u, fround(c / u));
}

function logWithCorrection32(u: number, c: number): number {
  if (!(u > 0)) return u === 0 ? -Infinity : NaN;
  if (u === Infinity) return Infinity;
  let k = 0;
  let x = u;
  if (x < 1.1754943508222875e-38) {
    x *= 33554432;
    k = -25;
  }
  const shifted = bitsOf(x) - HALF_ROOT;
  const exponent = shifted >> 23;
  k += exponent;
  const f = fround(fround(x * powerOfTwo(-exponent)) - 1);
  const s = fround(f / fround(2 + f));
  const z = fround(s * s);
  const h = fround(fround(0.5 * f) * f);
  let p = 0.2958413064479828;
  p = fround(fround(p * z) + 0.39988672733306885);
  p = fround(fround(p * z) + 0.6666668653488159);
  const inner = fround(fround(s * fround(h + fround(z * p))) + fround(fround(k * LN2_LOW) + c));
  return fround(fround(k * LN2_HIGH) - fround(fround(h - inner) - f));
}
