import { exp } from './exp.js';
import { expm1 } from './expm1.js';
import { copySign } from './float64Bits.js';
import { log, log1p } from './log.js';

/** tanh x = −q/(q + 2) with q = e^(−2|x|) − 1: relative error < 3 ulp everywhere, no overflow @example tanh(0.5); // 0.4621... */
export function tanh(x: number): number {
  const q = expm1(-2 * Math.abs(x));
  return copySign(q / (q + 2), x);
}

/** 1/cosh² x = 4 e/(1 + e)² with e = e^(−2|x|); 1 − tanh² would lose all digits for large |x| @example sech2(20); // 1.699...e-17 */
export function sech2(x: number): number {
  const e = exp(-2 * Math.abs(x));
  const d = 1 + e;
  return (4 * e) / (d * d);
}

/** ln cosh x without overflow and without cancellation near 0, where it is x²/2 @example logcosh(1000); // 999.3068... */
export function logcosh(x: number): number {
  const a = Math.abs(x);
  if (a > 1) return a - 0.6931471805599453 + log1p(exp(-2 * a));
  // cosh x − 1 = q²/(2 (1 + q)) with q = eˣ − 1
  const q = expm1(a);
  return log1p((q * q) / (2 * (1 + q)));
}

/** asinh x = sign(x) ln(|x| + √(1 + x²)) @example asinh(1); // 0.8813... */
export function asinh(x: number): number {
  const a = Math.abs(x);
  if (a > 268435456) return copySign(log(a) + 0.6931471805599453, x);
  const s = a * a;
  return copySign(log1p(a + s / (1 + Math.sqrt(1 + s))), x);
}
