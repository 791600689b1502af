import { requireLength, requireNonNegative } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import { AssumptionError, requireThat } from '../assumptions.js';
import { divergenceTermNear } from '../limits/binaryKl.js';
import { roundUp } from '../limits/rounding.js';
import { CompensatedSum } from '../limits/summation.js';

/** KL(Q||P) = covariance + displacement, nats, each rounded up. */
export interface GaussianKl {
  readonly kl: number;
  /** 1/2 [tr(Sp^-1 Sq) - p - ln det(Sp^-1 Sq)]: what the shape of the noise costs. */
  readonly covariance: number;
  /** 1/2 d' Sp^-1 d: what moving the mean costs. */
  readonly displacement: number;
}

export interface DiagonalGaussians {
  readonly posteriorMean: ArrayLike<number>;
  /** Standard deviations, not variances. */
  readonly posteriorStd: ArrayLike<number>;
  readonly priorMean: ArrayLike<number>;
  readonly priorStd: ArrayLike<number>;
}

/**
 * KL of two Gaussians that are diagonal in the same basis:
 * 1/2 sum [ s1^2/s0^2 - 1 - ln(s1^2/s0^2) + (m1 - m0)^2/s0^2 ].
 *
 * The bracket is phi(x) = x - ln(1 + x) at x = (s1 - s0)(s1 + s0)/s0^2, so that nearly equal deviations lose no digits.
 * @param gaussians four arrays (p,)
 * @returns nats, rounded up, within 1e-13
 * @throws ArgumentError for lengths that differ; AssumptionError for deviations that are not positive and finite
 * @example diagonalGaussianKl({ posteriorMean: [1], posteriorStd: [0.5], priorMean: [0], priorStd: [1] }).kl // 0.818...
 */
export function diagonalGaussianKl(gaussians: DiagonalGaussians): GaussianKl {
  const { posteriorMean, posteriorStd, priorMean, priorStd } = gaussians;
  const name = 'diagonalGaussianKl';
  for (const [key, array] of Object.entries({ priorMean, posteriorStd, priorStd }))
    requireLength(name, key, array, posteriorMean.length);
  const covariance = new CompensatedSum();
  const displacement = new CompensatedSum();
  for (let i = 0; i < posteriorMean.length; i++) {
    covariance.add(deviationTerm(name, posteriorStd[i], priorStd[i], i));
    const shift = (posteriorMean[i] - priorMean[i]) / priorStd[i];
    displacement.add(shift * shift);
  }
  return split(name, covariance.total / 2, displacement.total / 2);
}

export interface LowRankGaussians {
  /** Along k orthonormal directions: variances of posterior and prior, coordinates of the displacement. */
  readonly directions: {
    readonly posteriorVariance: ArrayLike<number>;
    readonly priorVariance: ArrayLike<number>;
    readonly displacement: ArrayLike<number>;
  };
  /** In the p - k remaining directions: one variance each, and the squared length of the rest of the displacement. */
  readonly complement: {
    readonly count: number;
    readonly posteriorVariance: number;
    readonly priorVariance: number;
    readonly displacementSquared: number;
  };
}

/**
 * KL of two Gaussians that are diagonal along k orthonormal directions and isotropic in the orthogonal complement.
 *
 * Only variances and coordinates enter: a rotation common to both leaves KL as it is, so nothing of size p is needed.
 * @returns nats, rounded up
 * @throws ArgumentError for lengths that differ; AssumptionError for variances that are not positive and finite
 * @example
 * const directions = { posteriorVariance: [0.25], priorVariance: [1], displacement: [1] };
 * const complement = { count: 9, posteriorVariance: 1, priorVariance: 1, displacementSquared: 0 };
 * lowRankGaussianKl({ directions, complement }).kl; // 0.818...
 */
export function lowRankGaussianKl({ directions, complement }: LowRankGaussians): GaussianKl {
  const name = 'lowRankGaussianKl';
  const { posteriorVariance, priorVariance, displacement: d } = directions;
  requireLength(name, 'posteriorVariance', posteriorVariance, d.length);
  requireLength(name, 'priorVariance', priorVariance, d.length);
  requireNonNegative(name, 'complement.count', complement.count);
  requireNonNegative(name, 'complement.displacementSquared', complement.displacementSquared);
  const covariance = new CompensatedSum();
  const displacement = new CompensatedSum();
  for (let i = 0; i < d.length; i++) {
    covariance.add(varianceTerm(name, posteriorVariance[i], priorVariance[i]));
    displacement.add((d[i] * d[i]) / priorVariance[i]);
  }
  const { count, posteriorVariance: q, priorVariance: s } = complement;
  covariance.add(count * varianceTerm(name, q, s));
  displacement.add(complement.displacementSquared / s);
  return split(name, covariance.total / 2, displacement.total / 2);
}

/** q/s - 1 - ln(q/s) for variances q, s. */
export function varianceTerm(name: string, posterior: number, prior: number): number {
  if (!(posterior > 0 && posterior < Infinity)) refuseSpread(name, 'posterior variance', posterior);
  if (!(prior > 0 && prior < Infinity)) refuseSpread(name, 'prior variance', prior);
  return gap(posterior, prior, (posterior - prior) / prior);
}

/** The smallest quotient that has all its digits. */
const SMALLEST_NORMAL = 2.2250738585072014e-308;

/** r − ln(1 + r) for 1 + r = q/s; far below s the quotient runs out of digits before the logarithms do. */
function gap(q: number, s: number, r: number): number {
  return q / s < SMALLEST_NORMAL ? r - (log(q) - log(s)) : divergenceTermNear(1, q / s, r);
}

/** The same of deviations at place i, x² − 1 − ln x² = r² + 2 phi(r) for x = 1 + r: neither term is negative, so nothing cancels. */
export function deviationTerm(name: string, posterior: number, prior: number, i: number): number {
  // texts are made where there is something to tell: this runs for every weight
  if (!(posterior > 0 && posterior < Infinity)) refuseSpread(name, `posteriorStd[${i}]`, posterior);
  if (!(prior > 0 && prior < Infinity)) refuseSpread(name, `priorStd[${i}]`, prior);
  const relative = (posterior - prior) / prior;
  return relative * relative + 2 * gap(posterior, prior, relative);
}

function refuseSpread(name: string, what: string, value: number): never {
  throw new AssumptionError(name, `finite ${what} > 0`, `${what}=${value}`);
}

/** 12 units in the last place cover what a term may be off by (9, just below half of the prior's variance) and the compensated sum. */
export function split(name: string, covariance: number, displacement: number): GaussianKl {
  const up = { covariance: roundUp(covariance, 12), displacement: roundUp(displacement, 12) };
  const kl = roundUp(up.covariance + up.displacement, 1);
  requireThat(kl < Infinity, name, 'finite means, displacements and deviations, so that KL is finite', 'kl', kl);
  return { kl, ...up };
}
