// c + a · b, rounded once where the processor has a fused instruction: the fast flavour of multiplyAdd.ts.

/** Lane by lane, T is f32 (4 lanes) or f64 (2 lanes). */
export function multiplyAdd<T>(a: v128, b: v128, c: v128): v128 {
  return v128.relaxed_madd<T>(a, b, c);
}
