/**
 * Products with compressed rows: row i has the entries offsets[i] − offsets[0] ≤ p < offsets[i + 1] − offsets[0], each an int32 column
 * `indices[p]` and a number `values[p]`. Pointers are bytes, leading dimensions elements. Nothing is checked here: columns out of range read
 * other memory of the workspace.
 */
export interface SparseKernels {
  /** out (rows,) ← A x */
  csrProduct(rows: number, offsets: number, indices: number, values: number, x: number, out: number): void;
  /** out (rows, 4) ← A X for 4 vectors side by side, X (columns, 4): reads A once; the bits of csrProduct */
  csrProducts(rows: number, offsets: number, indices: number, values: number, x: number, out: number): void;
  /** out (columns,) ← Aᵀ y; sums: (columns,) float64 to work in, out itself where that is float64 */
  csrTransposed(
    rows: number,
    columns: number,
    offsets: number,
    indices: number,
    values: number,
    y: number,
    sums: number,
    out: number,
  ): void;
  /** out (n,) ← A x, A symmetric, given by its upper triangle with ascending columns; sums: (n,) float64, out itself where that is float64 */
  csrMirrored(n: number, offsets: number, indices: number, values: number, x: number, sums: number, out: number): void;
}
