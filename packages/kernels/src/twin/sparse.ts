import type { SparseKernels } from '../sparseKernels.js';
import type { TwinMemory } from './twinMemory.js';

/** Products with compressed rows; order of operations in summationOrder.md. */
export function sparseTwins({ elements, shift, round, float64, int32 }: TwinMemory): SparseKernels {
  /** `width` vectors side by side */
  const products =
    (width: number): SparseKernels['csrProduct'] =>
    (rows, offsets, indices, values, x, out) => {
      const [row, column, value] = [offsets >>> 2, indices >>> 2, values >>> shift];
      const first = int32[row];
      for (let c = 0; c < width; c++) {
        const [from, to] = [(x >>> shift) + c, (out >>> shift) + c];
        for (let i = 0, p = 0; i < rows; i++) {
          const end = int32[row + i + 1] - first;
          let s = 0;
          for (; p < end; p++) s += elements[value + p] * elements[from + width * int32[column + p]];
          elements[to + width * i] = s;
        }
      }
    };
  const roundSums = (n: number, sums: number, out: number): void => {
    if (sums === out) return;
    for (let j = 0; j < n; j++) elements[(out >>> shift) + j] = round(float64[(sums >>> 3) + j]);
  };
  return {
    csrProduct: products(1),
    csrProducts: products(4),
    csrTransposed(rows, columns, offsets, indices, values, y, sums, out) {
      const [row, column, value, from, to] = [offsets >>> 2, indices >>> 2, values >>> shift, y >>> shift, sums >>> 3];
      float64.fill(0, to, to + columns);
      const first = int32[row];
      for (let i = 0, p = 0; i < rows; i++) {
        const end = int32[row + i + 1] - first;
        const weight = elements[from + i];
        for (; p < end; p++) float64[to + int32[column + p]] += elements[value + p] * weight;
      }
      roundSums(columns, sums, out);
    },
    csrMirrored(n, offsets, indices, values, x, sums, out) {
      const [row, column, value, from, to] = [offsets >>> 2, indices >>> 2, values >>> shift, x >>> shift, sums >>> 3];
      float64.fill(0, to, to + n);
      const first = int32[row];
      for (let i = 0, p = 0; i < n; i++) {
        const end = int32[row + i + 1] - first;
        const weight = elements[from + i];
        let s = float64[to + i];
        for (; p < end; p++) {
          const j = int32[column + p];
          s += elements[value + p] * elements[from + j];
          float64[to + j] += elements[value + p] * weight;
        }
        float64[to + i] = s;
      }
      roundSums(n, sums, out);
    },
  };
}
