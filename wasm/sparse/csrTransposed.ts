// out_j = Σ_i A_ij y_i for A of compressed rows: rows ascending, added to float64 sums, rounded once (order:
// packages/kernels/src/summationOrder.md), so that compressed rows of the transpose give the same bits.
// Element-aligned; sums (columns,) float64, may be out where that is float64; out overlaps no input.
// 2 flops per entry; bytes per entry: 4 and one element, one float64 read and written. Twin: src/twin/sparse.ts.
import { roundSums } from './roundSums';

export function csrTransposed32(
  rows: i32,
  columns: i32,
  offsets: usize,
  indices: usize,
  values: usize,
  y: usize,
  sums: usize,
  out: usize,
): void {
  transposed<f32>(rows, columns, offsets, indices, values, y, sums);
  roundSums<f32>(columns, sums, out);
}

export function csrTransposed64(
  rows: i32,
  columns: i32,
  offsets: usize,
  indices: usize,
  values: usize,
  y: usize,
  sums: usize,
  out: usize,
): void {
  transposed<f64>(rows, columns, offsets, indices, values, y, sums);
  roundSums<f64>(columns, sums, out);
}

function transposed<T>(
  rows: i32,
  columns: i32,
  offsets: usize,
  indices: usize,
  values: usize,
  y: usize,
  sums: usize,
): void {
  memory.fill(sums, 0, (<usize>columns) << 3);
  let first = load<i32>(offsets);
  for (; rows > 0; --rows) {
    offsets += 4;
    const next = load<i32>(offsets);
    const weight = <f64>load<T>(y);
    for (let left = next - first; left > 0; --left) {
      const at = sums + ((<usize>load<u32>(indices)) << 3);
      store<f64>(at, load<f64>(at) + <f64>load<T>(values) * weight);
      indices += 4;
      values += sizeof<T>();
    }
    first = next;
    y += sizeof<T>();
  }
}
