/**
 * Sorts eigenvalues descending, in place; ties keep their order. `rows` (n, columns) becomes the eigenvectors `from` in the new
 * order; without `from` it is sorted itself.
 */
export function sortDescending(
  values: Float64Array,
  rows?: Float64Array,
  columns = 0,
  from: Float64Array | undefined = rows?.slice(),
): void {
  const old = values.slice();
  const order = Int32Array.from(values.keys()).sort((a, b) => old[b] - old[a] || a - b);
  for (let i = 0; i < order.length; i++) {
    const at = order[i] * columns;
    values[i] = old[order[i]];
    if (from !== undefined) rows?.set(from.subarray(at, at + columns), i * columns);
  }
}
