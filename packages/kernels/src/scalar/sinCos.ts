import { reduceHalfPi } from './reduceHalfPi.js';

/** sin x, error < 1 ulp for every finite x; ±∞ gives NaN @example sin(1e22); // -0.8522... */
export function sin(x: number): number {
  if (x === 0) return x;
  if (!(Math.abs(x) < Infinity)) return NaN;
  const r = reduceHalfPi(x);
  const s = r.quadrant & 1 ? cosKernel(r.high, r.low) : sinKernel(r.high, r.low);
  return r.quadrant & 2 ? -s : s;
}

/** cos x, error < 1 ulp for every finite x; ±∞ gives NaN @example cos(1); // 0.5403... */
export function cos(x: number): number {
  if (!(Math.abs(x) < Infinity)) return NaN;
  const r = reduceHalfPi(x);
  const c = r.quadrant & 1 ? sinKernel(r.high, r.low) : cosKernel(r.high, r.low);
  return (r.quadrant + 1) & 2 ? -c : c;
}

/** sin(x + y) for |x| ≤ π/4 and y below half an ulp of x */
export function sinKernel(x: number, y: number): number {
  const z = x * x;
  let p = -7.586688996449049e-13;
  p = p * z + 1.6058531486349077e-10;
  p = p * z - 2.5052106231648217e-8;
  p = p * z + 2.755731921933699e-6;
  p = p * z - 0.00019841269841265063;
  p = p * z + 0.008333333333333331;
  const v = z * x;
  // sin(x + y) ≈ sin x + y (1 − x²/2)
  return x - (z * (0.5 * y - v * p) - y + v * 0.16666666666666666);
}

/** cos(x + y) for |x| ≤ π/4 and y below half an ulp of x */
export function cosKernel(x: number, y: number): number {
  const z = x * x;
  let p = 4.745867168146954e-14;
  p = p * z - 1.1470460809819858e-11;
  p = p * z + 2.087675579060791e-9;
  p = p * z - 2.7557319221401527e-7;
  p = p * z + 2.4801587301584645e-5;
  p = p * z - 0.0013888888888888887;
  p = p * z + 0.041666666666666664;
  const h = 0.5 * z;
  const w = 1 - h;
  return w + (1 - w - h + (z * (z * p) - x * y));
}
