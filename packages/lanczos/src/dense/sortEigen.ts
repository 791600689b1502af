/**
 * Sorts eigenvalues descending and eigenvectors (rows of length `columns`) with them; ties keep their order.
 * Returns the permutation: new position i came from permutation[i].
 */
export function sortDescending(values: Float64Array, rows?: Float64Array, columns = 0): Int32Array {
  const n = values.length;
  const order = Int32Array.from({ length: n }, (_, i) => i).sort((a, b) => values[b] - values[a] || a - b);
  values.set(Float64Array.from(order, (i) => values[i]));
  if (rows !== undefined && columns > 0) permuteRows(rows, columns, order);
  return order;
}

/** Moves row order[i] to place i, following cycles so that one row of scratch is enough. */
function permuteRows(rows: Float64Array, columns: number, order: Int32Array): void {
  const done = new Uint8Array(order.length);
  const kept = new Float64Array(columns);
  for (let start = 0; start < order.length; start++) {
    if (done[start] === 1 || order[start] === start) continue;
    kept.set(rows.subarray(start * columns, (start + 1) * columns));
    let to = start;
    for (let from = order[to]; from !== start; to = from, from = order[to]) {
      rows.copyWithin(to * columns, from * columns, (from + 1) * columns);
      done[to] = 1;
    }
    rows.set(kept, to * columns);
    done[to] = 1;
  }
}
