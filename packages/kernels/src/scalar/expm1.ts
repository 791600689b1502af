import { expTail } from './exp.js';
import { powerOfTwo } from './float64Bits.js';

const ROUND = 6755399441055744;
const LOG2_E = 1.4426950408889634;
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** 2^-54: below it eˣ − 1 rounds to x */
const TINY = 5.551115123125783e-17;

/**
 * eˣ − 1 with full relative accuracy near 0, error < 0.8 ulp.
 *
 * With s = 2^(k−1): 2 ((s − ½) + s r + s (c + r² P(r))); the doubling is exact and keeps 2^1024 out of the way.
 * @example expm1(1e-10); // 1.000...e-10
 */
export function expm1(x: number): number {
  if (Math.abs(x) < TINY) return x;
  if (x > 709.8) return Infinity;
  if (x < -40) return -1;
  if (x !== x) return NaN;
  const k = x * LOG2_E + ROUND - ROUND;
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const tail = high - r - low + r * r * expTail(r);
  const s = powerOfTwo(k - 1);
  const t = s - 0.5;
  const sr = s * r;
  const sum = t + sr;
  return (sum + (t - sum + sr + s * tail)) * 2;
}
