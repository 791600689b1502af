import { powerOfTwo } from './float64Bits.js';
import { LN2_HIGH, LN2_LOW, LOG2_E, ROUND } from './ln2.js';

/**
 * eˣ, error < 0.6 ulp, gradual underflow kept.
 *
 * [cody1980]: x = k ln 2 + r + c with |r| ≤ ln 2 / 2 and c the rounding error of r; e^(r + c) = 1 + r + (c + r² P(r)), P a minimax
 * polynomial of degree 11, the sum with its own rounding error added back; then two scalings, the first one exact.
 * @param x any number; NaN gives NaN
 * @example exp(1); // 2.7182...
 */
export function exp(x: number): number {
  return expOfSum(x, 0);
}

/** e^(x + y) for |y| below a few ulp of x */
export function expOfSum(x: number, y: number): number {
  if (x > 709.8) return Infinity;
  if (x < -745.2) return 0;
  if (x !== x) return NaN;
  const k = x * LOG2_E + ROUND - ROUND;
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW - y;
  const r = high - low;
  const c = high - r - low;
  const sum = 1 + r;
  const half = k >> 1;
  return (sum + (1 - sum + r + (c + r * r * expTail(r)))) * powerOfTwo(half) * powerOfTwo(k - half);
}

/** P(r) = (eʳ − 1 − r)/r² on |r| ≤ 0.3466, absolute error 1.7e-20 before rounding */
export function expTail(r: number): number {
  let p = 1.6091229118303917e-10;
  p = p * r + 2.091813860127328e-9;
  p = p * r + 2.505205589324312e-8;
  p = p * r + 2.7557263276494666e-7;
  p = p * r + 2.755731926548063e-6;
  p = p * r + 2.4801587336444964e-5;
  p = p * r + 0.000198412698412537;
  p = p * r + 0.0013888888888879073;
  p = p * r + 0.008333333333333337;
  p = p * r + 0.04166666666666668;
  p = p * r + 0.16666666666666666;
  return p * r + 0.5;
}
