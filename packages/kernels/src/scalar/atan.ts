import { copySign } from './float64Bits.js';

/** atan x, error < 1.5 ulp; ±∞ gives ±π/2 @example atan(1); // 0.7853... */
export function atan(x: number): number {
  const a = Math.abs(x);
  if (a !== a) return NaN;
  // breakpoints tan(π/8) and tan(3π/8) keep |t| ≤ 0.4143
  if (a <= 0.41421356237309503) return x === 0 ? x : x + x * atanTail(x);
  if (a <= 2.414213562373095) {
    const t = (a - 1) / (a + 1);
    return copySign(0.7853981633974483 + (t + (t * atanTail(t) + 3.061616997868383e-17)), x);
  }
  const t = -1 / a;
  return copySign(1.5707963267948966 + (t + (t * atanTail(t) + 6.123233995736766e-17)), x);
}

/** (atan t − t)/t for |t| ≤ 0.4144 */
function atanTail(t: number): number {
  const z = t * t;
  let p = -0.019213664556540944;
  p = p * z + 0.039263908669401784;
  p = p * z - 0.05086651330286818;
  p = p * z + 0.05858396709763158;
  p = p * z - 0.0666454232143437;
  p = p * z + 0.07692185571146747;
  p = p * z - 0.0909090468982725;
  p = p * z + 0.11111111018266855;
  p = p * z - 0.14285714284707743;
  p = p * z + 0.1999999999999574;
  p = p * z - 0.3333333333333333;
  return z * p;
}
