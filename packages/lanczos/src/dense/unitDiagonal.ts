import type { FloatArray } from '@hyperribbon/kernels/linear';
import { exponentOf, maxAbs, timesPower } from './powerOfTwo.js';

/** D A D of a positive definite matrix, D powers of two. */
export interface UnitDiagonal {
  /** even: 2^exponent was taken out of A first */
  readonly exponent: number;
  /** (n,) of two, the diagonal of D */
  readonly powers: Int32Array;
  /** (n, n) D (2^−exponent A) D, its diagonal between 1/2 and 2 */
  readonly scaled: Float64Array;
}

/**
 * Brings the diagonal of a positive definite matrix to about one, without rounding: the condition number is then within a factor n of the least that a diagonal can give
 * [vandersluis1969], and rounding of its Cholesky factor is that of this number.
 */
export function unitDiagonal(a: FloatArray, n: number): UnitDiagonal {
  const exponent = 2 * Math.floor(exponentOf(maxAbs(a)) / 2);
  const scaled = Float64Array.from(a, (value) => timesPower(value, -exponent));
  const powers = Int32Array.from({ length: n }, (_, i) => -Math.round(exponentOf(Math.abs(scaled[i * n + i])) / 2));
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) scaled[i * n + j] = timesPower(scaled[i * n + j], powers[i] + powers[j]);
  return { exponent, powers, scaled };
}
