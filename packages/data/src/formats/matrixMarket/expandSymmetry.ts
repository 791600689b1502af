import type { MarketSymmetry } from './marketHeader.js';

interface Entries {
  readonly rowIndices: Int32Array;
  readonly columnIndices: Int32Array;
  readonly values: Float64Array;
}

/** signs of the real and the imaginary part in the mirrored place */
const signs = { general: [1, 1], symmetric: [1, 1], 'skew-symmetric': [-1, -1], hermitian: [1, -1] } as const;

/** The entries, and behind them those of mirrored places. `width`: numbers per entry, 2 where they are complex. */
export function expandEntries(stored: Entries, symmetry: MarketSymmetry, width: number): Entries {
  if (symmetry === 'general') return stored;
  const entries = stored.rowIndices.length;
  let off = 0;
  for (let p = 0; p < entries; p++) if (stored.rowIndices[p] !== stored.columnIndices[p]) off++;
  const rowIndices = new Int32Array(entries + off);
  const columnIndices = new Int32Array(entries + off);
  const values = new Float64Array(width * (entries + off));
  rowIndices.set(stored.rowIndices);
  columnIndices.set(stored.columnIndices);
  values.set(stored.values);
  for (let p = 0, q = entries; p < entries; p++) {
    if (stored.rowIndices[p] === stored.columnIndices[p]) continue;
    rowIndices[q] = stored.columnIndices[p];
    columnIndices[q] = stored.rowIndices[p];
    for (let part = 0; part < width; part++)
      values[width * q + part] = signs[symmetry][part] * stored.values[width * p + part];
    q++;
  }
  return { rowIndices, columnIndices, values };
}

/**
 * The whole array, row-major, of what a file lists column by column: everything, the lower triangle, or what lies strictly below the diagonal.
 * @returns the array, or the row where the diagonal of a hermitian matrix is not real
 */
export function expandArray(
  listed: Float64Array,
  rows: number,
  columns: number,
  symmetry: MarketSymmetry,
  width: number,
): Float64Array | number {
  const out = new Float64Array(width * rows * columns);
  let p = 0;
  for (let j = 0; j < columns; j++) {
    const first = symmetry === 'general' ? 0 : symmetry === 'skew-symmetric' ? j + 1 : j;
    for (let i = first; i < rows; i++) {
      if (symmetry === 'hermitian' && i === j && listed[p + 1] !== 0) return i;
      for (let part = 0; part < width; part++, p++) {
        out[width * (i * columns + j) + part] = listed[p];
        if (symmetry !== 'general' && i !== j)
          out[width * (j * columns + i) + part] = signs[symmetry][part] * listed[p];
      }
    }
  }
  return out;
}
