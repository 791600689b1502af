import { log } from '@hyperribbon/kernels';
import { requireSameLength } from './assumptions.js';
import { split, type GaussianKl } from './gaussianKl.js';
import { CompensatedSum } from './summation.js';

export interface DenseGaussians {
  readonly posteriorMean: ArrayLike<number>;
  /** (p, p), row-major, symmetric positive definite; the lower triangle is read. */
  readonly posteriorCovariance: ArrayLike<number>;
  readonly priorMean: ArrayLike<number>;
  readonly priorCovariance: ArrayLike<number>;
}

/**
 * KL of two Gaussians with full covariances, for small p: 1/2 [tr(Sp^-1 Sq) - p + d' Sp^-1 d + ln det Sp - ln det Sq].
 *
 * With Cholesky factors Lp, Lq the trace is |Lp^-1 Lq|_F^2. Unlike the diagonal form this one cancels where Q is close to P: the
 * error is about p eps (tr + p), not outward rounded. p^3 flops, 3 p^2 numbers.
 * @throws RangeError for sizes that do not fit or a matrix that is not positive definite
 */
export function denseGaussianKl(gaussians: DenseGaussians): GaussianKl {
  const { posteriorMean, posteriorCovariance, priorMean, priorCovariance } = gaussians;
  const p = posteriorMean.length;
  requireSameLength('denseGaussianKl', posteriorMean, priorMean, 'posteriorMean and priorMean');
  const Lq = cholesky(posteriorCovariance, p, 'posteriorCovariance');
  const Lp = cholesky(priorCovariance, p, 'priorCovariance');
  const covariance = new CompensatedSum();
  const column = new Float64Array(p);
  for (let j = 0; j < p; j++) {
    for (let i = 0; i < p; i++) column[i] = i >= j ? Lq[i * p + j] : 0;
    covariance.add(squaredNormAfterSolve(Lp, column));
    covariance.add(-1 - 2 * (log(Lq[j * p + j]) - log(Lp[j * p + j])));
  }
  const shift = Float64Array.from(posteriorMean as ArrayLike<number>, (m, i) => m - priorMean[i]);
  const displacement = squaredNormAfterSolve(Lp, shift);
  return split('denseGaussianKl', Math.max(0, covariance.total / 2), displacement / 2);
}

/** |L^-1 b|^2; b is overwritten. */
function squaredNormAfterSolve(L: Float64Array, b: Float64Array): number {
  const p = b.length;
  let sum = 0;
  for (let i = 0; i < p; i++) {
    let s = b[i];
    for (let j = 0; j < i; j++) s -= L[i * p + j] * b[j];
    b[i] = s / L[i * p + i];
    sum += b[i] * b[i];
  }
  return sum;
}

function cholesky(A: ArrayLike<number>, p: number, which: string): Float64Array {
  if (A.length !== p * p)
    throw new RangeError(`denseGaussianKl: ${which} must be (${p}, ${p}), got length ${A.length}`);
  const L = new Float64Array(p * p);
  for (let i = 0; i < p; i++) {
    for (let j = 0; j <= i; j++) {
      let s = A[i * p + j];
      for (let k = 0; k < j; k++) s -= L[i * p + k] * L[j * p + k];
      if (i === j && !(s > 0))
        throw new RangeError(`denseGaussianKl: ${which} is not positive definite, pivot ${i} is ${s}`);
      L[i * p + j] = i === j ? Math.sqrt(s) : s / L[j * p + j];
    }
  }
  return L;
}
