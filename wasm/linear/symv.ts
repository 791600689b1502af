// y ← A x for a symmetric A (n, n) of which the lower triangle is read, once. Order: packages/kernels/src/summationOrder.md. Any alignment;
// y overlaps neither A nor x. 4 flops and 8 bytes of A per entry below the diagonal.
import { CHUNK, chunkDot } from './rowDot';
import { multiplyAdd } from '../multiplyAdd';
import { axpy64 } from './vectors';

export function symv64(n: i32, a: usize, lda: i32, x: usize, y: usize): void {
  const ld = (<usize>lda) << 3;
  memory.fill(y, 0, (<usize>n) << 3);
  // 4 rows and what lies left of their square on the diagonal: their part of y, and by symmetry a part of the y before
  for (let i = 0; i < n; i += 4) {
    const at = (<usize>i) << 3;
    const rows = min(n - i, 4);
    for (let start = 0; start < i; start += CHUNK) {
      const length = min(i - start, CHUNK);
      const offset = (<usize>start) << 3;
      if (rows == 4) fourRows(length, a + offset, ld, x + offset, y + offset, x + at, y + at);
      else {
        for (let row: usize = 0; row < <usize>rows; ++row) {
          const from = a + row * ld + offset;
          const own = at + (row << 3);
          store<f64>(y + own, load<f64>(y + own) + chunkDot<f64>(length, from, x + offset));
          axpy64(length, load<f64>(x + own), from, y + offset);
        }
      }
    }
    for (let row = 0; row < rows; ++row) {
      const q = (<usize>(i + row)) << 3;
      for (let p = at; p < q; p += 8) {
        const entry = load<f64>(a + p);
        store<f64>(y + q, load<f64>(y + q) + entry * load<f64>(x + p));
        store<f64>(y + p, load<f64>(y + p) + entry * load<f64>(x + q));
      }
      store<f64>(y + q, load<f64>(y + q) + load<f64>(a + q) * load<f64>(x + q));
      a += ld;
    }
  }
}

// u ← u + A x, y ← y + Aᵀ w for 4 rows of n entries, n a multiple of 4.
// 8 running sums of u, 4 weights, and x, y and one vector of A: the 15 registers V8 allocates.
function fourRows(n: i32, a0: usize, lda: usize, x: usize, y: usize, w: usize, u: usize): void {
  let a1 = a0 + lda;
  let a2 = a1 + lda;
  let a3 = a2 + lda;
  const w0 = v128.load64_splat(w);
  const w1 = v128.load64_splat(w, 8);
  const w2 = v128.load64_splat(w, 16);
  const w3 = v128.load64_splat(w, 24);
  let s001 = f64x2.splat(0);
  let s023 = f64x2.splat(0);
  let s101 = f64x2.splat(0);
  let s123 = f64x2.splat(0);
  let s201 = f64x2.splat(0);
  let s223 = f64x2.splat(0);
  let s301 = f64x2.splat(0);
  let s323 = f64x2.splat(0);
  let v: v128;
  let q: v128;
  let t: v128;
  for (; n > 0; n -= 4) {
    v = v128.load(x);
    q = v128.load(a0);
    s001 = multiplyAdd<f64>(q, v, s001);
    t = multiplyAdd<f64>(w0, q, v128.load(y));
    q = v128.load(a1);
    s101 = multiplyAdd<f64>(q, v, s101);
    t = multiplyAdd<f64>(w1, q, t);
    q = v128.load(a2);
    s201 = multiplyAdd<f64>(q, v, s201);
    t = multiplyAdd<f64>(w2, q, t);
    q = v128.load(a3);
    s301 = multiplyAdd<f64>(q, v, s301);
    v128.store(y, multiplyAdd<f64>(w3, q, t));
    v = v128.load(x, 16);
    q = v128.load(a0, 16);
    s023 = multiplyAdd<f64>(q, v, s023);
    t = multiplyAdd<f64>(w0, q, v128.load(y, 16));
    q = v128.load(a1, 16);
    s123 = multiplyAdd<f64>(q, v, s123);
    t = multiplyAdd<f64>(w1, q, t);
    q = v128.load(a2, 16);
    s223 = multiplyAdd<f64>(q, v, s223);
    t = multiplyAdd<f64>(w2, q, t);
    q = v128.load(a3, 16);
    s323 = multiplyAdd<f64>(q, v, s323);
    v128.store(y, multiplyAdd<f64>(w3, q, t), 16);
    a0 += 32;
    a1 += 32;
    a2 += 32;
    a3 += 32;
    x += 32;
    y += 32;
  }
  store<f64>(u, load<f64>(u) + sumOf(f64x2.add(s001, s023)));
  store<f64>(u, load<f64>(u, 8) + sumOf(f64x2.add(s101, s123)), 8);
  store<f64>(u, load<f64>(u, 16) + sumOf(f64x2.add(s201, s223)), 16);
  store<f64>(u, load<f64>(u, 24) + sumOf(f64x2.add(s301, s323)), 24);
}

function sumOf(s: v128): f64 {
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}
