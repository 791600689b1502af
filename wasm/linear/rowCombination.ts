// Pieces of Σ_i w_i q_i over a block of columns, the running sums s in float64 but where a name ends in 32 (order: rowCombination in
// packages/kernels/src/summationOrder.md). Any alignment. 2 flops per element of q.
import { multiplyAdd } from '../multiplyAdd';
import { widen, widenNext } from './widen';

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

/** The same with sums and weights in float32. */
export function addFourRows32(
  n: i32,
  w0: f32,
  w1: f32,
  w2: f32,
  w3: f32,
  q0: usize,
  q1: usize,
  q2: usize,
  q3: usize,
  s: usize,
): void {
  const v0 = f32x4.splat(w0);
  const v1 = f32x4.splat(w1);
  const v2 = f32x4.splat(w2);
  const v3 = f32x4.splat(w3);
  for (; n >= 4; n -= 4) {
    let t = multiplyAdd<f32>(v0, v128.load(q0), v128.load(s));
    t = multiplyAdd<f32>(v1, v128.load(q1), t);
    t = multiplyAdd<f32>(v2, v128.load(q2), t);
    v128.store(s, multiplyAdd<f32>(v3, v128.load(q3), t));
    q0 += 16;
    q1 += 16;
    q2 += 16;
    q3 += 16;
    s += 16;
  }
  for (; n > 0; --n) {
    let t = load<f32>(s) + w0 * load<f32>(q0);
    t += w1 * load<f32>(q1);
    t += w2 * load<f32>(q2);
    store<f32>(s, t + w3 * load<f32>(q3));
    q0 += 4;
    q1 += 4;
    q2 += 4;
    q3 += 4;
    s += 4;
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

/** panels ← k rows of n columns, n a multiple of 4: n / 4 panels (k, 4) in float64, one behind the other. ldq in bytes. */
export function packPanels<T>(k: i32, n: i32, q: usize, ldq: usize, panels: usize): void {
  const panelBytes = (<usize>k) << 5;
  for (; k > 0; --k) {
    let from = q;
    let to = panels;
    for (let j = n; j > 0; j -= 4) {
      v128.store(to, widen<T>(from));
      v128.store(to, widenNext<T>(from), 16);
      from += 4 * sizeof<T>();
      to += panelBytes;
    }
    q += ldq;
    panels += 32;
  }
}

/** sums (4, 4) ← Σ_i w_ij q_i for 4 columns of 4 outputs j, q a panel. stride of w in bytes. */
export function combinePanel(k: i32, panel: usize, w: usize, stride: usize, sums: usize): void {
  let s001 = f64x2.splat(0);
  let s023 = f64x2.splat(0);
  let s101 = f64x2.splat(0);
  let s123 = f64x2.splat(0);
  let s201 = f64x2.splat(0);
  let s223 = f64x2.splat(0);
  let s301 = f64x2.splat(0);
  let s323 = f64x2.splat(0);
  for (; k > 0; --k) {
    const q01 = v128.load(panel);
    const q23 = v128.load(panel, 16);
    const w0 = v128.load64_splat(w);
    s001 = multiplyAdd<f64>(w0, q01, s001);
    s023 = multiplyAdd<f64>(w0, q23, s023);
    const w1 = v128.load64_splat(w, 8);
    s101 = multiplyAdd<f64>(w1, q01, s101);
    s123 = multiplyAdd<f64>(w1, q23, s123);
    const w2 = v128.load64_splat(w, 16);
    s201 = multiplyAdd<f64>(w2, q01, s201);
    s223 = multiplyAdd<f64>(w2, q23, s223);
    const w3 = v128.load64_splat(w, 24);
    s301 = multiplyAdd<f64>(w3, q01, s301);
    s323 = multiplyAdd<f64>(w3, q23, s323);
    panel += 32;
    w += stride;
  }
  v128.store(sums, s001);
  v128.store(sums, s023, 16);
  v128.store(sums, s101, 32);
  v128.store(sums, s123, 48);
  v128.store(sums, s201, 64);
  v128.store(sums, s223, 80);
  v128.store(sums, s301, 96);
  v128.store(sums, s323, 112);
}

/** out ← r(s), or with subtract r(out − s) */
export function put<T>(n: i32, s: usize, out: usize, subtract: i32): void {
  for (; n >= 2; n -= 2) {
    const t = v128.load(s);
    narrow<T>(subtract ? f64x2.sub(widen<T>(out), t) : t, out);
    s += 16;
    out += 2 * sizeof<T>();
  }
  if (n > 0) {
    const t = load<f64>(s);
    store<T>(out, <T>(subtract ? <f64>load<T>(out) - t : t));
  }
}

function narrow<T>(x: v128, out: usize): void {
  if (sizeof<T>() == 4) v128.store64_lane(out, f32x4.demote_f64x2_zero(x), 0);
  else v128.store(out, x);
}

/** x ← x − s, all float32 */
export function subtract32(n: i32, s: usize, x: usize): void {
  for (; n >= 4; n -= 4) {
    v128.store(x, f32x4.sub(v128.load(x), v128.load(s)));
    s += 16;
    x += 16;
  }
  for (; n > 0; --n) {
    store<f32>(x, load<f32>(x) - load<f32>(s));
    s += 4;
    x += 4;
  }
}
