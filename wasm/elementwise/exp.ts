// eˣ and eˣ − 1 lane by lane: the algorithms of src/scalar/exp.ts and expm1.ts (float64), src/scalar32/exp32.ts (float32),
// operation by operation. About 45 instructions per vector. The type parameter F only names the caller: each caller gets
// its own copy, which Binaryen then inlines into its loop.

import { choose, constant, powerOfTwo, roundingConstant } from '../lanes';

export function exp<T, F>(x: v128): v128 {
  return expOfSum<T, F>(x, v128.splat<T>(0));
}

/** e^(x + y) for |y| below a few ulp of x */
export function expOfSum<T, F>(x: v128, y: v128): v128 {
  // beyond these bounds the two scalings give ∞ and 0 by themselves; a NaN passes both comparisons
  const t = v128.pmax<T>(v128.pmin<T>(x, constant<T>(710, 89)), constant<T>(-746, -104));
  const shifted = v128.add<T>(
    v128.mul<T>(t, constant<T>(1.4426950408889634, 1.4426950216293335)),
    roundingConstant<T>(),
  );
  const k = v128.sub<T>(shifted, roundingConstant<T>());
  const high = v128.sub<T>(t, v128.mul<T>(k, constant<T>(0.6931471803691238, 0.693145751953125)));
  const low = v128.sub<T>(v128.mul<T>(k, constant<T>(1.9082149292705877e-10, 1.428606765330187e-6)), y);
  const r = v128.sub<T>(high, low);
  const c = v128.sub<T>(v128.sub<T>(high, r), low);
  const one = v128.splat<T>(1);
  const sum = v128.add<T>(one, r);
  const tail = v128.add<T>(c, v128.mul<T>(v128.mul<T>(r, r), expTail<T, F>(r)));
  const e = v128.add<T>(sum, v128.add<T>(v128.add<T>(v128.sub<T>(one, sum), r), tail));
  const integer = subtractBits<T>(shifted, roundingConstant<T>());
  const half = i32x4.shr_s(integer, 1);
  return v128.mul<T>(v128.mul<T>(e, powerOfTwo<T>(half)), powerOfTwo<T>(subtractBits<T>(integer, half)));
}

export function expm1<T, F>(x: v128): v128 {
  const t = v128.pmax<T>(v128.pmin<T>(x, constant<T>(710, 89)), constant<T>(-40, -18));
  const shifted = v128.add<T>(
    v128.mul<T>(t, constant<T>(1.4426950408889634, 1.4426950216293335)),
    roundingConstant<T>(),
  );
  const k = v128.sub<T>(shifted, roundingConstant<T>());
  const high = v128.sub<T>(t, v128.mul<T>(k, constant<T>(0.6931471803691238, 0.693145751953125)));
  const low = v128.mul<T>(k, constant<T>(1.9082149292705877e-10, 1.428606765330187e-6));
  const r = v128.sub<T>(high, low);
  const c = v128.sub<T>(v128.sub<T>(high, r), low);
  const tail = v128.add<T>(c, v128.mul<T>(v128.mul<T>(r, r), expTail<T, F>(r)));
  const integer = subtractBits<T>(shifted, roundingConstant<T>());
  const s = powerOfTwo<T>(subtractBits<T>(integer, sizeof<T>() == 8 ? i64x2.splat(1) : i32x4.splat(1)));
  const d = v128.sub<T>(s, v128.splat<T>(0.5));
  const sr = v128.mul<T>(s, r);
  const sum = v128.add<T>(d, sr);
  const rest = v128.add<T>(v128.add<T>(v128.sub<T>(d, sum), sr), v128.mul<T>(s, tail));
  const y = v128.mul<T>(v128.add<T>(sum, rest), v128.splat<T>(2));
  return choose(x, y, v128.lt<T>(v128.abs<T>(x), constant<T>(5.551115123125783e-17, 1.0 / 33554432.0)));
}

function subtractBits<T>(x: v128, y: v128): v128 {
  return sizeof<T>() == 8 ? i64x2.sub(x, y) : i32x4.sub(x, y);
}

function step<T>(p: v128, r: v128, a: f64): v128 {
  return v128.add<T>(v128.mul<T>(p, r), v128.splat<T>(<T>a));
}

function expTail<T, _F>(r: v128): v128 {
  if (sizeof<T>() == 8) {
    let p = v128.splat<T>(1.6091229118303917e-10);
    p = step<T>(p, r, 2.091813860127328e-9);
    p = step<T>(p, r, 2.505205589324312e-8);
    p = step<T>(p, r, 2.7557263276494666e-7);
    p = step<T>(p, r, 2.755731926548063e-6);
    p = step<T>(p, r, 2.4801587336444964e-5);
    p = step<T>(p, r, 0.000198412698412537);
    p = step<T>(p, r, 0.0013888888888879073);
    p = step<T>(p, r, 0.008333333333333337);
    p = step<T>(p, r, 0.04166666666666668);
    p = step<T>(p, r, 0.16666666666666666);
    return step<T>(p, r, 0.5);
  }
  let p = v128.splat<T>(0.0001990763848880306);
  p = step<T>(p, r, 0.0013933690497651696);
  p = step<T>(p, r, 0.00833328627049923);
  p = step<T>(p, r, 0.041666463017463684);
  p = step<T>(p, r, 0.1666666716337204);
  return step<T>(p, r, 0.5);
}
