// out_i = Σ_p values_p · x[indices_p] over the entries of row i, in float64, rounded once (order: packages/kernels/src/summationOrder.md).
// Element-aligned; out overlaps no input. `indices` and `values` point to the first entry of the first row.
// 2 flops per entry; bytes per entry: 4 and one element, one element of x gathered. Twin: src/twin/sparse.ts.

export function csrProduct32(rows: i32, offsets: usize, indices: usize, values: usize, x: usize, out: usize): void {
  product<f32>(rows, offsets, indices, values, x, out);
}

export function csrProduct64(rows: i32, offsets: usize, indices: usize, values: usize, x: usize, out: usize): void {
  product<f64>(rows, offsets, indices, values, x, out);
}

/** Four vectors, ldx and ldout elements apart. */
export function csrProducts32(
  rows: i32,
  offsets: usize,
  indices: usize,
  values: usize,
  x: usize,
  ldx: i32,
  out: usize,
  ldout: i32,
): void {
  products<f32>(rows, offsets, indices, values, x, (<usize>ldx) << 2, out, (<usize>ldout) << 2);
}

export function csrProducts64(
  rows: i32,
  offsets: usize,
  indices: usize,
  values: usize,
  x: usize,
  ldx: i32,
  out: usize,
  ldout: i32,
): void {
  products<f64>(rows, offsets, indices, values, x, (<usize>ldx) << 3, out, (<usize>ldout) << 3);
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

// From here on leading dimensions are in bytes.

function products<T>(
  rows: i32,
  offsets: usize,
  indices: usize,
  values: usize,
  x: usize,
  ldx: usize,
  out: usize,
  ldout: usize,
): void {
  let first = load<i32>(offsets);
  for (; rows > 0; --rows) {
    offsets += 4;
    const next = load<i32>(offsets);
    let s0: f64 = 0;
    let s1: f64 = 0;
    let s2: f64 = 0;
    let s3: f64 = 0;
    for (let left = next - first; left > 0; --left) {
      const value = <f64>load<T>(values);
      const at = x + <usize>load<u32>(indices) * sizeof<T>();
      s0 += value * <f64>load<T>(at);
      s1 += value * <f64>load<T>(at + ldx);
      s2 += value * <f64>load<T>(at + 2 * ldx);
      s3 += value * <f64>load<T>(at + 3 * ldx);
      indices += 4;
      values += sizeof<T>();
    }
    first = next;
    store<T>(out, <T>s0);
    store<T>(out + ldout, <T>s1);
    store<T>(out + 2 * ldout, <T>s2);
    store<T>(out + 3 * ldout, <T>s3);
    out += sizeof<T>();
  }
}
