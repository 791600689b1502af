import type { FloatArray } from '@hyperribbon/kernels';
import type { CompressedRows } from './compressedRows.js';

/** What a worker is told: first its rows, then vectors. */
export type ToWorker =
  | { readonly type: 'bind'; readonly rows: CompressedRows }
  | { readonly type: 'product'; readonly x: FloatArray; readonly out: FloatArray };

/** Memory travels there and back. */
export interface FromWorker {
  readonly x?: FloatArray;
  readonly out?: FloatArray;
}

/** First rows of `parts` runs of rows, and the number of rows: as equal in entries as whole rows allow. */
export function splitByEntries({ rows, offsets }: CompressedRows, parts: number): readonly number[] {
  const bounds = [0];
  for (let part = 1, row = 0; part < parts; part++) {
    const target = (part * offsets[rows]) / parts;
    while (row < rows && offsets[row] < target) row++;
    bounds.push(row);
  }
  return [...bounds, rows];
}

/** Rows first ≤ i < end as a matrix in memory of its own. */
export function cutRows(a: CompressedRows, first: number, end: number): CompressedRows {
  const [from, to] = [a.offsets[first], a.offsets[end]];
  return {
    rows: end - first,
    columns: a.columns,
    offsets: a.offsets.slice(first, end + 1).map((offset) => offset - from),
    indices: a.indices.slice(from, to),
    values: a.values.slice(from, to),
  };
}
