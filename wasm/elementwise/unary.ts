// out ← f(x) for n elements, T is f32 or f64, any alignment, out may be x. One vector or four at a time, the last partial one goes
// through the same instructions. Twin: src/twin/unary.ts. Bytes per element: 2 sizeof(T).

import { logsigmoid, sech2, sigmoid, softplus, tanh } from './activations';
import { erf, gaussian, gelu, normalCdf, normalPdf } from './erf';
import { exp, expm1 } from './exp';
import { choose, loadPart, storePart } from '../lanes';
import { log, log1p } from './log';

// oxlint-disable typescript/no-extraneous-class
// tags: one empty class per function, compared at compile time
class Neg {}
class Abs {}
class Sign {}
class Step {}
class Relu {}
class Square {}
class Reciprocal {}
class Sqrt {}
class Rsqrt {}
class Exp {}
class Expm1 {}
class Log {}
class Log1p {}
class Tanh {}
class Sech2 {}
class Sigmoid {}
class Softplus {}
class Logsigmoid {}
class Erf {}
class Gaussian {}
class NormalCdf {}
class NormalPdf {}
class Gelu {}

function apply<T, F>(x: v128): v128 {
  const zero = v128.splat<T>(0);
  const one = v128.splat<T>(1);
  if (idof<F>() == idof<Neg>()) return v128.neg<T>(x);
  if (idof<F>() == idof<Abs>()) return v128.abs<T>(x);
  if (idof<F>() == idof<Sign>()) {
    return choose(one, choose(v128.splat<T>(-1), x, v128.lt<T>(x, zero)), v128.gt<T>(x, zero));
  }
  if (idof<F>() == idof<Step>()) return v128.and(v128.gt<T>(x, zero), one);
  // keeps NaN, turns −0 into +0
  if (idof<F>() == idof<Relu>()) return v128.andnot(x, v128.le<T>(x, zero));
  if (idof<F>() == idof<Square>()) return v128.mul<T>(x, x);
  if (idof<F>() == idof<Reciprocal>()) return v128.div<T>(one, x);
  if (idof<F>() == idof<Sqrt>()) return v128.sqrt<T>(x);
  if (idof<F>() == idof<Rsqrt>()) return v128.div<T>(one, v128.sqrt<T>(x));
  if (idof<F>() == idof<Exp>()) return exp<T, F>(x);
  if (idof<F>() == idof<Expm1>()) return expm1<T, F>(x);
  if (idof<F>() == idof<Log>()) return log<T, F>(x);
  if (idof<F>() == idof<Log1p>()) return log1p<T, F>(x);
  if (idof<F>() == idof<Tanh>()) return tanh<T, F>(x);
  if (idof<F>() == idof<Sech2>()) return sech2<T, F>(x);
  if (idof<F>() == idof<Sigmoid>()) return sigmoid<T, F>(x);
  if (idof<F>() == idof<Softplus>()) return softplus<T, F>(x);
  if (idof<F>() == idof<Logsigmoid>()) return logsigmoid<T, F>(x);
  // evaluated in float64 for both types
  if (sizeof<T>() == 8) return wide<F>(x);
  const low = f32x4.demote_f64x2_zero(wide<F>(f64x2.promote_low_f32x4(x)));
  const high = f32x4.demote_f64x2_zero(wide<F>(f64x2.promote_low_f32x4(i32x4.shuffle(x, x, 2, 3, 2, 3))));
  return i64x2.shuffle(low, high, 0, 2);
}

function wide<F>(x: v128): v128 {
  if (idof<F>() == idof<Erf>()) return erf<F>(x);
  if (idof<F>() == idof<Gaussian>()) return gaussian<F>(x);
  if (idof<F>() == idof<NormalCdf>()) return normalCdf<F>(x);
  if (idof<F>() == idof<NormalPdf>()) return normalPdf<F>(x);
  return gelu<F>(x);
}

// Those of few instructions, where the loop itself would cost as much: four vectors a turn, 3 times as fast.
function isCheap<F>(): bool {
  const f = idof<F>();
  return f == idof<Neg>() || f == idof<Abs>() || f == idof<Step>() || f == idof<Relu>() || f == idof<Square>();
}

function map<T, F>(n: i32, x: usize, out: usize): void {
  const lanes = <i32>(16 / sizeof<T>());
  if (isCheap<F>()) {
    for (; n >= lanes << 2; n -= lanes << 2) {
      const y0 = apply<T, F>(v128.load(x));
      const y1 = apply<T, F>(v128.load(x, 16));
      const y2 = apply<T, F>(v128.load(x, 32));
      const y3 = apply<T, F>(v128.load(x, 48));
      v128.store(out, y0);
      v128.store(out, y1, 16);
      v128.store(out, y2, 32);
      v128.store(out, y3, 48);
      x += 64;
      out += 64;
    }
  }
  while (n > 0) {
    const y = apply<T, F>(n >= lanes ? v128.load(x) : loadPart<T>(n, x));
    if (n >= lanes) v128.store(out, y);
    else storePart<T>(n, y, out);
    x += 16;
    out += 16;
    n -= lanes;
  }
}

export function neg32(n: i32, x: usize, out: usize): void {
  map<f32, Neg>(n, x, out);
}

