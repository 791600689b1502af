/**
 * Two entries of one place, if there are any.
 * Cost: one pass where the entries are sorted by rows or by columns, as most files are; else a sort. Memory goes with the entries, never with the size
 * that a file claims.
 */
export function findRepeatedEntry(
  rowIndices: Int32Array,
  columnIndices: Int32Array,
): { readonly first: number; readonly second: number } | undefined {
  if (ascending(rowIndices, columnIndices) || ascending(columnIndices, rowIndices)) return undefined;
  const order = Uint32Array.from(rowIndices, (_, p) => p);
  order.sort((a, b) => rowIndices[a] - rowIndices[b] || columnIndices[a] - columnIndices[b] || a - b);
  for (let q = 1; q < order.length; q++) {
    const [first, second] = [order[q - 1], order[q]];
    if (rowIndices[first] === rowIndices[second] && columnIndices[first] === columnIndices[second])
      return { first, second };
  }
  return undefined;
}

function ascending(major: Int32Array, minor: Int32Array): boolean {
  for (let p = 1; p < major.length; p++)
    if (major[p] < major[p - 1] || (major[p] === major[p - 1] && minor[p] <= minor[p - 1])) return false;
  return true;
}
