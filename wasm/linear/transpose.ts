// out (n, m) ← xᵀ, x is (m, n); any alignment, out may not overlap x. Twin: src/twin/movement.ts.
// Blocks of 4 × 4 (float32) or 2 × 2 (float64) turn in registers, 64 columns at a time so that the written lines stay in L1.

function block32(x: usize, ldx: usize, out: usize, ldout: usize): void {
  const a = v128.load(x);
  const b = v128.load(x + ldx);
  const c = v128.load(x + 2 * ldx);
  const d = v128.load(x + 3 * ldx);
  const ab = i32x4.shuffle(a, b, 0, 4, 1, 5);
  const abHigh = i32x4.shuffle(a, b, 2, 6, 3, 7);
  const cd = i32x4.shuffle(c, d, 0, 4, 1, 5);
  const cdHigh = i32x4.shuffle(c, d, 2, 6, 3, 7);
  v128.store(out, i64x2.shuffle(ab, cd, 0, 2));
  v128.store(out + ldout, i64x2.shuffle(ab, cd, 1, 3));
  v128.store(out + 2 * ldout, i64x2.shuffle(abHigh, cdHigh, 0, 2));
  v128.store(out + 3 * ldout, i64x2.shuffle(abHigh, cdHigh, 1, 3));
}

function block64(x: usize, ldx: usize, out: usize, ldout: usize): void {
  const a = v128.load(x);
  const b = v128.load(x + ldx);
  v128.store(out, i64x2.shuffle(a, b, 0, 2));
  v128.store(out + ldout, i64x2.shuffle(a, b, 1, 3));
}

/** m rows of at most 64 columns */
function panel<T>(m: i32, n: i32, x: usize, ldx: usize, out: usize, ldout: usize): void {
  const lanes = <i32>(16 / sizeof<T>());
  for (; m >= lanes; m -= lanes) {
    let from = x;
    let to = out;
    let j = n;
    for (; j >= lanes; j -= lanes) {
      if (sizeof<T>() == 8) block64(from, ldx, to, ldout);
      else block32(from, ldx, to, ldout);
      from += 16;
      to += <usize>lanes * ldout;
    }
    for (; j > 0; --j) {
      for (let i = 0; i < lanes; ++i) store<T>(to + <usize>i * sizeof<T>(), load<T>(from + <usize>i * ldx));
      from += sizeof<T>();
      to += ldout;
    }
    x += <usize>lanes * ldx;
    out += 16;
  }
  for (; m > 0; --m) {
    for (let j = 0; j < n; ++j) store<T>(out + <usize>j * ldout, load<T>(x + <usize>j * sizeof<T>()));
    x += ldx;
    out += sizeof<T>();
  }
}

function transpose<T>(m: i32, n: i32, x: usize, out: usize): void {
  const ldx = <usize>n * sizeof<T>();
  const ldout = <usize>m * sizeof<T>();
  for (; n > 0; n -= 64) {
    panel<T>(m, min(n, 64), x, ldx, out, ldout);
    x += 64 * sizeof<T>();
    out += 64 * ldout;
  }
}

export function transpose32(m: i32, n: i32, x: usize, out: usize): void {
  transpose<f32>(m, n, x, out);
}

export function transpose64(m: i32, n: i32, x: usize, out: usize): void {
  transpose<f64>(m, n, x, out);
}
