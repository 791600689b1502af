// erf, Φ, φ, e^(−x²) and gelu, two float64 lanes at a time: the algorithms of src/scalar/erf.ts, operation by operation. Both sides
// of each branch are computed; arguments beyond the range where the result is constant are clipped to it, NaN passes.
// F names the caller, see exp.ts.

import { expOfSum } from './exp';
import { choose, copySign } from '../lanes';

export function gaussian<F>(x: v128): v128 {
  return expMinusSquare<F>(clip(x, 31), 1);
}

export function normalPdf<F>(x: v128): v128 {
  return f64x2.mul(f64x2.splat(0.3989422804014327), expMinusSquare<F>(clip(x, 41), 0.5));
}

export function erf<F>(x: v128): v128 {
  const a = clip(x, 6.5);
  const one = f64x2.splat(1);
  const near = f64x2.add(x, f64x2.mul(x, erfTail(f64x2.mul(x, x))));
  const far = copySign<f64>(f64x2.sub(one, f64x2.mul(expMinusSquare<F>(a, 1), scaledErfc(a))), x);
  return choose(near, far, f64x2.lt(f64x2.abs(x), f64x2.splat(0.84375)));
}

export function normalCdf<F>(x: v128): v128 {
  const half = f64x2.splat(0.5);
  const z = f64x2.mul(x, f64x2.splat(0.7071067811865476));
  const centre = f64x2.add(half, f64x2.mul(half, f64x2.add(z, f64x2.mul(z, erfTail(f64x2.mul(z, z))))));
  const a = clip(x, 39.5);
  const scaled = scaledErfc(f64x2.mul(a, f64x2.splat(0.7071067811865476)));
  const tail = f64x2.mul(f64x2.mul(half, expMinusSquare<F>(a, 0.5)), scaled);
  const sides = choose(tail, f64x2.sub(f64x2.splat(1), tail), f64x2.lt(x, f64x2.splat(0)));
  return choose(centre, sides, v128.and(f64x2.gt(x, f64x2.splat(-0.7)), f64x2.lt(x, f64x2.splat(1.2))));
}

export function gelu<F>(x: v128): v128 {
  return choose(f64x2.splat(-0.0), f64x2.mul(x, normalCdf<F>(x)), f64x2.lt(x, f64x2.splat(-39)));
}

/** min(|x|, bound) */
function clip(x: v128, bound: f64): v128 {
  return f64x2.pmin(f64x2.abs(x), f64x2.splat(bound));
}

/** e^(−scale a²) with the rounding error of a² carried along */
function expMinusSquare<F>(a: v128, scale: f64): v128 {
  const square = f64x2.mul(a, a);
  const c = f64x2.mul(f64x2.splat(134217729), a);
  const u = f64x2.sub(c, f64x2.sub(c, a));
  const v = f64x2.sub(a, u);
  const cross = f64x2.mul(f64x2.mul(f64x2.splat(2), u), v);
  const error = f64x2.add(f64x2.add(f64x2.sub(f64x2.mul(u, u), square), cross), f64x2.mul(v, v));
  const factor = f64x2.splat(-scale);
  return expOfSum<f64, F>(f64x2.mul(factor, square), f64x2.mul(factor, error));
}

function step(p: v128, z: v128, a: f64): v128 {
  return f64x2.add(f64x2.mul(p, z), f64x2.splat(a));
}

function erfTail(z: v128): v128 {
  let p = f64x2.splat(1.0730886111904254e-8);
  p = step(p, z, -1.5715997387322698e-7);
  p = step(p, z, 1.6401862324068376e-6);
  p = step(p, z, -1.492214107781112e-5);
  p = step(p, z, 0.0001205520092967013);
  p = step(p, z, -0.0008548323822175391);
  p = step(p, z, 0.00522397757697055);
  p = step(p, z, -0.02686617064084497);
  p = step(p, z, 0.11283791670935675);
  p = step(p, z, -0.3761263890318341);
  p = step(p, z, 0.12837916709551256);
  return p;
}

function scaledErfc(a: v128): v128 {
  const t = f64x2.div(f64x2.sub(a, f64x2.splat(3.75)), f64x2.add(a, f64x2.splat(3.75)));
  let p = f64x2.splat(5.305611381527369e-10);
  p = step(p, t, -3.623005593067859e-9);
  p = step(p, t, -4.619786576467705e-9);
  p = step(p, t, 3.6285471537496024e-8);
  p = step(p, t, 2.4807856618904452e-8);
  p = step(p, t, -2.5667445508451377e-7);
  p = step(p, t, -5.880013955236252e-8);
  p = step(p, t, 1.7506955351946848e-6);
  p = step(p, t, -9.725215526972176e-7);
  p = step(p, t, -1.1443925907194505e-5);
  p = step(p, t, 2.2383785256421874e-5);
  p = step(p, t, 5.164910037010024e-5);
  p = step(p, t, -0.0002901539476992117);
  p = step(p, t, 0.0002937136502817858);
  p = step(p, t, 0.0017556258274208517);
  p = step(p, t, -0.009746579553969029);
  p = step(p, t, 0.028362277421995468);
  p = step(p, t, -0.05869339859011904);
  p = step(p, t, 0.09230432116017291);
  p = step(p, t, -0.10880393014172239);
  p = step(p, t, 0.08227673849015164);
  p = step(p, t, 0.0035854154854638933);
  p = step(p, t, -0.14024059858554702);
  p = step(p, t, 1.2375126308378275);
  return f64x2.div(p, f64x2.add(f64x2.splat(1), f64x2.mul(f64x2.splat(2), a)));
}
