// out_i = Σ_p values_p · x[indices_p] over the entries of row i, in float64, rounded once (order: packages/kernels/src/summationOrder.md).
// Element-aligned; out overlaps no input. `indices` and `values` point to the first entry of the first row.
// 2 flops per entry; bytes per entry: 4 and one element, one element of x gathered. Twin: src/twin/sparse.ts.

export function csrProduct32(rows: i32, offsets: usize, indices: usize, values: usize, x: usize, out: usize): void {
  product<f32>(rows, offsets, indices, values, x, out);
}

export function csrProduct64(rows: i32, offsets: usize, indices: usize, values: usize, x: usize, out: usize): void {
  product<f64>(rows, offsets, indices, values, x, out);
}

/** Four vectors side by side: x (columns, 4), out (rows, 4), so that an entry gathers from one place. */
export function csrProducts32(rows: i32, offsets: usize, indices: usize, values: usize, x: usize, out: usize): void {
  let first = load<i32>(offsets);
  for (; rows > 0; --rows) {
    offsets += 4;
    const next = load<i32>(offsets);
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (let left = next - first; left > 0; --left) {
      const value = f64x2.splat(<f64>load<f32>(values));
      const four = v128.load(x + ((<usize>load<u32>(indices)) << 4));
      low = f64x2.add(low, f64x2.mul(value, f64x2.promote_low_f32x4(four)));
      high = f64x2.add(high, f64x2.mul(value, f64x2.promote_low_f32x4(v128.shuffle<i32>(four, four, 2, 3, 2, 3))));
      indices += 4;
      values += 4;
    }
    first = next;
    const lows = f32x4.demote_f64x2_zero(low);
    const highs = f32x4.demote_f64x2_zero(high);
    v128.store(out, v128.shuffle<i32>(lows, highs, 0, 1, 4, 5));
    out += 16;
  }
}

export function csrProducts64(rows: i32, offsets: usize, indices: usize, values: usize, x: usize, out: usize): void {
  let first = load<i32>(offsets);
  for (; rows > 0; --rows) {
    offsets += 4;
    const next = load<i32>(offsets);
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (let left = next - first; left > 0; --left) {
      const value = v128.load64_splat(values);
      const at = x + ((<usize>load<u32>(indices)) << 5);
      low = f64x2.add(low, f64x2.mul(value, v128.load(at)));
      high = f64x2.add(high, f64x2.mul(value, v128.load(at, 16)));
      indices += 4;
      values += 8;
    }
    first = next;
    v128.store(out, low);
    v128.store(out, high, 16);
    out += 32;
  }
}

function product<T>(rows: i32, offsets: usize, indices: usize, values: usize, x: usize, out: usize): void {
  let first = load<i32>(offsets);
  for (; rows > 0; --rows) {
    offsets += 4;
    const next = load<i32>(offsets);
    let s: f64 = 0;
    let left = next - first;
    // hot: four entries a step, added one after the other
    for (; left >= 4; left -= 4) {
      s += <f64>load<T>(values) * <f64>load<T>(x + <usize>load<u32>(indices) * sizeof<T>());
      s += <f64>load<T>(values, sizeof<T>()) * <f64>load<T>(x + <usize>load<u32>(indices, 4) * sizeof<T>());
      s += <f64>load<T>(values, 2 * sizeof<T>()) * <f64>load<T>(x + <usize>load<u32>(indices, 8) * sizeof<T>());
      s += <f64>load<T>(values, 3 * sizeof<T>()) * <f64>load<T>(x + <usize>load<u32>(indices, 12) * sizeof<T>());
      indices += 16;
      values += 4 * sizeof<T>();
    }
    for (; left > 0; --left) {
      s += <f64>load<T>(values) * <f64>load<T>(x + <usize>load<u32>(indices) * sizeof<T>());
      indices += 4;
      values += sizeof<T>();
    }
    first = next;
    store<T>(out, <T>s);
    out += sizeof<T>();
  }
}
