// out = A x for a symmetric A of which the compressed rows hold the upper triangle, columns ascending: row i adds A_ij x_i to the sum of
// j > i, and A_ij x_j to its own. Each sum meets its terms in ascending columns of the whole row: the bits of csrProduct with all
// entries (order: packages/kernels/src/summationOrder.md).
// Element-aligned; sums (n,) float64, may be out where that is float64; out overlaps no input.
// 4 flops per entry off the diagonal; bytes per entry: 4 and one element, one element of x, one float64 read and written. Twin: src/twin/sparse.ts.
import { roundSums } from './roundSums';

export function csrMirrored32(
  n: i32,
  offsets: usize,
  indices: usize,
  values: usize,
  x: usize,
  sums: usize,
  out: usize,
): void {
  mirrored<f32>(n, offsets, indices, values, x, sums);
  roundSums<f32>(n, sums, out);
}

export function csrMirrored64(
  n: i32,
  offsets: usize,
  indices: usize,
  values: usize,
  x: usize,
  sums: usize,
  out: usize,
): void {
  mirrored<f64>(n, offsets, indices, values, x, sums);
  roundSums<f64>(n, sums, out);
}

function mirrored<T>(n: i32, offsets: usize, indices: usize, values: usize, x: usize, sums: usize): void {
  memory.fill(sums, 0, (<usize>n) << 3);
  let first = load<i32>(offsets);
  for (let i = 0; i < n; ++i) {
    offsets += 4;
    const next = load<i32>(offsets);
    const own = sums + ((<usize>i) << 3);
    const weight = <f64>load<T>(x + <usize>i * sizeof<T>());
    let s = load<f64>(own);
    for (let left = next - first; left > 0; --left) {
      const j = <usize>load<u32>(indices);
      const value = <f64>load<T>(values);
      s += value * <f64>load<T>(x + j * sizeof<T>());
      const at = sums + (j << 3);
      // the diagonal is written here and overwritten by s below
      store<f64>(at, load<f64>(at) + value * weight);
      indices += 4;
      values += sizeof<T>();
    }
    first = next;
    store<f64>(own, s);
  }
}
