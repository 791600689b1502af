import { expOfSum } from './exp.js';
import { highWord, powerOfTwo, upperPart } from './float64Bits.js';
import { LN2_HIGH, LN2_LOW } from './ln2.js';

/**
 * xʸ with the special cases of IEEE 754 pow (1^NaN = 1, NaN^0 = 1), error < 0.8 ulp.
 *
 * ln |x| is formed as high + low with about 66 bits, since y ln x up to 745 turns its absolute error into a relative one.
 * @example pow(2, 0.5); // 1.4142...
 */
export function pow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (x !== x || y !== y) return NaN;
  const integer = Math.floor(y) === y;
  const odd = integer && Math.abs(y) < 9007199254740992 && y - 2 * Math.floor(y / 2) === 1;
  const a = Math.abs(x);
  if (a === 0 || a === Infinity || Math.abs(y) === Infinity) return specialPow(x, a, y, odd);
  if (x < 0 && !integer) return NaN;
  const magnitude = powPositive(a, y);
  return x < 0 && odd ? -magnitude : magnitude;
}

function specialPow(x: number, a: number, y: number, odd: boolean): number {
  if (Math.abs(y) === Infinity) {
    if (a === 1) return 1;
    return a > 1 === y > 0 ? Infinity : 0;
  }
  const magnitude = (a === 0) === y > 0 ? 0 : Infinity;
  const negative = odd && (x < 0 || Object.is(x, -0));
  return negative ? -magnitude : magnitude;
}

function powPositive(a: number, y: number): number {
  let k = 0;
  let x = a;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984;
    k = -54;
  }
  const shifted = highWord(x) - 0x3fe6a09e;
  const exponent = shifted >> 20;
  k += exponent;
  const f = x * powerOfTwo(-exponent) - 1;

  // s = f/(2 + f) = s + sLow; ln m = 2 s + (2/3) s³ + s⁵ Q(s²), the first two terms in two parts
  const d = 2 + f;
  const dLow = 2 - d + f;
  const s = f / d;
  const sUpper = upperPart(s);
  const dUpper = upperPart(d);
  const residual = f - sUpper * dUpper - (sUpper * (d - dUpper) + (s - sUpper) * d) - s * dLow;
  const sLow = residual / d;
  const z = s * s;
  const sRest = s - sUpper;
  const zUpper = upperPart(z);
  const zRest = sUpper * sUpper - zUpper + 2 * sUpper * sRest + sRest * sRest + 2 * s * sLow;
  // cube = s z
  const cube = s * z;
  const cubeUpper = upperPart(cube);
  const cubeRest = sUpper * zUpper - cubeUpper + (sRest * zUpper + s * zRest) + sLow * z;
  // 2/3 in two parts, the upper one short enough for an exact product
  const third = cubeUpper * 0.6666660308837891;
  const thirdLow = cubeRest * 0.6666666666666666 + cubeUpper * 6.357828776041666e-7;
  let q = 0.11726689285553205;
  q = q * z + 0.11705892197340027;
  q = q * z + 0.13334817910646674;
  q = q * z + 0.15384594711592686;
  q = q * z + 0.18181818337829828;
  q = q * z + 0.22222222221644658;
  q = q * z + 0.28571428571429386;
  q = q * z + 0.4;

  // sum from large to small with the errors kept
  const kHigh = k * LN2_HIGH;
  const s2 = 2 * s;
  const t1 = kHigh + s2;
  const v1 = t1 - kHigh;
  const e1 = kHigh - (t1 - v1) + (s2 - v1);
  const t2 = t1 + third;
  const v2 = t2 - t1;
  const e2 = t1 - (t2 - v2) + (third - v2);
  const kLow = k * LN2_LOW;
  const t3 = t2 + kLow;
  const v3 = t3 - t2;
  const e3 = t2 - (t3 - v3) + (kLow - v3);
  const small = e1 + (e2 + (e3 + (thirdLow + 2 * sLow + cube * z * q)));
  const high = t3 + small;
  const low = t3 - high + small;

  const p = y * high;
  if (!(Math.abs(p) < 800)) return p > 0 ? Infinity : 0;
  const hUpper = upperPart(high);
  const yUpper = upperPart(y);
  const error =
    hUpper * yUpper - p + ((high - hUpper) * yUpper + hUpper * (y - yUpper)) + (high - hUpper) * (y - yUpper);
  return expOfSum(p, error + y * low);
}
