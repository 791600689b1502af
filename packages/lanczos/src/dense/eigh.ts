import { refuse, requireFloatArray, requireInteger, requireLength, requireOptions } from '@hyperribbon/contract';
import { createLinearWorkspace } from '@hyperribbon/kernels/linear';
import { blockedHouseholderBytes, tridiagonalizeBlocked } from './blockedHouseholder.js';
import { applyReflectorsBlocked, blockReflectorsBytes } from './blockReflectors.js';
import { divideAndConquer, divideAndConquerBytes } from './divideAndConquer.js';
import { applyReflectors, tridiagonalize } from './householder.js';
import { exponentOf, maxAbs, scaleByPower } from './powerOfTwo.js';
import { sortDescending } from './sortEigen.js';
import { identityRows, kernelOptions, type Eigen, type EigenOptions } from './eigen.js';
import { tridiagonalQl } from './tridiagonalQl.js';

/** from this order on the blocked algorithms win, also when they must set up a workspace first */
const BLOCKED = 96;

/**
 * All eigenvalues, and if asked for eigenvectors, of a dense symmetric matrix: A = Vᵀ diag(values) V.
 *
 * Only the lower triangle is read (row i, columns 0..i), as LAPACK's 'L' does.
 * @param a (n, n) row-major, unchanged
 * @param n order, n ≥ 0
 * @returns values descending; vectors (n, n), row i belongs to values[i]
 * @throws ArgumentError when a does not have n² entries or one of the lower triangle is not finite; MemoryLimitError
 * Cost: 4/3 n³ flops for values, about 3 n³ more with vectors; 2 n² numbers of memory, 5 n² with vectors.
 * @example eigh(Float64Array.of(2, 1, 1, 2), 2).values  // [3, 1]
 * Source: Householder reduction in panels [dongarra1989]; divide and conquer [gu1994] for vectors, implicit QL [parlett1998, §8.9] for values
 * alone and n < 96.
 */
export function eigh(a: Float64Array, n: number, options: EigenOptions & { readonly vectors: true }): Required<Eigen>;
export function eigh(a: Float64Array, n: number, options?: EigenOptions): Eigen;
export function eigh(a: Float64Array, n: number, options: EigenOptions = {}): Eigen {
  requireOptions('eigh', options);
  requireFloatArray('eigh', 'a', a);
  requireInteger('eigh', 'n', n, 0);
  requireLength('eigh', 'a', a, n * n);
  const wantVectors = options.vectors === true;
  return n < BLOCKED ? small(a, n, wantVectors) : blocked(a, n, wantVectors, options);
}

/** Eigenvalues only, descending: `eigh(a, n, options).values`. */
export function eigvalsh(a: Float64Array, n: number, options: Omit<EigenOptions, 'vectors'> = {}): Float64Array {
  requireOptions('eigvalsh', options);
  return eigh(a, n, { ...options, vectors: false }).values;
}

/** The power of two that is taken out of a matrix. */
function scaleOf(largest: number): number {
  if (!Number.isFinite(largest)) refuse('eigh', `every entry must be finite, found ${largest}`);
  return exponentOf(largest);
}

function small(a: Float64Array, n: number, wantVectors: boolean): Eigen {
  const work = Float64Array.from(a);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) work[j * n + i] = work[i * n + j];
  const exponent = scaleOf(maxAbs(work));
  scaleByPower(work, -exponent);
  const values = new Float64Array(n);
  const off = new Float64Array(n);
  const tau = new Float64Array(n);
  tridiagonalize(n, work, values, off, tau);
  const vectors = wantVectors ? identityRows(n) : undefined;
  tridiagonalQl(n, values, off, vectors, n);
  sortDescending(values, vectors, n);
  scaleByPower(values, exponent);
  if (vectors === undefined) return { values };
  applyReflectors(n, work, tau, n, vectors);
  return { values, vectors };
}

function blocked(matrix: Float64Array, n: number, wantVectors: boolean, options: EigenOptions): Eigen {
  const vectorBytes = wantVectors ? 8 * n * n + divideAndConquerBytes(n) + blockReflectorsBytes(n) : 0;
  const bytes = 8 * n * n + blockedHouseholderBytes(n) + vectorBytes + 1024;
  const space = createLinearWorkspace({ bytes, ...kernelOptions(options) });
  const a = space.allocate(8 * n * n);
  const work = space.float64View(a, n * n);
  for (let i = 0; i < n; i++) for (let p = i * n; p <= i * n + i; p++) work[p] = matrix[p];
  const exponent = scaleOf(space.float64.maxAbs(n * n, a));
  scaleByPower(work, -exponent);
  const values = new Float64Array(n);
  const off = new Float64Array(n);
  const tau = new Float64Array(n);
  tridiagonalizeBlocked(space, n, a, values, off, tau);
  if (!wantVectors) {
    tridiagonalQl(n, values, off);
    sortDescending(values);
    return { values: scaleByPower(values, exponent) };
  }
  const z = space.allocate(8 * n * n);
  divideAndConquer(space, n, values, off, z);
  applyReflectorsBlocked(space, n, a, tau, z);
  const rows = new Float64Array(n * n);
  sortDescending(values, rows, n, space.float64View(z, n * n));
  return { values: scaleByPower(values, exponent), vectors: rows };
}
