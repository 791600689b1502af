import { refuse } from '@hyperribbon/contract';
import { eigh } from '@hyperribbon/lanczos';
import { requireSymmetric } from '../vectors.js';
import { sumOfSquares } from '../sums.js';

/**
 * Eigenvalues, descending, and eigenvectors, as rows, of a covariance (n, n).
 *
 * @throws ArgumentError unless it is symmetric and positive semidefinite, to 1e-12 of its Frobenius norm
 */
export function covarianceEigen(
  caller: string,
  name: string,
  a: Float64Array,
  n: number,
): { readonly values: Float64Array; readonly vectors: Float64Array } {
  const slack = 1e-12 * Math.sqrt(sumOfSquares(a));
  requireSymmetric(caller, name, a, n, slack);
  const { values, vectors } = eigh(a, n, { vectors: true, deterministic: true });
  const least = values[n - 1]!;
  if (least < -slack) refuse(caller, `${name} must not have a negative eigenvalue, got ${least}`);
  return { values, vectors: vectors! };
}
