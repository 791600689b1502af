// c + a · b, rounded twice: the deterministic flavour. The build of the fast flavour reads multiplyAdd.fast.ts in place of
// this file (same exports), so every kernel that sums products exists once for both flavours.

/** Lane by lane, T is f32 (4 lanes) or f64 (2 lanes). */
export function multiplyAdd<T>(a: v128, b: v128, c: v128): v128 {
  return v128.add<T>(c, v128.mul<T>(a, b));
}
