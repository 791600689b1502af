import { requireFiniteEntries, requireFloatArray, requireLength, requireOptions } from '@hyperribbon/contract';
import { createLinearWorkspace } from '@hyperribbon/kernels/linear';
import { divideAndConquer, divideAndConquerBytes } from './divideAndConquer.js';
import { type Eigen, type EigenOptions, identityRows, kernelOptions } from './eigen.js';
import { exponentOf, maxAbs, scaleByPower } from './powerOfTwo.js';
import { sortDescending } from './sortEigen.js';
import { tridiagonalQl } from './tridiagonalQl.js';

/** order from which divide and conquer is used for vectors */
const CONQUER = 96;

/**
 * All eigenvalues of the symmetric tridiagonal matrix T with diagonal d and off-diagonal e.
 *
 * The matrix is first scaled by a power of two, so norms from 5e-324 to 1.7e308 work and T·2^k gives values·2^k bit for bit.
 * Error: |λ − exact| ≤ 30 eps ‖T‖ on all golden cases (measured worst: see test/golden).
 *
 * @param d (n,) diagonal, unchanged
 * @param e (n − 1,) off-diagonal, unchanged
 * @returns values descending; vectors (n, n) as rows with `{ vectors: true }`
 * @throws ArgumentError when lengths do not fit or an entry is not finite
 * Cost: 30 n² flops for values; with vectors at most 4/3 n³ more in matrix products.
 * @example tridiagonalEigen(Float64Array.of(2, 2), Float64Array.of(-1)).values  // [3, 1]
 * Source: implicit QL [parlett1998, §8.9]; divide and conquer [gu1994] for vectors from n = 96 on.
 */
export function tridiagonalEigen(
  d: Float64Array,
  e: Float64Array,
  options: EigenOptions & { readonly vectors: true },
): Required<Eigen>;
export function tridiagonalEigen(d: Float64Array, e: Float64Array, options?: EigenOptions): Eigen;
export function tridiagonalEigen(d: Float64Array, e: Float64Array, options: EigenOptions = {}): Eigen {
  requireOptions('tridiagonalEigen', options);
  requireFloatArray('tridiagonalEigen', 'd', d);
  requireFloatArray('tridiagonalEigen', 'e', e);
  const n = d.length;
  requireLength('tridiagonalEigen', 'e', e, Math.max(0, n - 1));
  requireFiniteEntries('tridiagonalEigen', 'd', d);
  requireFiniteEntries('tridiagonalEigen', 'e', e);
  const size = Math.max(maxAbs(d), maxAbs(e));
  const exponent = exponentOf(size);
  const values = scaleByPower(Float64Array.from(d), -exponent);
  const off = new Float64Array(n);
  off.set(e);
  scaleByPower(off, -exponent);
  if (options.vectors === true && n >= CONQUER) {
    const space = createLinearWorkspace({ bytes: 8 * n * n + divideAndConquerBytes(n), ...kernelOptions(options) });
    const z = space.allocate(8 * n * n);
    divideAndConquer(space, n, values, off, z);
    const rows = new Float64Array(n * n);
    sortDescending(values, rows, n, space.float64View(z, n * n));
    return { values: scaleByPower(values, exponent), vectors: rows };
  }
  const rows = options.vectors === true ? identityRows(n) : undefined;
  tridiagonalQl(n, values, off, rows, n);
  sortDescending(values, rows, n);
  scaleByPower(values, exponent);
  return rows === undefined ? { values } : { values, vectors: rows };
}
