import { requireLength } from '@hyperribbon/contract';
import { AssumptionError } from '../assumptions.js';
import { addDD, divideDD, logDD, multiplyDD, subtractDD, type DoubleDouble } from '../limits/doubleDouble.js';
import { choleskyDD, solveLowerDD, type MatrixDD } from '../limits/doubleDoubleMatrix.js';
import { split, type GaussianKl } from './gaussianKl.js';

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
 * With Cholesky factors Lp, Lq the trace is |Lp^-1 Lq|_F^2. All in double-double arithmetic, because the terms cancel where Q is close
 * to P: what is lost is about 1e-30 p times the condition number, so the result is rounded up safely for condition numbers up to 1e14.
 * @returns nats, rounded up; p^3 double-double products (p = 100: about a second), 6 p^2 numbers
 * @throws ArgumentError for sizes that do not fit; AssumptionError for a covariance that is not positive definite
 * @example denseGaussianKl({ posteriorMean: [1], posteriorCovariance: [0.25], priorMean: [0], priorCovariance: [1] }).kl // 0.818...
 */
export function denseGaussianKl(gaussians: DenseGaussians): GaussianKl {
  const { posteriorMean, posteriorCovariance, priorMean, priorCovariance } = gaussians;
  const p = posteriorMean.length;
  requireLength('denseGaussianKl', 'priorMean', priorMean, p);
  const Lq = factorOf(posteriorCovariance, p, 'posteriorCovariance');
  const Lp = factorOf(priorCovariance, p, 'priorCovariance');
  let covariance: DoubleDouble = [-p, 0];
  for (let j = 0; j < p; j++) {
    const column = Lq.map((row, i): DoubleDouble => (i >= j ? row[j] : [0, 0]));
    covariance = addDD(covariance, squaredNormAfterSolve(Lp, column));
    const ratio = logDD(divideDD(Lq[j][j], Lp[j][j]));
    covariance = subtractDD(covariance, addDD(ratio, ratio));
  }
  const shift = Array.from({ length: p }, (_, i) => subtractDD([posteriorMean[i], 0], [priorMean[i], 0]));
  const displacement = squaredNormAfterSolve(Lp, shift)[0];
  // 1e-15 of the terms that cancelled covers a condition number of 1e14
  return split('denseGaussianKl', Math.max(0, covariance[0] / 2) + p * 1e-15, displacement / 2);
}

/** |L^-1 b|^2. */
function squaredNormAfterSolve(L: MatrixDD, b: readonly DoubleDouble[]): DoubleDouble {
  let sum: DoubleDouble = [0, 0];
  for (const x of solveLowerDD(L, b)) sum = addDD(sum, multiplyDD(x, x));
  return sum;
}

function factorOf(A: ArrayLike<number>, p: number, which: string): MatrixDD {
  requireLength('denseGaussianKl', which, A, p * p);
  const rows = Array.from({ length: p }, (_, i) =>
    Array.from({ length: i + 1 }, (_, j): DoubleDouble => [A[i * p + j], 0]),
  );
  // a pivot below the rounding of the entry it came from is 0: the matrix is singular as far as doubles can tell
  return choleskyDD(rows, 1e-15, (row, pivot) => {
    throw new AssumptionError('denseGaussianKl', `a positive definite ${which}`, `pivot ${row} = ${pivot}`);
  });
}
