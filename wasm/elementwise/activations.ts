// tanh, sech², sigmoid, softplus and their kin lane by lane: formulas of src/scalar/hyperbolic.ts, sigmoid.ts and
// src/scalar32/activations32.ts, operation by operation. F names the caller, see exp.ts.

import { exp, expm1 } from './exp';
import { choose, copySign } from '../lanes';
import { log1p } from './log';

export function tanh<T, F>(x: v128): v128 {
  const q = expm1<T, F>(v128.mul<T>(v128.splat<T>(-2), v128.abs<T>(x)));
  return copySign<T>(v128.div<T>(q, v128.add<T>(q, v128.splat<T>(2))), x);
}

export function sech2<T, F>(x: v128): v128 {
  const e = exp<T, F>(v128.mul<T>(v128.splat<T>(-2), v128.abs<T>(x)));
  const d = v128.add<T>(v128.splat<T>(1), e);
  return v128.div<T>(v128.mul<T>(v128.splat<T>(4), e), v128.mul<T>(d, d));
}

export function sigmoid<T, F>(x: v128): v128 {
  const one = v128.splat<T>(1);
  const e = exp<T, F>(v128.neg<T>(v128.abs<T>(x)));
  return v128.div<T>(choose(one, e, v128.ge<T>(x, v128.splat<T>(0))), v128.add<T>(one, e));
}

export function softplus<T, F>(x: v128): v128 {
  const t = log1p<T, F>(exp<T, F>(v128.neg<T>(v128.abs<T>(x))));
  return choose(v128.add<T>(x, t), t, v128.gt<T>(x, v128.splat<T>(0)));
}

export function logsigmoid<T, F>(x: v128): v128 {
  const t = log1p<T, F>(exp<T, F>(v128.neg<T>(v128.abs<T>(x))));
  return choose(v128.sub<T>(x, t), v128.neg<T>(t), v128.lt<T>(x, v128.splat<T>(0)));
}
