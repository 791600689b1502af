import { refuse } from '@hyperribbon/contract';
import { AssumptionError } from '../assumptions.js';
import { orthonormalDefect } from './orthonormality.js';
import { deviationTerm, split, type GaussianKl } from './gaussianKl.js';
import { roundUp } from '../limits/rounding.js';
import { CompensatedSum } from '../limits/summation.js';

export interface SubspaceGaussians {
  /** U: k directions as rows, (k, p), orthonormal up to rounding. */
  readonly directions: ArrayLike<number>;
  /** (p,) each. */
  readonly posteriorMean: ArrayLike<number>;
  readonly priorMean: ArrayLike<number>;
  /** Standard deviations, (k + 1,): along each direction, the last one in all others. */
  readonly posteriorStd: ArrayLike<number>;
  readonly priorStd: ArrayLike<number>;
}

export interface SubspaceGaussianKl extends GaussianKl {
  /** |U U' - I|, Frobenius; what it may have cost is in the numbers already. */
  readonly orthonormality: number;
}

/** Beyond this the directions are not rounded orthonormal ones but wrong ones; float32 eigenvectors have 1e-5. */
const LIMIT = 1e-3;
const EPSILON = 2.220446049250313e-16;

/**
 * KL of two Gaussians with k directions of their own and one deviation in all others, Q from m + T r and P from m0 + T0 r with
 *
 *     T = s_c I + U' diag(s_i - s_c) U,   r ~ N(0, I),   U (k, p), and T0 alike with the prior's deviations.
 *
 * With orthonormal U it is 1/2 sum over p coordinates of [x^2 - 1 - ln x^2 + (d/s0)^2], x = s/s0. Computed directions are orthonormal up to
 * eta = |U U' - I| only; the result is an upper bound on the KL of the Gaussians that these very numbers define:
 *
 * 1. U = G^(1/2) V with orthonormal V, |G - I| = eta. In the span of V, T is the symmetric k x k matrix diag(s) + F, F = G^(1/2) D G^(1/2) - D
 *    with D = diag(s_i - s_c), so |F| <= (2 eta + eta^2) max|D|. Its eigenvalues alone move by eta max|D| at most where D has one sign,
 *    being those of s_c I +- |D|^(1/2) U U' |D|^(1/2).
 * 2. T0^-1 T differs from diag(x) by at most tau = (|F| + |F0| max x)/(min s0 - |F0|), so its singular values differ from x by tau
 *    together (Mirsky's inequality), and KL grows by tau |max(x_i + tau, 1/(x_i - tau))| at most. In the other p - k directions it is exact.
 * 3. An isotropic prior knows no directions: tau needs eigenvalues alone, and |d|^2/s0^2 is exact. Otherwise coordinates are off by eta |d|,
 *    and the inverse of T0 by a factor 1/(1 - |F0|/min s0).
 *
 * @returns nats, rounded up; (k/2 + 1) k p products
 * @throws ArgumentError for lengths that do not fit; AssumptionError for deviations that are not positive, directions that are not orthonormal
 * @example subspaceGaussianKl({ directions: [1, 0], posteriorMean: [1, 0], priorMean: [0, 0], posteriorStd: [0.5, 1], priorStd: [1, 1] }).kl // 0.818...
 */
