import {
  requireFiniteEntries,
  requireFloatArray,
  requireInteger,
  requireOptions,
  requireWithin,
} from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels/linear';
import { exponentOf, maxAbs, scaleByPower, timesPower } from '../dense/powerOfTwo.js';
import { svd, type Svd } from './svd.js';

export interface RankOptions {
  /** singular values above this share of the largest count; default max(m, n) 2^−52 */
  readonly tolerance?: number;
}

/** The shortest of all x that make ‖A x − b‖ least. */
export interface LeastSquares {
  /** (n,), or (n, columns) row-major */
  readonly x: Float64Array;
  /** (columns,) ‖A x − b‖ */
  readonly residualNorms: Float64Array;
  /** how many singular values count */
  readonly rank: number;
  /** (min(m, n),) all of them, descending */
  readonly values: Float64Array;
  /** those above it count */
  readonly threshold: number;
}

/**
 * Least squares by the singular value decomposition: the shortest x with ‖A x − b‖ least, whatever the rank of A.
 *
 * Singular values at most `tolerance` times the largest count as zero: with the default those that rounding of A's entries could have made.
 * @param a (m, n) row-major, unchanged
 * @param b (m,) or (m, columns) row-major, unchanged
 * @throws ArgumentError, ArgumentTypeError for arrays of other lengths, entries that are not finite
 * Cost: that of {@link svd} with vectors, and 4 (m + n) min(m, n) flops a column.
 * @example
 * // a line through three points
 * const { x, residualNorms } = lstsq(Float64Array.of(1, 0, 1, 1, 1, 2), 3, 2, Float64Array.of(1, 3, 5));
 * x; // [1, 2] up to rounding
 * Source: [golub2013, 5.5].
 */
export function lstsq(
  a: Float64Array,
  m: number,
  n: number,
  b: FloatArray,
  options: RankOptions & { readonly columns?: number } = {},
): LeastSquares {
  const caller = 'lstsq';
  requireOptions(caller, options);
  const { columns = 1 } = options;
  requireInteger(caller, 'columns', columns, 1);
  const { u, v, values, rank, threshold } = decompose(caller, a, m, n, options);
  requireFloatArray(caller, 'b', b, m * columns);
  requireFiniteEntries(caller, 'b', b);
  const size = exponentOf(maxAbs(b));
  const right = scaleByPower(Float64Array.from(b), -size);
  const x = new Float64Array(n * columns);
  // what of b lies in the range, and what is left of it
  for (let i = 0; i < rank; i++) {
    const coefficients = new Float64Array(columns);
    for (let t = 0; t < m; t++)
      for (let c = 0; c < columns; c++) coefficients[c] += u[i * m + t] * right[t * columns + c];
    for (let t = 0; t < m; t++)
      for (let c = 0; c < columns; c++) right[t * columns + c] -= u[i * m + t] * coefficients[c];
    for (let t = 0; t < n; t++)
      for (let c = 0; c < columns; c++) x[t * columns + c] += v[i * n + t] * quotient(coefficients[c], values[i], size);
  }
  const residualNorms = Float64Array.from({ length: columns }, (_, c) => {
    let squares = 0;
    for (let t = 0; t < m; t++) squares += right[t * columns + c] ** 2;
    return timesPower(Math.sqrt(squares), size);
  });
  return { x, residualNorms, rank, values, threshold };
}

/**
 * Moore and Penrose's inverse A⁺ (n, m), by the singular value decomposition with the rule of {@link lstsq} for what counts as zero.
 *
 * @param a (m, n) row-major, unchanged
 * @throws ArgumentError, ArgumentTypeError
 * Cost: that of {@link svd} with vectors and 2 m n min(m, n) flops.
 * @example
 * pinv(Float64Array.of(2, 0, 0, 0), 2, 2); // [0.5, 0, 0, 0]
 */
export function pinv(a: Float64Array, m: number, n: number, options: RankOptions = {}): Float64Array {
  requireOptions('pinv', options);
  const { u, v, values, rank } = decompose('pinv', a, m, n, options);
  const inverse = new Float64Array(n * m);
  for (let i = 0; i < rank; i++)
    for (let s = 0; s < n; s++) {
      const share = quotient(v[i * n + s], values[i], 0);
      for (let t = 0; t < m; t++) inverse[s * m + t] += share * u[i * m + t];
    }
  return inverse;
}

function decompose(
  caller: string,
  a: Float64Array,
  m: number,
  n: number,
  { tolerance = Math.max(m, n) * 2 ** -52 }: RankOptions,
): Required<Svd> & { readonly rank: number; readonly threshold: number } {
  requireInteger(caller, 'm', m, 0);
  requireInteger(caller, 'n', n, 0);
  requireFloatArray(caller, 'a', a, m * n);
  requireFiniteEntries(caller, 'a', a);
  requireWithin(caller, 'tolerance', tolerance, 0, 1);
  const { u, v, values } = svd(a, m, n, { vectors: true });
  const threshold = values.length === 0 ? 0 : tolerance * values[0];
  return { u, v, values, rank: values.filter((value) => value > threshold).length, threshold };
}

/** 2^size x / y, without overflow of 1/y. */
function quotient(x: number, y: number, size: number): number {
  const e = exponentOf(y);
  return timesPower(x / timesPower(y, -e), size - e);
}
