import { exp32, expm1In32 } from './exp32.js';
import { log1pIn32 } from './log32.js';

const { fround } = Math;

/** tanh in float32 arithmetic, error < 2.6 ulp; formula of ../scalar/hyperbolic.ts */
export function tanh32(x: number): number {
  const q = expm1In32(-2 * Math.abs(x));
  const a = Math.abs(fround(q / fround(q + 2)));
  return x < 0 || Object.is(x, -0) ? -a : a;
}

/** 1/cosh² in float32 arithmetic, error < 4 ulp */
export function sech2In32(x: number): number {
  const e = exp32(-2 * Math.abs(x));
  const d = fround(1 + e);
  return fround((4 * e) / fround(d * d));
}

/** 1/(1 + e^(−x)) in float32 arithmetic, error < 2.4 ulp */
export function sigmoid32(x: number): number {
  const e = exp32(-Math.abs(x));
  return fround((x >= 0 ? 1 : e) / fround(1 + e));
}

/** ln(1 + eˣ) in float32 arithmetic, error < 2 ulp */
export function softplus32(x: number): number {
  const t = log1pIn32(exp32(-Math.abs(x)));
  return x > 0 ? fround(x + t) : t;
}

/** ln sigmoid(x) in float32 arithmetic, error < 2 ulp */
export function logsigmoid32(x: number): number {
  const t = log1pIn32(exp32(-Math.abs(x)));
  return x < 0 ? fround(x - t) : -t;
}
