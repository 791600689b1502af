import { jacobiRows } from '@hyperribbon/lanczos/svd';
import { identity, transpose } from './dense.js';
import { dotRange } from '../sums.js';

const EPS = 2.220446049250313e-16;

export interface Svd {
  /** (min(m, n),), descending; what is below max(m, n)·eps·values[0] is exactly 0 */
  readonly values: Float64Array;
  /** rows are u_i: (min(m, n), m), or (m, m) when full */
  readonly left: Float64Array;
  /** rows are v_i: (min(m, n), n), or (n, n) when full */
  readonly right: Float64Array;
}

/**
 * Singular value decomposition A = Σ values[i] u_i v_iᵀ by one-sided Jacobi rotations of the rows [demmel1992, Alg. 4.1].
 *
 * Each singular value keeps its own relative accuracy (up to the scaling of the rows), which powers such as σ^(2/N) need;
 * values below rounding are set to exact zeros, because (1e-17)^(2/3) is 5e-12 and not nothing.
 * @param a (m, n) row-major, unchanged
 * @param full complete both sides to orthonormal bases
 * Cost: about 6 sweeps of 3 min(m, n)² (m + n) flops; for the small matrices of this folder.
 */
export function jacobiSvd(a: Float64Array, m: number, n: number, full = false): Svd {
  if (m > n) {
    const { values, left, right } = jacobiSvd(transpose(a, m, n), n, m, full);
    return { values, left: right, right: left };
  }
  const rows = Float64Array.from(a);
  const left = identity(m);
  const norms = jacobiRows(m, n, rows, left, m);
  const floor = n * EPS * (norms[0] ?? 0);
  const values = norms.map((norm) => (norm > floor ? norm : 0));
  const rank = values.filter((value) => value > 0).length;
  const right = new Float64Array((full ? n : m) * n);
  for (let p = 0; p < rank * n; p++) right[p] = rows[p]! / values[Math.floor(p / n)]!;
  complete(right, rank, full ? n : m, n);
  return { values, left, right };
}

/**
 * Adds orthonormal rows `from`..`count`−1 to the orthonormal rows 0..`from`−1 of length n: the images of the later axes under the
 * Householder reflections that turn the first axes into the rows. 4 n·from·(count − from) flops, where orthogonalising axes one
 * after the other takes n² per row.
 */
function complete(rows: Float64Array, from: number, count: number, n: number): void {
  const v = rows.slice(0, from * n);
  const factors = new Float64Array(from);
  for (let k = 0; k < from; k++) {
    const at = k * n;
    const length = Math.sqrt(dotRange(v, at + k, v, at + k, n - k));
    for (let j = 0; j < k; j++) v[at + j] = 0;
    v[at + k]! += v[at + k]! < 0 ? -length : length;
    factors[k] = 2 / dotRange(v, at + k, v, at + k, n - k);
    for (let i = k + 1; i < from; i++) reflect(v, at, factors[k]!, v, i * n, n);
  }
  for (let i = from; i < count; i++) {
    rows.fill(0, i * n, (i + 1) * n);
    rows[i * n + i] = 1;
    for (let k = from - 1; k >= 0; k--) reflect(v, k * n, factors[k]!, rows, i * n, n);
  }
}

/** x ← x − factor v (v·x) */
function reflect(v: Float64Array, at: number, factor: number, x: Float64Array, to: number, n: number): void {
  const c = factor * dotRange(v, at, x, to, n);
  for (let j = 0; j < n; j++) x[to + j]! -= c * v[at + j]!;
}

/** Row i ← its part outside rows 0..i−1, normalised; returns the length of that part. Two passes: after one, 1e-8 may be left. */
export function orthonormalize(rows: Float64Array, i: number, n: number): number {
  for (let pass = 0; pass < 2; pass++) {
    for (let k = 0; k < i; k++) {
      const c = dotRange(rows, k * n, rows, i * n, n);
      for (let j = 0; j < n; j++) rows[i * n + j]! -= c * rows[k * n + j]!;
    }
  }
  const norm = Math.sqrt(dotRange(rows, i * n, rows, i * n, n));
  if (norm > 0) for (let j = 0; j < n; j++) rows[i * n + j]! /= norm;
  return norm;
}
