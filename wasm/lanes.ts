// Small pieces for maps over vectors: constants by type, integer lanes, the last partial vector.

/** All lanes a (float64) or b (float32). */
export function constant<T>(a: f64, b: f64): v128 {
  return v128.splat<T>(sizeof<T>() == 8 ? <T>a : <T>b);
}

/** 1.5 · 2^52 or 1.5 · 2^23: adding it puts the nearest integer (ties to even) into the low bits. */
export function roundingConstant<T>(): v128 {
  return constant<T>(6755399441055744, 12582912);
}

/** 2^k for integer lanes k as wide as T. */
export function powerOfTwo<T>(k: v128): v128 {
  if (sizeof<T>() == 8) return i64x2.shl(i64x2.add(k, i64x2.splat(1023)), 52);
  return i32x4.shl(i32x4.add(k, i32x4.splat(127)), 23);
}

/** Lane-wise condition ? x : y for a condition of all ones or all zeros. */
export function choose(x: v128, y: v128, condition: v128): v128 {
  return v128.bitselect(x, y, condition);
}

/** |x| with the sign of y. */
export function copySign<T>(x: v128, y: v128): v128 {
  const sign = v128.splat<T>(-0.0);
  return v128.or(v128.andnot(x, sign), v128.and(y, sign));
}

/** The first n lanes from memory, n below the number of lanes; the others are 0. */
export function loadPart<T>(n: i32, x: usize): v128 {
  if (sizeof<T>() == 8) return v128.load64_zero(x);
  if (n == 1) return v128.load32_zero(x);
  const pair = v128.load64_zero(x);
  return n == 2 ? pair : v128.load32_lane(x, pair, 2, 8);
}

/** The first n lanes to memory, n below the number of lanes. */
export function storePart<T>(n: i32, x: v128, out: usize): void {
  if (sizeof<T>() == 8) return v128.store64_lane(out, x, 0);
  if (n == 1) return v128.store32_lane(out, x, 0);
  v128.store64_lane(out, x, 0);
  if (n == 3) v128.store32_lane(out, x, 2, 8);
}
