import { expOfSum } from './exp.js';
import { copySign, upperPart } from './float64Bits.js';
import { log, log1p } from './log.js';

/** erf x = (2/√π) ∫₀ˣ e^(−t²) dt, error < 2 ulp @example erf(0.5); // 0.5204... */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (a < 0.84375) return x === 0 ? x : x + x * erfTail(x * x);
  if (a !== a) return NaN;
  if (a > 6) return copySign(1, x);
  return copySign(1 - expMinusSquare(a, 1) * scaledErfc(a), x);
}

/** erfc x = 1 − erf x with full relative accuracy in the right tail, error < 4 ulp @example erfc(10); // 2.088...e-45 */
export function erfc(x: number): number {
  if (x !== x) return NaN;
  if (x < 0.5) {
    if (x < -6) return 2;
    return x < -0.84375 ? 2 - expMinusSquare(-x, 1) * scaledErfc(-x) : 1 - (x + x * erfTail(x * x));
  }
  if (x > 28) return 0;
  return expMinusSquare(x, 1) * scaledErfc(x);
}

/** Φ(x), the standard normal distribution function, relative accuracy kept in the left tail @example normalCdf(-10); // 7.619...e-24 */
export function normalCdf(x: number): number {
  const z = x * 0.7071067811865476;
  if (x > -0.7 && x < 1.2) return 0.5 + 0.5 * (z + z * erfTail(z * z));
  if (x !== x) return NaN;
  if (x < -39) return 0;
  if (x > 9) return 1;
  // the tail needs e^(−x²/2) from x itself: rounding x/√2 first would cost x² ulp
  const tail = 0.5 * expMinusSquare(x, 0.5) * scaledErfc(Math.abs(z));
  return x < 0 ? tail : 1 - tail;
}

/** ln Φ(x), finite down to x = −1.3e154; error < 4 ulp @example logNormalCdf(-40); // -804.6084... */
export function logNormalCdf(x: number): number {
  if (x > 0) return log1p(-normalCdf(-x));
  if (x > -1) return log(normalCdf(x));
  if (x === -Infinity) return x;
  return -0.5 * x * x + log(0.5 * scaledErfc(-x * 0.7071067811865476));
}

/** φ(x) = e^(−x²/2)/√(2π) @example normalPdf(0); // 0.3989... */
export function normalPdf(x: number): number {
  if (Math.abs(x) > 40) return 0;
  return 0.3989422804014327 * expMinusSquare(x, 0.5);
}

/** e^(−x²); exp of a rounded x² would be wrong by x² ulp @example gaussian(1); // 0.3678... */
export function gaussian(x: number): number {
  if (Math.abs(x) > 30) return 0;
  return expMinusSquare(x, 1);
}

/** x Φ(x) @example gelu(1); // 0.8413... */
export function gelu(x: number): number {
  // Φ underflows to 0 before x Φ(x) matters; −∞ · 0 must be 0 there
  if (x < -39) return -0;
  return x * normalCdf(x);
}

/** e^(−scale a²), scale a power of two: a² enters as its rounded value plus the rounding error */
function expMinusSquare(a: number, scale: number): number {
  const square = a * a;
  const u = upperPart(a);
  const v = a - u;
  const error = u * u - square + 2 * u * v + v * v;
  return expOfSum(-scale * square, -scale * error);
}

/** erf(x)/x − 1 as a polynomial in z = x², x² ≤ 0.712 */
function erfTail(z: number): number {
  let p = 1.0730886111904254e-8;
  p = p * z - 1.5715997387322698e-7;
  p = p * z + 1.6401862324068376e-6;
  p = p * z - 1.492214107781112e-5;
  p = p * z + 0.0001205520092967013;
  p = p * z - 0.0008548323822175391;
  p = p * z + 0.00522397757697055;
  p = p * z - 0.02686617064084497;
  p = p * z + 0.11283791670935675;
  p = p * z - 0.3761263890318341;
  return p * z + 0.12837916709551256;
}

/** e^(a²) erfc(a) for a ≥ 0.4 [shepherd1981]: (1 + 2 a) times it is a polynomial in t = (a − 3.75)/(a + 3.75), degree 23, error 6e-19 */
function scaledErfc(a: number): number {
  const t = (a - 3.75) / (a + 3.75);
  let p = 5.305611381527369e-10;
  p = p * t - 3.623005593067859e-9;
  p = p * t - 4.619786576467705e-9;
  p = p * t + 3.6285471537496024e-8;
  p = p * t + 2.4807856618904452e-8;
  p = p * t - 2.5667445508451377e-7;
  p = p * t - 5.880013955236252e-8;
  p = p * t + 1.7506955351946848e-6;
  p = p * t - 9.725215526972176e-7;
  p = p * t - 1.1443925907194505e-5;
  p = p * t + 2.2383785256421874e-5;
  p = p * t + 5.164910037010024e-5;
  p = p * t - 0.0002901539476992117;
  p = p * t + 0.0002937136502817858;
  p = p * t + 0.0017556258274208517;
  p = p * t - 0.009746579553969029;
  p = p * t + 0.028362277421995468;
  p = p * t - 0.05869339859011904;
  p = p * t + 0.09230432116017291;
  p = p * t - 0.10880393014172239;
  p = p * t + 0.08227673849015164;
  p = p * t + 0.0035854154854638933;
  p = p * t - 0.14024059858554702;
  p = p * t + 1.2375126308378275;
  return p / (1 + 2 * a);
}
