import { requireFiniteEntries, requireNonNegative } from '@hyperribbon/contract';
import { requireAboveZero, requireCount, requireThat } from '../assumptions.js';
import { divergenceTermNear } from '../limits/binaryKl.js';
import {
  curvatureFactor,
  effectiveDimension,
  type DimensionCount,
  type PosteriorConvention,
} from './effectiveDimension.js';
import { split } from '../divergences/gaussianKl.js';
import { CompensatedSum } from '../limits/summation.js';

export interface PosteriorArguments {
  /** Eigenvalues of the Hessian of the mean loss in nats along k orthonormal directions; the rest counts as 0. */
  readonly eigenvalues: ArrayLike<number>;
  /** |w - w0|^2. */
  readonly displacementSquared: number;
  readonly n: number;
  /** Prior precision eps: P = N(w0, I/eps). */
  readonly precision: number;
  readonly convention?: PosteriorConvention;
  /** |U U' - I| (Frobenius) of the directions; default 0. Rounded directions shape a slightly different Gaussian, see below. */
  readonly orthonormality?: number;
}

export interface AnalyticPosterior {
  readonly precision: number;
  readonly convention: PosteriorConvention;
  /** Posterior precision along each direction, eps + factor · max(lambda, 0); eps in all others. */
  readonly directionPrecisions: readonly number[];
  /** klCovariance + klDisplacement, nats, rounded up. */
  readonly kl: number;
  /** 1/2 sum [ln(r_i) + 1/r_i - 1] with r_i = direction precision / eps. */
  readonly klCovariance: number;
  /** eps |w - w0|^2 / 2. */
  readonly klDisplacement: number;
  /** Loss the noise is expected to add to second order: 1/2 sum max(lambda_i, 0) / direction precision_i, nats. */
  readonly expectedExcess: number;
  readonly effectiveDimension: DimensionCount;
}

/**
 * The Gaussian posterior that a Hessian spectrum suggests: Q = N(w, S), S^-1 = eps I + factor · H along the known directions.
 *
 * factor = 2(n - 1) minimises 1/2 sum lambda_i/l_i + KL/(2(n - 1)) over the precisions l_i. Any precisions make a valid
 * posterior: the spectrum decides how tight the bound is, not whether it holds, so approximate eigenvalues are welcome.
 * KL = 1/2 [ eps |w - w0|^2 + sum ( ln(1 + f lambda/eps) - f lambda/(eps + f lambda) ) ].
 *
 * Directions that are orthonormal up to eta only, used to draw w + eps^(-1/2) (r - U'(I - S) U r) with S = diag(s_i), s_i = sqrt(eps/l_i),
 * give deviations s_i - t_i with |t| <= eta (Hoffman-Wielandt), so KL grows by at most eta |1/s| / (1 - eta/min s): it is added to
 * klCovariance.
 *
 * A reconstruction: the constant 2(n - 1) is derived here and not read in the paper; `4(n-1)/ln2` is the authors' notebook.
 * @throws AssumptionError for n < 2, precision <= 0, directions far from orthonormal; ArgumentError for a negative squared distance, eigenvalues that
 * are not finite
 * @example analyticPosterior({ eigenvalues: [5, 1, 0.1], displacementSquared: 64, n: 55000, precision: 800 }).kl // 25605.6...
 */
export function analyticPosterior(posterior: PosteriorArguments): AnalyticPosterior {
  const { eigenvalues, displacementSquared, n, precision, convention = '2(n-1)', orthonormality = 0 } = posterior;
  requireCount('analyticPosterior', 'n', n, 2);
  requireAboveZero('analyticPosterior', 'precision', precision);
  requireNonNegative('analyticPosterior', 'displacementSquared', displacementSquared);
  requireFiniteEntries('analyticPosterior', 'eigenvalues', eigenvalues);
  const factor = curvatureFactor(convention, n);
  const directionPrecisions: number[] = [];
  const covariance = new CompensatedSum();
  const excess = new CompensatedSum();
  for (let i = 0; i < eigenvalues.length; i++) {
    const lambda = Math.max(0, eigenvalues[i]);
    const direction = precision + factor * lambda;
    directionPrecisions.push(direction);
    // posterior/prior variance = eps/direction, its distance from 1 taken before any rounding of the sum
    covariance.add(divergenceTermNear(1, precision / direction, (-factor * lambda) / direction));
    excess.add(lambda / direction);
  }
  const slack = orthonormalitySlack(orthonormality, directionPrecisions, precision);
  const shape = covariance.total / 2 + slack;
  const { kl, ...parts } = split('analyticPosterior', shape, (precision * displacementSquared) / 2);
  return {
    precision,
    convention,
    directionPrecisions,
    kl,
    klCovariance: parts.covariance,
    klDisplacement: parts.displacement,
    expectedExcess: excess.total / 2,
    effectiveDimension: effectiveDimension(eigenvalues, precision / factor),
  };
}

function orthonormalitySlack(eta: number, directions: readonly number[], precision: number): number {
  requireNonNegative('analyticPosterior', 'orthonormality', eta);
  let [sum, largest] = [0, 0];
  for (const direction of directions) {
    sum += direction / precision;
    largest = Math.max(largest, direction / precision);
  }
  const relative = eta * Math.sqrt(largest);
  requireThat(
    relative <= 0.5,
    'analyticPosterior',
    'orthonormal directions: |U U - I| sqrt(max precision/eps) <= 1/2',
    'orthonormality',
    eta,
  );
  return (eta * Math.sqrt(sum)) / (1 - relative);
}
