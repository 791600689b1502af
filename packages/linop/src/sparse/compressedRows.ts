import type { FloatArray } from '@hyperribbon/kernels';
import { floatArray } from '@hyperribbon/contract';
import { dtypeOf } from '../matrixArguments.js';

/**
 * A sparse matrix as data: row i holds the entries offsets[i] ≤ p < offsets[i + 1], column indices[p] and value values[p]. Canonical where
 * the columns of each row ascend strictly and offsets start at 0.
 */
export interface CompressedRows {
  readonly rows: number;
  readonly columns: number;
  /** (rows + 1,) */
  readonly offsets: Int32Array;
  /** (nnz,) */
  readonly indices: Int32Array;
  /** (nnz,) */
  readonly values: FloatArray;
}

/** Entries by row, in the order given: a counting sort. */
export function groupByRow(
  rows: number,
  columns: number,
  rowIndices: ArrayLike<number>,
  columnIndices: ArrayLike<number>,
  values: FloatArray,
): CompressedRows {
  const nnz = values.length;
  const offsets = new Int32Array(rows + 1);
  for (let p = 0; p < nnz; p++) offsets[rowIndices[p] + 1]++;
  for (let i = 0; i < rows; i++) offsets[i + 1] += offsets[i];
  const next = offsets.slice();
  const indices = new Int32Array(nnz);
  const sorted = floatArray(dtypeOf(values), nnz);
  for (let p = 0; p < nnz; p++) {
    const at = next[rowIndices[p]]++;
    indices[at] = columnIndices[p];
    sorted[at] = values[p];
  }
  return { rows, columns, offsets, indices, values: sorted };
}

/** The row of each entry. */
export function rowOfEntries({ rows, offsets, indices }: CompressedRows): Int32Array {
  const rowIndices = new Int32Array(indices.length);
  for (let i = 0; i < rows; i++) rowIndices.fill(i, offsets[i], offsets[i + 1]);
  return rowIndices;
}

/** Aᵀ: its columns ascend in every row, whatever the order in A; entries of one place keep theirs. Cost: two passes. */
export function transposeRows(a: CompressedRows): CompressedRows {
  return groupByRow(a.columns, a.rows, a.indices, rowOfEntries(a), a.values);
}

/** The same matrix with ascending columns; entries of one place stay beside each other in their order. */
export function sortRows(a: CompressedRows): CompressedRows {
  return ascending(a) ? a : transposeRows(transposeRows(a));
}

function ascending({ rows, offsets, indices }: CompressedRows): boolean {
  for (let i = 0; i < rows; i++)
    for (let p = offsets[i] + 1; p < offsets[i + 1]; p++) if (indices[p - 1] > indices[p]) return false;
  return true;
}

/** First p with the place of the entry before, for ascending columns; undefined where there is none. */
export function findRepeated({ rows, offsets, indices }: CompressedRows): { row: number; p: number } | undefined {
  for (let i = 0; i < rows; i++)
    for (let p = offsets[i] + 1; p < offsets[i + 1]; p++) if (indices[p - 1] === indices[p]) return { row: i, p };
  return undefined;
}

/** Entries of one place added in their order, in float64, for ascending columns. */
export function sumRepeated(a: CompressedRows): CompressedRows {
  if (findRepeated(a) === undefined) return a;
  const { rows, columns, offsets, indices, values } = a;
  const sums = new Float64Array(indices.length);
  const kept = new Int32Array(indices.length);
  const starts = new Int32Array(rows + 1);
  let length = 0;
  for (let i = 0; i < rows; i++) {
    for (let p = offsets[i]; p < offsets[i + 1]; p++) {
      if (length > starts[i] && kept[length - 1] === indices[p]) sums[length - 1] += values[p];
      else {
        kept[length] = indices[p];
        sums[length++] = values[p];
      }
    }
    starts[i + 1] = length;
  }
  const summed = floatArray(dtypeOf(values), sums.subarray(0, length));
  return { rows, columns, offsets: starts, indices: kept.slice(0, length), values: summed };
}
