import { powerOfTwo, highWord, upperPart } from './float64Bits.js';
import { TWO_OVER_PI } from './twoOverPi.js';

const ROUND = 6755399441055744;
/** π/2 in four parts; the first three have at most 33 bits, so k times them is exact for |k| < 2^20 */
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487111665e-21;
const HALF_PI_4 = 8.4784276603689e-32;
const HALF_PI_HIGH = 1.5707963267948966;
const HALF_PI_LOW = 6.123233995736766e-17;
const DIGIT = 16777216;

export interface Reduced {
  /** quadrant modulo 4 */
  quadrant: number;
  high: number;
  low: number;
}

/** x = (π/2)(4 j + quadrant) + high + low with |high| ≤ π/4 (a hair more), relative error of high + low below 2^-62 */
export function reduceHalfPi(x: number): Reduced {
  if (Math.abs(x) > 1e6) return reduceLarge(x);
  const k = x * 0.6366197723675814 + ROUND - ROUND;
  // two exact differences: what one rounding loses, the low part keeps
  const t = x - k * HALF_PI_1;
  const w = k * HALF_PI_2;
  const a = t - w;
  const aLow = t - a - w;
  const v = k * HALF_PI_3;
  const b = a - v;
  const z = b - a;
  const bLow = a - (b - z) - (v + z);
  const rest = aLow + (bLow - k * HALF_PI_4);
  const high = b + rest;
  return { quadrant: k & 3, high, low: b - high + rest };
}

/**
 * Multiplies by 2/π in base 2^24 and keeps the digits around the binary point; every product and sum of digits is exact.
 */
function reduceLarge(x: number): Reduced {
  const a = Math.abs(x);
  const exponent = (highWord(a) >> 20) - 1075;
  // a = M 2^exponent with an integer M; 2^shift moves the exponent to a multiple of 24
  const block = Math.floor(exponent / 24);
  const shift = exponent - 24 * block;
  let m = a * powerOfTwo(-(exponent >> 1)) * powerOfTwo((exponent >> 1) - exponent);
  const digit0 = m % DIGIT;
  m = (m - digit0) / DIGIT;
  const digit1 = m % DIGIT;
  const digit2 = (m - digit1) / DIGIT;
  const scale = powerOfTwo(shift);
  const m0 = (digit0 * scale) % DIGIT;
  let carry = (digit0 * scale - m0) / DIGIT;
  const m1 = (digit1 * scale + carry) % DIGIT;
  carry = (digit1 * scale + carry - m1) / DIGIT;
  const m2 = (digit2 * scale + carry) % DIGIT;
  const m3 = (digit2 * scale + carry - m2) / DIGIT;

  // digits of the product at 2^0, 2^-24, ... 2^-168, lowest first
  let d0 = 0, d1 = 0, d2 = 0, d3 = 0, d4 = 0, d5 = 0, d6 = 0; // prettier-ignore
  carry = 0;
  for (let place = 7; place >= 0; place--) {
    const i = block - 1 + place;
    const sum = carry + m0 * piDigit(i) + m1 * piDigit(i + 1) + m2 * piDigit(i + 2) + m3 * piDigit(i + 3);
    const digit = sum % DIGIT;
    carry = (sum - digit) / DIGIT;
    d6 = d5;
    d5 = d4;
    d4 = d3;
    d3 = d2;
    d2 = d1;
    d1 = d0;
    d0 = digit;
  }
  let quadrant = d0 & 3;
  let sign = 1;
  if (d1 >= 8388608) {
    // fraction ≥ ½: count from the next quadrant down
    quadrant = (quadrant + 1) & 3;
    sign = -1;
    d1 = 16777215 - d1;
    d2 = 16777215 - d2;
    d3 = 16777215 - d3;
    d4 = 16777215 - d4;
    d5 = 16777215 - d5;
    d6 = DIGIT - d6;
  }
  const top = d1 * 5.960464477539063e-8 + d2 * 3.552713678800501e-15;
  const middle = d3 * 2.117582368135751e-22 + d4 * 1.262177448353619e-29;
  const bottom = d5 * 7.52316384526264e-37 + d6 * 4.484155085839415e-44;
  const f = top + middle;
  const fLow = top - f + middle + bottom;
  const high = f * HALF_PI_HIGH;
  const fUpper = upperPart(f);
  const pUpper = upperPart(HALF_PI_HIGH);
  const fRest = f - fUpper;
  const pRest = HALF_PI_HIGH - pUpper;
  const error = fUpper * pUpper - high + fUpper * pRest + fRest * pUpper + fRest * pRest;
  const low = error + (f * HALF_PI_LOW + fLow * HALF_PI_HIGH);
  const total = high + low;
  const rest = high - total + low;
  if (x < 0) {
    quadrant = -quadrant & 3;
    sign = -sign;
  }
  return { quadrant, high: sign * total, low: sign * rest };
}

function piDigit(i: number): number {
  return i < 0 ? 0 : TWO_OVER_PI[i]!;
}
