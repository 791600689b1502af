import { createLinearWorkspace, type LinearWorkspace } from '@hyperribbon/kernels/linear';
import { applyReflectorsBlocked, blockedHouseholderBytes, tridiagonalizeBlocked } from './blockedHouseholder.js';
import { divideAndConquer, divideAndConquerBytes } from './divideAndConquer.js';
import { applyReflectors, tridiagonalize } from './householder.js';
import { exponentOf, maxAbs, scaleByPower } from './powerOfTwo.js';
import { sortDescending } from './sortEigen.js';
import { identityRows, type Eigen, type EigenOptions } from './tridiagonalEigen.js';
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
 * @throws RangeError when a does not have n² entries or one of the lower triangle is not finite; OutOfMemoryError
 * Cost: 4/3 n³ flops for values, about 3 n³ more with vectors; 2 n² numbers of memory, 5 n² with vectors.
 * @example eigh(Float64Array.of(2, 1, 1, 2), 2).values  // [3, 1]
 * Source: Householder reduction in panels [dongarra1989]; divide and conquer [gu1994] for vectors, implicit QL [parlett1998, §8.9] for values
 * alone and n < 96.
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
  const wantVectors = options.vectors === true;
  const { values, rows } = n < BLOCKED ? small(work, n, wantVectors) : blocked(work, n, wantVectors, options);
  scaleByPower(values, exponent);
  return rows === undefined ? { values } : { values, vectors: rows };
}

/** Eigenvalues only, descending: `eigh(a, n).values`. */
export function eigvalsh(a: Float64Array, n: number): Float64Array {
  return eigh(a, n).values;
}

interface Result {
  readonly values: Float64Array;
  readonly rows: Float64Array | undefined;
}

function small(work: Float64Array, n: number, wantVectors: boolean): Result {
  const values = new Float64Array(n);
  const off = new Float64Array(n);
  const tau = new Float64Array(n);
  tridiagonalize(n, work, values, off, tau);
  const rows = wantVectors ? identityRows(n) : undefined;
  tridiagonalQl(n, values, off, rows, n);
  sortDescending(values, rows, n);
  if (rows !== undefined) applyReflectors(n, work, tau, n, rows);
  return { values, rows };
}

function blocked(work: Float64Array, n: number, wantVectors: boolean, options: EigenOptions): Result {
  const bytes =
    8 * n * n + blockedHouseholderBytes(n) + (wantVectors ? 8 * n * n + divideAndConquerBytes(n) : 0) + 1024;
  const space = createLinearWorkspace({ bytes, ...workspaceOptions(options) });
  const a = space.allocate(8 * n * n);
  space.float64View(a, n * n).set(work);
  const values = new Float64Array(n);
  const off = new Float64Array(n);
  const tau = new Float64Array(n);
  tridiagonalizeBlocked(space, n, a, values, off, tau);
  if (!wantVectors) {
    tridiagonalQl(n, values, off);
    sortDescending(values);
    return { values, rows: undefined };
  }
  const z = space.allocate(8 * n * n);
  divideAndConquer(space, n, values, off, z);
  applyReflectorsBlocked(space, n, a, tau, n, z);
  return { values, rows: sortedCopy(space, z, n, values) };
}

/** Sorts values descending and returns their rows in that order. */
export function sortedCopy(space: LinearWorkspace, z: number, n: number, values: Float64Array): Float64Array {
  const rows = space.float64View(z, n * n);
  const sorted = new Float64Array(n * n);
  sortDescending(values).forEach((from, i) => sorted.set(rows.subarray(from * n, (from + 1) * n), i * n));
  return sorted;
}

/** The part of the options that createLinearWorkspace takes. */
export function workspaceOptions(options: EigenOptions): Pick<EigenOptions, 'deterministic' | 'engine'> {
  return {
    ...(options.deterministic === undefined ? {} : { deterministic: options.deterministic }),
    ...(options.engine === undefined ? {} : { engine: options.engine }),
  };
}

function mirrorLower(a: Float64Array, n: number): Float64Array {
  const full = Float64Array.from(a);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) full[j * n + i] = full[i * n + j];
  return full;
}
