import type { LinearWorkspace } from '@hyperribbon/kernels/linear';
import { identityRows } from './eigen.js';
import { type Eigenpairs, mergeEigenpairs } from './mergeEigenpairs.js';
import { tridiagonalQl } from './tridiagonalQl.js';

/** below this order QL on rows beats the bookkeeping of merging */
const LEAF = 32;

/** Workspace bytes that {@link divideAndConquer} takes besides the eigenvectors. */
export function divideAndConquerBytes(n: number): number {
  return 16 * n * n + 256;
}

/**
 * All eigenpairs of a symmetric tridiagonal matrix with entries of order one, by divide and conquer [cuppen1981] with the stable
 * eigenvector formula of [gu1994].
 *
 * d (n,) becomes the eigenvalues, unsorted; e (n,) is destroyed; rows (n, n) at pointer `z` in `space` becomes the eigenvectors, row i of
 * value i. Matrix products do the work: at most 4/3 n³ flops, less by what deflates. Measured against QL with rotations on rows: see eigh.
 */
export function divideAndConquer(space: LinearWorkspace, n: number, d: Float64Array, e: Float64Array, z: number): void {
  const rows = space.float64View(z, n * n);
  rows.fill(0);
  const gathered = space.allocate(8 * n * n);
  const factors = space.allocate(8 * n * n);
  const pairs: Eigenpairs = { space, n, values: d, rows, pointer: z, gathered, factors };
  const solve = (low: number, high: number): void => {
    const size = high - low;
    if (size <= LEAF) {
      leaf(n, low, size, d, e, rows);
      return;
    }
    const middle = low + (size >> 1);
    const coupling = e[middle - 1];
    d[middle - 1] -= Math.abs(coupling);
    d[middle] -= Math.abs(coupling);
    solve(low, middle);
    solve(middle, high);
    if (coupling !== 0) mergeEigenpairs(pairs, { low, middle, high }, coupling);
  };
  solve(0, n);
}

function leaf(n: number, low: number, size: number, d: Float64Array, e: Float64Array, rows: Float64Array): void {
  const local = identityRows(size);
  tridiagonalQl(size, d.subarray(low, low + size), e.slice(low, low + size), local, size);
  for (let i = 0; i < size; i++) rows.set(local.subarray(i * size, (i + 1) * size), (low + i) * n + low);
}
