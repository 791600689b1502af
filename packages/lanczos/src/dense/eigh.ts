import { applyReflectors, tridiagonalize } from './householder.js';
import { exponentOf, maxAbs, scaleByPower } from './powerOfTwo.js';
import { sortDescending } from './sortEigen.js';
import { identityRows } from './tridiagonalEigen.js';
import type { Eigen, EigenOptions } from './tridiagonalEigen.js';
import { tridiagonalQl } from './tridiagonalQl.js';

/**
 * All eigenvalues, and if asked for eigenvectors, of a dense symmetric matrix: A = Vᵀ diag(values) V.
 *
 * Only the lower triangle is read (row i, columns 0..i), as LAPACK's 'L' does.
 * @param a (n, n) row-major, unchanged
 * @param n order, n ≥ 0
 * @returns values descending; vectors (n, n), row i belongs to values[i]
 * @throws RangeError when a does not have n² entries or one of the lower triangle is not finite
 * Cost: 8/3 n³ flops for values, about 6 n³ more with vectors; n² numbers of memory, 3 n² with vectors.
 * @example eigh(Float64Array.of(2, 1, 1, 2), 2).values  // [3, 1]
 * Source: Householder reduction [golub2013, Alg. 8.3.1], implicit QL [parlett1998, §8.9].
 */
export function eigh(a: Float64Array, n: number, options: EigenOptions = {}): Eigen {
  if (!Number.isInteger(n) || n < 0 || a.length !== n * n) {
    throw new RangeError(`eigh: a must hold n² numbers, got ${a.length} for n=${n}`);
  }
  const work = mirrorLower(a, n);
  const size = maxAbs(work);
  if (!Number.isFinite(size)) throw new RangeError(`eigh: every entry must be finite, found ${size}`);
  const exponent = exponentOf(size);
  scaleByPower(work, -exponent);
  const values = new Float64Array(n);
  const off = new Float64Array(n);
  const tau = new Float64Array(n);
  tridiagonalize(n, work, values, off, tau);
  const rows = options.vectors === true ? identityRows(n) : undefined;
  tridiagonalQl(n, values, off, rows, n);
  sortDescending(values, rows, n);
  if (rows !== undefined) applyReflectors(n, work, tau, n, rows);
  scaleByPower(values, exponent);
  return rows === undefined ? { values } : { values, vectors: rows };
}

/** Eigenvalues only, descending: `eigh(a, n).values`. */
export function eigvalsh(a: Float64Array, n: number): Float64Array {
  return eigh(a, n).values;
}

function mirrorLower(a: Float64Array, n: number): Float64Array {
  const full = Float64Array.from(a);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) full[j * n + i] = full[i * n + j];
  return full;
}
