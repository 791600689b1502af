import { AssumptionError, requireSameLength } from '../theorems/assumptions.js';
import { addDD, divideDD, logDD, multiplyDD, sqrtDD, subtractDD, type DoubleDouble } from '../limits/doubleDouble.js';
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
 * @throws RangeError for sizes that do not fit; AssumptionError for a covariance that is not positive definite
 */
export function denseGaussianKl(gaussians: DenseGaussians): GaussianKl {
  const { posteriorMean, posteriorCovariance, priorMean, priorCovariance } = gaussians;
  const p = posteriorMean.length;
  requireSameLength('denseGaussianKl', posteriorMean, priorMean, 'posteriorMean and priorMean');
  const Lq = cholesky(posteriorCovariance, p, 'posteriorCovariance');
  const Lp = cholesky(priorCovariance, p, 'priorCovariance');
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
function squaredNormAfterSolve(L: readonly (readonly DoubleDouble[])[], b: readonly DoubleDouble[]): DoubleDouble {
  const x: DoubleDouble[] = [];
  let sum: DoubleDouble = [0, 0];
  for (let i = 0; i < b.length; i++) {
    let s = b[i];
    for (let j = 0; j < i; j++) s = subtractDD(s, multiplyDD(L[i][j], x[j]));
    x.push(divideDD(s, L[i][i]));
    sum = addDD(sum, multiplyDD(x[i], x[i]));
  }
  return sum;
}

function cholesky(A: ArrayLike<number>, p: number, which: string): DoubleDouble[][] {
  if (A.length !== p * p)
    throw new RangeError(`denseGaussianKl: ${which} must be (${p}, ${p}), got length ${A.length}`);
  const L: DoubleDouble[][] = [];
  for (let i = 0; i < p; i++) {
    const row: DoubleDouble[] = [];
    for (let j = 0; j <= i; j++) {
      let s: DoubleDouble = [A[i * p + j], 0];
      for (let k = 0; k < j; k++) s = subtractDD(s, multiplyDD(row[k], (i === j ? row : L[j])[k]));
      // a pivot below the rounding of the entry it came from is 0: the matrix is singular as far as doubles can tell
      if (i === j && !(s[0] > 1e-15 * A[i * p + i]))
        throw new AssumptionError('denseGaussianKl', `a positive definite ${which}`, `pivot ${i} = ${s[0]}`);
      row.push(i === j ? sqrtDD(s) : divideDD(s, L[j][j]));
    }
    L.push(row);
  }
  return L;
}
