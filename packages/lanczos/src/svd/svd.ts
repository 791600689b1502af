import {
  requireFiniteEntries,
  requireFloatArray,
  requireInteger,
  requireLength,
  requireOptions,
} from '@hyperribbon/contract';
import type { KernelOptions } from '@hyperribbon/kernels/linear';
import { exponentOf, maxAbs, scaleByPower } from '../dense/powerOfTwo.js';
import { sortDescending } from '../dense/sortEigen.js';
import { identityRows } from '../dense/eigen.js';
import { jacobiRows, NOTHING, rowNorm, rowNorms } from './jacobi.js';
import { orthogonalPart } from './orthogonalPart.js';
import { turnByGram } from './turnByGram.js';

/** Singular values, descending, and if asked for the singular vectors: A = Σ values[i] uᵢ vᵢᵀ. */
export interface Svd {
  /** (r,), r = min(m, n), descending */
  readonly values: Float64Array;
  /** (r, m): row i is the left singular vector of values[i] */
  readonly u?: Float64Array;
  /** (r, n): row i is the right singular vector */
  readonly v?: Float64Array;
}

export interface SvdOptions extends KernelOptions {
  /** also compute singular vectors; default false */
  readonly vectors?: boolean;
}

/**
 * Singular value decomposition of a dense matrix, A = Uᵀ diag(values) V.
 *
 * A is scaled by a power of two, so norms from 1e-308 to 1e308 work. A tall matrix is first reduced to a triangle by Householder reflections;
 * the rows of the transpose are turned to be nearly orthogonal (`turnByGram`) and made so by one-sided Jacobi rotations [demmel1992], never by
 * squaring alone: small singular values keep an error of eps ‖A‖, and relative accuracy where columns are scaled differently.
 *
 * `deterministic` is true unless it is given: ranks that are told from these values are the same in every runtime. `false` takes 0.6 to 0.8 of the time.
 * @param a (m, n) row-major, unchanged
 * @throws ArgumentError when a does not have m n finite entries
 * Cost: 2 m r² flops for the triangle, then about 14 r³ in products and a few sweeps of 3 r³ where those leave something; 3 m n + 5 r² numbers.
 * @example svd(Float64Array.of(3, 0, 0, 4), 2, 2).values  // [4, 3]
 */
export function svd(
  a: Float64Array,
  m: number,
  n: number,
  options: SvdOptions & { readonly vectors: true },
): Required<Svd>;
export function svd(a: Float64Array, m: number, n: number, options?: SvdOptions): Svd;
export function svd(a: Float64Array, m: number, n: number, options: SvdOptions = {}): Svd {
  requireOptions('svd', options);
  requireFloatArray('svd', 'a', a);
  requireInteger('svd', 'm', m, 0);
  requireInteger('svd', 'n', n, 0);
  requireLength('svd', 'a', a, m * n);
  requireFiniteEntries('svd', 'a', a);
  const size = maxAbs(a);
  const wantVectors = options.vectors === true;
  const r = Math.min(m, n);
  const long = Math.max(m, n);
  const exponent = exponentOf(size);
  // rows: the columns of A, or of Aᵀ when A is wide
  const rows = scaleByPower(m >= n ? transposed(a, m, n) : Float64Array.from(a), -exponent);
  const reduced = long > 1.2 * r && r > 1 ? triangle(rows, r, long) : null;
  const work = reduced === null ? rows : reduced.triangle;
  const width = reduced === null ? long : r;
  const { deterministic = true, engine } = options;
  const turn = turnByGram(r, width, work, { deterministic, engine });
  const turned = wantVectors ? (turn?.turn ?? identityRows(r)) : null;
  const values = turn?.orthogonal ? sortRows(r, width, work, turned) : jacobiRows(r, width, work, turned, r);
  if (!wantVectors) return { values: scaleByPower(values, exponent) };
  unitRows(work, values, r, width);
  const outer = reduced === null ? work : reduced.expand(work);
  scaleByPower(values, exponent);
  // rows of `outer` live in the long dimension, those of `turned` in the short one
  return m >= n ? { values, u: outer, v: turned! } : { values, u: turned!, v: outer };
}

/** Rows of `work` and `turned` in descending order of the lengths of the former, which it returns. */
function sortRows(r: number, width: number, work: Float64Array, turned: Float64Array | null): Float64Array {
  const lengths = rowNorms(r, width, work);
  if (turned !== null) sortDescending(lengths.slice(), turned, r);
  sortDescending(lengths, work, width);
  return lengths;
}

/** Rows become unit vectors; those of singular value zero any that are orthogonal to the others. */
function unitRows(w: Float64Array, values: Float64Array, r: number, width: number): void {
  let axis = 0;
  for (let i = 0; i < r; i++) {
    const row = w.subarray(i * width, (i + 1) * width);
    // by its exponent first: 1/value may overflow
    scaleByPower(row, -exponentOf(values[i]));
    const norm = rowNorm(w, i * width, width);
    if (norm > 0) {
      for (let j = 0; j < width; j++) row[j] /= norm;
      continue;
    }
    for (; ; axis++) {
      row.fill(0);
      row[axis] = 1;
      const left = orthogonalPart(w, i, width)[i];
      if (left < 0.5 / Math.sqrt(width)) continue;
      for (let j = 0; j < width; j++) row[j] /= left;
      axis++;
      break;
    }
  }
}

function transposed(a: Float64Array, m: number, n: number): Float64Array {
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) out[j * m + i] = a[i * n + j];
  return out;
}

interface Reduced {
  /** (r, r): row j holds R's column j */
  readonly triangle: Float64Array;
  /** rows (r, r) in the span of the triangle → rows (r, long) in the original space */
  expand(rows: Float64Array): Float64Array;
}

/** Householder triangle of the matrix whose columns are the rows given (r, long); rows keep the reflectors [golub2013, Alg. 5.2.1]. */
function triangle(rows: Float64Array, r: number, long: number): Reduced {
  const tau = new Float64Array(r);
  const diagonal = new Float64Array(r);
  const reflect = (target: Float64Array, start: number, k: number): void => {
    if (tau[k] === 0) return;
    const v = k * long;
    let s = target[start + k];
    for (let j = k + 1; j < long; j++) s += rows[v + j] * target[start + j];
    s *= tau[k];
    target[start + k] -= s;
    for (let j = k + 1; j < long; j++) target[start + j] -= s * rows[v + j];
  };
  for (let k = 0; k < r; k++) {
    const v = k * long;
    const norm = rowNorm(rows, v + k, long - k);
    // tau 0: nothing to reflect
    if (norm <= NOTHING) continue;
    const alpha = rows[v + k];
    const beta = alpha > 0 ? -norm : norm;
    diagonal[k] = beta;
    tau[k] = (beta - alpha) / beta;
    for (let j = k + 1; j < long; j++) rows[v + j] /= alpha - beta;
    for (let i = k + 1; i < r; i++) reflect(rows, i * long, k);
  }
  const square = new Float64Array(r * r);
  for (let j = 0; j < r; j++) {
    for (let i = 0; i < j; i++) square[j * r + i] = rows[j * long + i];
    square[j * r + j] = diagonal[j];
  }
  return {
    triangle: square,
    expand(inner) {
      const out = new Float64Array(r * long);
      for (let i = 0; i < r; i++) {
        out.set(inner.subarray(i * r, (i + 1) * r), i * long);
        for (let k = r - 1; k >= 0; k--) reflect(out, i * long, k);
      }
      return out;
    },
  };
}
