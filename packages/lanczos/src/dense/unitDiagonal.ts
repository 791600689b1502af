import type { FloatArray } from '@hyperribbon/kernels/linear';
import { exponentOf, maxAbs, powerOfTwo, scaleByPower } from './powerOfTwo.js';

/** D A D of a positive definite matrix, D powers of two. */
export interface UnitDiagonal {
  /** even: 2^exponent was taken out of A first */
  readonly exponent: number;
  /** (n,) the diagonal of D */
  readonly factors: Float64Array;
  /** (n, n) D (2^−exponent A) D, its diagonal between 1/2 and 2 */
  readonly scaled: Float64Array;
}

/**
 * Brings the diagonal of a positive definite matrix to about one, without rounding: the condition number is then within a factor n of the least that a diagonal can give
 * [vandersluis1969], and rounding of its Cholesky factor is that of this number. Cost: 3 n² flops.
 */
export function unitDiagonal(a: FloatArray, n: number): UnitDiagonal {
  const exponent = 2 * Math.floor(exponentOf(maxAbs(a)) / 2);
  const scaled = scaleByPower(Float64Array.from(a), -exponent);
  const factors = Float64Array.from({ length: n }, (_, i) =>
    powerOfTwo(-Math.round(exponentOf(Math.abs(scaled[i * n + i])) / 2)),
  );
  for (let i = 0, at = 0; i < n; i++)
    for (let j = 0; j < n; j++, at++) scaled[at] = scaled[at] * factors[i] * factors[j];
  return { exponent, factors, scaled };
}
