import { powerOfTwo, highWord, upperPart } from './float64Bits.js';
import { TWO_OVER_PI } from './twoOverPi.js';
import { ROUND } from './ln2.js';

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
  readonly quadrant: number;
  readonly high: number;
  readonly low: number;
}

/** [cody1980], beyond 10⁶ [payne1983]: x = (π/2)(4 j + quadrant) + high + low with |high| ≤ π/4 (a hair more), relative error of high + low below 2^-62 */
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

/** [payne1983]: multiplies by 2/π in base 2^24 and keeps the digits around the binary point; every product and sum of digits is exact. */
function reduceLarge(x: number): Reduced {
  const a = Math.abs(x);
  const exponent = (highWord(a) >> 20) - 1075;
  // a = M 2^exponent with an integer M, and 2^24 to the power `block` is the largest below 2^exponent
  const block = Math.floor(exponent / 24);
  const integer = a * powerOfTwo(-(exponent >> 1)) * powerOfTwo((exponent >> 1) - exponent);
  const digits = timesTwoOverPi(shiftedDigits(integer, powerOfTwo(exponent - 24 * block)), block);
  let quadrant = digits[0]! & 3;
  let sign = 1;
  if (digits[1]! >= DIGIT / 2) {
    // fraction ≥ ½: count from the next quadrant down
    quadrant = (quadrant + 1) & 3;
    sign = -1;
    for (let i = 1; i < 6; i++) digits[i] = DIGIT - 1 - digits[i]!;
    digits[6] = DIGIT - digits[6]!;
  }
  if (x < 0) {
    quadrant = -quadrant & 3;
    sign = -sign;
  }
  const { high, low } = timesHalfPi(digits);
  return { quadrant, high: sign * high, low: sign * low };
}

/** Four digits of M · scale, lowest first, for an integer M below 2^53 and a power of two below 2^24. */
function shiftedDigits(integer: number, scale: number): readonly [number, number, number, number] {
  const digit0 = integer % DIGIT;
  const upper = (integer - digit0) / DIGIT;
  const digit1 = upper % DIGIT;
  const digit2 = (upper - digit1) / DIGIT;
  const m0 = (digit0 * scale) % DIGIT;
  const sum1 = digit1 * scale + (digit0 * scale - m0) / DIGIT;
  const m1 = sum1 % DIGIT;
  const sum2 = digit2 * scale + (sum1 - m1) / DIGIT;
  const m2 = sum2 % DIGIT;
  return [m0, m1, m2, (sum2 - m2) / DIGIT];
}

/** Digits at 2^0, 2^-24, … 2^-144 of m · 2^(24 block) · 2/π; one more below carries into them. */
function timesTwoOverPi([m0, m1, m2, m3]: readonly [number, number, number, number], block: number): Float64Array {
  const digits = new Float64Array(8);
  let carry = 0;
  for (let place = 7; place >= 0; place--) {
    const i = block - 1 + place;
    const sum = carry + m0 * piDigit(i) + m1 * piDigit(i + 1) + m2 * piDigit(i + 2) + m3 * piDigit(i + 3);
    digits[place] = sum % DIGIT;
    carry = (sum - digits[place]!) / DIGIT;
  }
  return digits;
}

/** (π/2) Σ_{i=1}^{6} d_i 2^(−24 i) in two parts. */
function timesHalfPi(d: Float64Array): { readonly high: number; readonly low: number } {
  const top = d[1]! * 5.960464477539063e-8 + d[2]! * 3.552713678800501e-15;
  const middle = d[3]! * 2.117582368135751e-22 + d[4]! * 1.262177448353619e-29;
  const bottom = d[5]! * 7.52316384526264e-37 + d[6]! * 4.484155085839415e-44;
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
  return { high: total, low: high - total + low };
}

function piDigit(i: number): number {
  return i < 0 ? 0 : TWO_OVER_PI[i]!;
}
