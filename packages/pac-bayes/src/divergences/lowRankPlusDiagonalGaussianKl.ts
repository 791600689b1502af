import { refuse, requireLength } from '@hyperribbon/contract';
import { requireAboveZero } from '../assumptions.js';
import {
  addDD,
  divideDD,
  logDD,
  multiplyDD,
  sqrtDD,
  subtractDD,
  twoSum,
  type DoubleDouble,
} from '../limits/doubleDouble.js';
import { choleskyDD, logDeterminantDD, solveDD, type MatrixDD } from '../limits/doubleDoubleMatrix.js';
import { split, type GaussianKl } from './gaussianKl.js';

/** Covariances diag(variance) + F F', positive definite whatever F is. */
export interface LowRankPlusDiagonalGaussians {
  /** (p,) each. */
  readonly posteriorMean: ArrayLike<number>;
  readonly posteriorVariance: ArrayLike<number>;
  readonly priorMean: ArrayLike<number>;
  readonly priorVariance: ArrayLike<number>;
  /** F, (p, k) and (p, m) row-major; left out: a diagonal covariance. */
  readonly posteriorFactor?: ArrayLike<number>;
  readonly priorFactor?: ArrayLike<number>;
}

const zero: DoubleDouble = [0, 0];
const one: DoubleDouble = [1, 0];

/**
 * KL of two Gaussians whose covariances are low-rank plus diagonal, without forming a matrix of size p.
 *
 * Scaled by the prior's diagonal, with D = diag(dq/dp), A = dp^(-1/2) Fq, B = dp^(-1/2) Fp, C = I + B'B and E = I + A'D^-1 A
 * (Woodbury, and the determinant lemma):
 *
 *     2 covariance = sum (D - 1 - ln D) + |A|^2 - tr C^-1 (B'DB + B'A A'B) + ln det C - ln det E
 *     2 displacement = |x|^2 - x'B C^-1 B'x,   x = dp^(-1/2) (mq - mp)
 *
 * All in double-double arithmetic: C and E are at least I, so the terms lose no more digits than |A|^2 and |B|^2 have in front of the point.
 * @returns nats, rounded up; p (k + m)^2 double-double products
 * @throws ArgumentError for lengths that do not fit; AssumptionError for variances that are not positive, means or factors not finite
 * @example lowRankPlusDiagonalGaussianKl({ posteriorMean: [0, 0], posteriorVariance: [1, 1], posteriorFactor: [1, 1], priorMean: [0, 0], priorVariance: [1, 1] }).kl // 0.4506...
 */
export function lowRankPlusDiagonalGaussianKl(gaussians: LowRankPlusDiagonalGaussians): GaussianKl {
  const name = 'lowRankPlusDiagonalGaussianKl';
  const {
    posteriorMean,
    posteriorVariance,
    priorMean,
    priorVariance,
    posteriorFactor = [],
    priorFactor = [],
  } = gaussians;
  const p = posteriorMean.length;
  for (const [key, array] of Object.entries({ priorMean, posteriorVariance, priorVariance }))
    requireLength(name, key, array, p);
  const k = columnsOf(name, posteriorFactor, p, 'posteriorFactor');
  const m = columnsOf(name, priorFactor, p, 'priorFactor');
  const C = identity(m);
  const E = identity(k);
  const inner = zeros(m, m); // B'DB
  const cross = zeros(m, k); // B'A
  const u: DoubleDouble[] = Array.from({ length: m }, () => zero); // B'x
  let [covariance, displacement] = [zero, zero];
  for (let i = 0; i < p; i++) {
    requireAboveZero(name, `posteriorVariance[${i}]`, posteriorVariance[i]);
    requireAboveZero(name, `priorVariance[${i}]`, priorVariance[i]);
    const root = sqrtDD([priorVariance[i], 0]);
    const D = divideDD([posteriorVariance[i], 0], [priorVariance[i], 0]);
    const a = scaledRow(posteriorFactor, i, k, root);
    const b = scaledRow(priorFactor, i, m, root);
    const x = divideDD(twoSum(posteriorMean[i], -priorMean[i]), root);
    // the quotient may have lost its digits, or all of itself, to the smallest doubles
    const logD = subtractDD(logDD([posteriorVariance[i], 0]), logDD([priorVariance[i], 0]));
    covariance = addDD(covariance, subtractDD(subtractDD(D, one), D[0] < 1e-250 ? logD : logDD(D)));
    displacement = addDD(displacement, multiplyDD(x, x));
    addOuter(C, b, b, one);
    addOuter(inner, b, b, D);
    addOuter(cross, b, a, one);
    addOuter(E, a, a, divideDD(one, D));
    for (let j = 0; j < m; j++) u[j] = addDD(u[j], multiplyDD(b[j], x));
    for (const value of a) covariance = addDD(covariance, multiplyDD(value, value));
  }
  for (const row of cross.keys())
    for (const column of cross.keys())
      for (let j = 0; j < k; j++)
        inner[row][column] = addDD(inner[row][column], multiplyDD(cross[row][j], cross[column][j]));
  const L = choleskyDD(C); // C and E are at least I: no pivot is below 1
  for (let j = 0; j < m; j++) {
    const column = inner.map((row) => row[j]);
    covariance = subtractDD(covariance, solveDD(L, column)[j]);
  }
  covariance = addDD(covariance, subtractDD(logDeterminantDD(L), logDeterminantDD(choleskyDD(E))));
  const projected = solveDD(L, u);
  for (let j = 0; j < m; j++) displacement = subtractDD(displacement, multiplyDD(u[j], projected[j]));
  return split(name, Math.max(0, covariance[0] / 2), Math.max(0, displacement[0] / 2));
}

function columnsOf(name: string, factor: ArrayLike<number>, p: number, which: string): number {
  const columns = p === 0 ? 0 : factor.length / p;
  if (!Number.isInteger(columns)) refuse(name, `${which} must be (${p}, k), got length ${factor.length}`);
  return columns;
}

function zeros(rows: number, columns: number): MatrixDD {
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => zero));
}

function identity(n: number): MatrixDD {
  const I = zeros(n, n);
  for (let i = 0; i < n; i++) I[i][i] = one;
  return I;
}

/** Row i of F over a root. */
function scaledRow(F: ArrayLike<number>, i: number, columns: number, root: DoubleDouble): DoubleDouble[] {
  return Array.from({ length: columns }, (_, j) => divideDD([F[i * columns + j], 0], root));
}

/** S ← S + weight a b' */
function addOuter(S: MatrixDD, a: readonly DoubleDouble[], b: readonly DoubleDouble[], weight: DoubleDouble): void {
  a.forEach((x, i) => {
    const scaled = multiplyDD(x, weight);
    for (let j = 0; j < b.length; j++) S[i][j] = addDD(S[i][j], multiplyDD(scaled, b[j]));
  });
}