export function subspaceGaussianKl(gaussians: SubspaceGaussians): SubspaceGaussianKl {
  const name = 'subspaceGaussianKl';
  const { directions, posteriorMean, priorMean, posteriorStd, priorStd } = gaussians;
  const p = posteriorMean.length;
  const k = posteriorStd.length - 1;
  if (priorMean.length !== p || priorStd.length !== k + 1 || directions.length !== k * p || k < 0 || k > p)
    refuse(
      name,
      `needs means (p,), deviations (k + 1,) and directions (k, p), got lengths ${[posteriorMean, priorMean, posteriorStd, priorStd, directions].map(({ length }) => length).join(', ')}`,
    );
  const eta = orthonormalityOf(directions, k, p);
  if (!(eta <= LIMIT))
    throw new AssumptionError(name, `orthonormal directions, |U U' - I| <= ${LIMIT}`, `|U U' - I| = ${eta}`);
  const x = Float64Array.from({ length: k }, (_, i) => posteriorStd[i] / priorStd[i]);
  const covariance = new CompensatedSum();
  for (let i = 0; i < k; i++) covariance.add(deviationTerm(name, posteriorStd[i], priorStd[i], i));
  // there is nothing outside of k = p directions
  if (p > k) covariance.add((p - k) * deviationTerm(name, posteriorStd[k], priorStd[k], k));
  const least = minimum(priorStd);
  const isotropic = maximum(priorStd) === least;
  const bent = bending(posteriorStd, eta, isotropic);
  const bentPrior = bending(priorStd, eta, false);
  const inverse = 1 - bentPrior / least;
  const tau = roundUp((bent + bentPrior * maximum(x)) / (least * inverse), 8);
  if (!(inverse >= 0.5 && tau <= 0.5 * minimum(x)))
    throw new AssumptionError(
      name,
      'directions more nearly orthonormal than the smallest ratio of deviations',
      `|U U' - I| = ${eta}`,
    );
  // tau first: slopes of small ratios have squares beyond the range of doubles
  let squares = 0;
  for (const ratio of x) squares += Math.max(tau * (ratio + tau), tau / (ratio - tau)) ** 2;
  const slack = tau === 0 ? 0 : Math.sqrt(squares);
  const displacement = displacementTerm(gaussians, { k, p, eta, least, inverse, isotropic });
  return { ...split(name, covariance.total / 2 + slack, displacement / 2), orthonormality: eta };
}

/** |F| of step 1, or how far eigenvalues move. */
function bending(std: ArrayLike<number>, eta: number, eigenvaluesOnly: boolean): number {
  const rest = std[std.length - 1];
  let [up, down] = [0, 0];
  for (let i = 0; i < std.length - 1; i++) {
    up = Math.max(up, std[i] - rest);
    down = Math.max(down, rest - std[i]);
  }
  return (eigenvaluesOnly && Math.min(up, down) === 0 ? eta : (2 + eta) * eta) * Math.max(up, down);
}

/** |T0^-1 d|^2, or what bounds it. */
function displacementTerm(
  { directions, posteriorMean, priorMean, priorStd }: SubspaceGaussians,
  {
    k,
    p,
    eta,
    least,
    inverse,
    isotropic,
  }: { k: number; p: number; eta: number; least: number; inverse: number; isotropic: boolean },
): number {
  const d = new Float64Array(p);
  const squares = new CompensatedSum();
  for (let j = 0; j < p; j++) {
    d[j] = posteriorMean[j] - priorMean[j];
    squares.add(d[j] * d[j]);
  }
  const rest = priorStd[k];
  if (isotropic) return (Math.sqrt(squares.total) / rest) ** 2;
  const scaled = new CompensatedSum();
  let inside = 0;
  for (let i = 0; i < k; i++) {
    let c = 0;
    for (let j = 0; j < p; j++) c += directions[i * p + j] * d[j];
    inside += c * c;
    scaled.add((c / priorStd[i]) ** 2);
  }
  const length = Math.sqrt(squares.total);
  const rounding = (p + k) * EPSILON;
  const root = (Math.sqrt(scaled.total) + ((eta + rounding * Math.sqrt(k)) * length * (1 + 1e-6)) / least) / inverse;
  const outside = Math.max(0, squares.total * (1 + rounding) - (inside * (1 - rounding)) / (1 + eta));
  return root * root + (Math.sqrt(outside) / rest) ** 2;
}

/** |U U' - I|. */
function orthonormalityOf(U: ArrayLike<number>, k: number, p: number): number {
  const gram = new Float64Array(k * k);
  // columns in pieces, so that the rows of a piece stay in the cache
  for (let from = 0; from < p; from += 2048) {
    const to = Math.min(p, from + 2048);
    for (let i = 0; i < k; i++)
      for (let l = i; l < k; l++) {
        let sum = 0;
        for (let j = from; j < to; j++) sum += U[i * p + j] * U[l * p + j]; // hot
        gram[i * k + l] += sum;
      }
  }
  return orthonormalDefect(gram, k, p);
}

function minimum(values: ArrayLike<number>): number {
  let least = Infinity;
  for (let i = 0; i < values.length; i++) least = Math.min(least, values[i]);
  return least;
}

function maximum(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i]);
  return most;
}