export function neg64(n: i32, x: usize, out: usize): void {
  map<f64, Neg>(n, x, out);
}

export function abs32(n: i32, x: usize, out: usize): void {
  map<f32, Abs>(n, x, out);
}

export function abs64(n: i32, x: usize, out: usize): void {
  map<f64, Abs>(n, x, out);
}

export function sign32(n: i32, x: usize, out: usize): void {
  map<f32, Sign>(n, x, out);
}

export function sign64(n: i32, x: usize, out: usize): void {
  map<f64, Sign>(n, x, out);
}

export function step32(n: i32, x: usize, out: usize): void {
  map<f32, Step>(n, x, out);
}

export function step64(n: i32, x: usize, out: usize): void {
  map<f64, Step>(n, x, out);
}

export function relu32(n: i32, x: usize, out: usize): void {
  map<f32, Relu>(n, x, out);
}

export function relu64(n: i32, x: usize, out: usize): void {
  map<f64, Relu>(n, x, out);
}

export function square32(n: i32, x: usize, out: usize): void {
  map<f32, Square>(n, x, out);
}

export function square64(n: i32, x: usize, out: usize): void {
  map<f64, Square>(n, x, out);
}

export function reciprocal32(n: i32, x: usize, out: usize): void {
  map<f32, Reciprocal>(n, x, out);
}

export function reciprocal64(n: i32, x: usize, out: usize): void {
  map<f64, Reciprocal>(n, x, out);
}

export function sqrt32(n: i32, x: usize, out: usize): void {
  map<f32, Sqrt>(n, x, out);
}

export function sqrt64(n: i32, x: usize, out: usize): void {
  map<f64, Sqrt>(n, x, out);
}

export function rsqrt32(n: i32, x: usize, out: usize): void {
  map<f32, Rsqrt>(n, x, out);
}

export function rsqrt64(n: i32, x: usize, out: usize): void {
  map<f64, Rsqrt>(n, x, out);
}

export function exp32(n: i32, x: usize, out: usize): void {
  map<f32, Exp>(n, x, out);
}

export function exp64(n: i32, x: usize, out: usize): void {
  map<f64, Exp>(n, x, out);
}

export function expm132(n: i32, x: usize, out: usize): void {
  map<f32, Expm1>(n, x, out);
}

export function expm164(n: i32, x: usize, out: usize): void {
  map<f64, Expm1>(n, x, out);
}

export function log32(n: i32, x: usize, out: usize): void {
  map<f32, Log>(n, x, out);
}

export function log64(n: i32, x: usize, out: usize): void {
  map<f64, Log>(n, x, out);
}

export function log1p32(n: i32, x: usize, out: usize): void {
  map<f32, Log1p>(n, x, out);
}

export function log1p64(n: i32, x: usize, out: usize): void {
  map<f64, Log1p>(n, x, out);
}

export function tanh32(n: i32, x: usize, out: usize): void {
  map<f32, Tanh>(n, x, out);
}

export function tanh64(n: i32, x: usize, out: usize): void {
  map<f64, Tanh>(n, x, out);
}

export function sech232(n: i32, x: usize, out: usize): void {
  map<f32, Sech2>(n, x, out);
}

export function sech264(n: i32, x: usize, out: usize): void {
  map<f64, Sech2>(n, x, out);
}

export function sigmoid32(n: i32, x: usize, out: usize): void {
  map<f32, Sigmoid>(n, x, out);
}

export function sigmoid64(n: i32, x: usize, out: usize): void {
  map<f64, Sigmoid>(n, x, out);
}

export function softplus32(n: i32, x: usize, out: usize): void {
  map<f32, Softplus>(n, x, out);
}

export function softplus64(n: i32, x: usize, out: usize): void {
  map<f64, Softplus>(n, x, out);
}

export function logsigmoid32(n: i32, x: usize, out: usize): void {
  map<f32, Logsigmoid>(n, x, out);
}

export function logsigmoid64(n: i32, x: usize, out: usize): void {
  map<f64, Logsigmoid>(n, x, out);
}

export function erf32(n: i32, x: usize, out: usize): void {
  map<f32, Erf>(n, x, out);
}

export function erf64(n: i32, x: usize, out: usize): void {
  map<f64, Erf>(n, x, out);
}

export function gaussian32(n: i32, x: usize, out: usize): void {
  map<f32, Gaussian>(n, x, out);
}

export function gaussian64(n: i32, x: usize, out: usize): void {
  map<f64, Gaussian>(n, x, out);
}

export function normalCdf32(n: i32, x: usize, out: usize): void {
  map<f32, NormalCdf>(n, x, out);
}

export function normalCdf64(n: i32, x: usize, out: usize): void {
  map<f64, NormalCdf>(n, x, out);
}

export function normalPdf32(n: i32, x: usize, out: usize): void {
  map<f32, NormalPdf>(n, x, out);
}

export function normalPdf64(n: i32, x: usize, out: usize): void {
  map<f64, NormalPdf>(n, x, out);
}

export function gelu32(n: i32, x: usize, out: usize): void {
  map<f32, Gelu>(n, x, out);
}

export function gelu64(n: i32, x: usize, out: usize): void {
  map<f64, Gelu>(n, x, out);
}
