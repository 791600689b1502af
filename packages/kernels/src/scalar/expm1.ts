import { expTail } from './exp.js';
import { powerOfTwo } from './float64Bits.js';
import { LN2_HIGH, LN2_LOW, LOG2_E, ROUND, TINY } from './ln2.js';

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
