import { powerOfTwo } from '../scalar/float64Bits.js';

const { fround } = Math;
/** 1.5 · 2^23: adding and subtracting it rounds a float32 to the nearest integer */
const ROUND = 12582912;
const LOG2_E = 1.4426950216293335;
/** ln 2 in two parts; the first has 15 bits, so k times it is exact */
const LN2_HIGH = 0.693145751953125;
const LN2_LOW = 1.428606765330187e-6;
/** 2^-25 */
const TINY = 1 / 33554432;

/** eˣ in float32 arithmetic, error < 0.8 ulp; the algorithm of ../scalar/exp.ts with a polynomial of degree 5 */
export function exp32(x: number): number {
  if (x > 89) return Infinity;
  if (x < -104) return 0;
  if (x !== x) return NaN;
  const k = fround(fround(fround(x * LOG2_E) + ROUND) - ROUND);
  const high = fround(x - fround(k * LN2_HIGH));
  const low = fround(k * LN2_LOW);
  const r = fround(high - low);
  const c = fround(fround(high - r) - low);
  const sum = fround(1 + r);
  const tail = fround(c + fround(fround(r * r) * expTail32(r)));
  const half = k >> 1;
  const y = fround(sum + fround(fround(fround(1 - sum) + r) + tail));
  return fround(fround(y * powerOfTwo(half)) * powerOfTwo(k - half));
}

/** eˣ − 1 in float32 arithmetic, error < 1.1 ulp; the algorithm of ../scalar/expm1.ts */
export function expm1In32(x: number): number {
  if (Math.abs(x) < TINY) return x;
  if (x > 89) return Infinity;
  if (x < -18) return -1;
  if (x !== x) return NaN;
  const k = fround(fround(fround(x * LOG2_E) + ROUND) - ROUND);
  const high = fround(x - fround(k * LN2_HIGH));
  const low = fround(k * LN2_LOW);
  const r = fround(high - low);
  const tail = fround(fround(fround(high - r) - low) + fround(fround(r * r) * expTail32(r)));
  const s = powerOfTwo(k - 1);
  const t = fround(s - 0.5);
  const sr = fround(s * r);
  const sum = fround(t + sr);
  return fround(fround(sum + fround(fround(fround(t - sum) + sr) + fround(s * tail))) * 2);
}

/** (eʳ − 1 − r)/r² on |r| ≤ 0.3466, absolute error 1.4e-9 */
function expTail32(r: number): number {
  let p = 0.0001990763848880306;
  p = fround(fround(p * r) + 0.0013933690497651696);
  p = fround(fround(p * r) + 0.00833328627049923);
  p = fround(fround(p * r) + 0.041666463017463684);
  p = fround(fround(p * r) + 0.1666666716337204);
  return fround(fround(p * r) + 0.5);
}
