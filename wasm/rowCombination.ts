// Pieces of Σ_i w_i q_i over a block of columns, the running sums s in float64 (order: rowCombination in
// packages/kernels/src/summationOrder.md). Any alignment. 2 flops per element of q.
import { multiplyAdd } from './multiplyAdd';
import { widen } from './widen';

/** s ← s + w0 q_0 + w1 q_1 + w2 q_2 + w3 q_3 in this order: the sums are read and written once for 4 rows, wherever they are. */
export function addFourRows<T>(
  n: i32,
  w0: f64,
  w1: f64,
  w2: f64,
  w3: f64,
  q0: usize,
  q1: usize,
  q2: usize,
  q3: usize,
  s: usize,
): void {
  const v0 = f64x2.splat(w0);
  const v1 = f64x2.splat(w1);
  const v2 = f64x2.splat(w2);
  const v3 = f64x2.splat(w3);
  for (; n >= 2; n -= 2) {
    let t = multiplyAdd<f64>(v0, widen<T>(q0), v128.load(s));
    t = multiplyAdd<f64>(v1, widen<T>(q1), t);
    t = multiplyAdd<f64>(v2, widen<T>(q2), t);
    v128.store(s, multiplyAdd<f64>(v3, widen<T>(q3), t));
    q0 += 2 * sizeof<T>();
    q1 += 2 * sizeof<T>();
    q2 += 2 * sizeof<T>();
    q3 += 2 * sizeof<T>();
    s += 16;
  }
  if (n > 0) {
    let t = load<f64>(s) + w0 * <f64>load<T>(q0);
    t += w1 * <f64>load<T>(q1);
    t += w2 * <f64>load<T>(q2);
    store<f64>(s, t + w3 * <f64>load<T>(q3));
  }
}

/** s ← s + w q */
export function addRow<T>(n: i32, w: f64, q: usize, s: usize): void {
  const v = f64x2.splat(w);
  for (; n >= 2; n -= 2) {
    v128.store(s, multiplyAdd<f64>(v, widen<T>(q), v128.load(s)));
    q += 2 * sizeof<T>();
    s += 16;
  }
  if (n > 0) store<f64>(s, load<f64>(s) + w * <f64>load<T>(q));
}

/** x ← r(x − s) */
export function subtractRow<T>(n: i32, s: usize, x: usize): void {
  for (; n >= 2; n -= 2) {
    narrow<T>(f64x2.sub(widen<T>(x), v128.load(s)), x);
    s += 16;
    x += 2 * sizeof<T>();
  }
  if (n > 0) store<T>(x, <T>(<f64>load<T>(x) - load<f64>(s)));
}

/** out ← r(s) */
export function roundRow<T>(n: i32, s: usize, out: usize): void {
  for (; n >= 2; n -= 2) {
    narrow<T>(v128.load(s), out);
    s += 16;
    out += 2 * sizeof<T>();
  }
  if (n > 0) store<T>(out, <T>load<f64>(s));
}

function narrow<T>(x: v128, out: usize): void {
  if (sizeof<T>() == 4) v128.store64_lane(out, f32x4.demote_f64x2_zero(x), 0);
  else v128.store(out, x);
}
