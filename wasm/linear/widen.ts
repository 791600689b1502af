// Two elements of memory as f64x2; float32 widens exactly.

/** Elements 0 and 1 at p. */
export function widen<T>(p: usize): v128 {
  if (sizeof<T>() == 4) return f64x2.promote_low_f32x4(v128.load64_zero(p));
  return v128.load(p);
}

/** Elements 2 and 3 at p: the offset sits in the load. */
export function widenNext<T>(p: usize): v128 {
  if (sizeof<T>() == 4) return f64x2.promote_low_f32x4(v128.load64_zero(p, 8));
  return v128.load(p, 16);
}

/** out (float64) ← x, n elements; 12 bytes moved per float32 element. */
export function widenRow<T>(n: i32, x: usize, out: usize): void {
  for (; n >= 4; n -= 4) {
    v128.store(out, widen<T>(x));
    v128.store(out, widenNext<T>(x), 16);
    x += 4 * sizeof<T>();
    out += 32;
  }
  for (; n > 0; --n) {
    store<f64>(out, <f64>load<T>(x));
    x += sizeof<T>();
    out += 8;
  }
}
