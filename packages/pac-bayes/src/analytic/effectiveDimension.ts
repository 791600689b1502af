import { requireFiniteEntries, requireOneOf, requirePositive } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import { requireCount } from '../assumptions.js';
import { CompensatedSum } from '../limits/summation.js';

/**
 * How a curvature eigenvalue lambda enters the posterior precision eps + factor · lambda.
 *
 * - `2(n-1)`: the minimiser of the linearised bound. Derived here; the paper's own constant could not be read.
 * - `4(n-1)/ln2`: the notebook of [yang2022] (no 1/2 in front of the trace, loss in bits).
 */
export type PosteriorConvention = '2(n-1)' | '4(n-1)/ln2';

/**
 * The factor in front of lambda; lambda is an eigenvalue of the mean loss in nats.
 * @param n examples, >= 2
 * @throws AssumptionError for n < 2; ArgumentError for a convention that there is not
 * @example curvatureFactor('2(n-1)', 55000) // 109998
 */
export function curvatureFactor(convention: PosteriorConvention, n: number): number {
  requireCount('curvatureFactor', 'n', n, 2);
  requireOneOf('curvatureFactor', 'convention', convention, ['2(n-1)', '4(n-1)/ln2']);
  return convention === '2(n-1)' ? 2 * (n - 1) : 4 * (n - 1) * 1.4426950408889634;
}

export interface DimensionCount {
  /** Number of eigenvalues with |lambda| >= threshold. */
  readonly hard: number;
  /** sum lambda/(lambda + threshold) over positive eigenvalues, [maddox2020]. */
  readonly soft: number;
  readonly threshold: number;
  /** True if every given eigenvalue is above the threshold: the rest of the spectrum, not given, may be too. */
  readonly lowerBound: boolean;
}

/**
 * Effective dimension of a spectrum: how many directions the data determine.
 *
 * The threshold eps/factor is where data and prior contribute equally to the posterior precision (a reconstruction, see
 * {@link PosteriorConvention}; the definition as a threshold count is the paper's).
 * @param eigenvalues any order; negative ones count in `hard` by magnitude and not in `soft`
 * @param threshold > 0, for instance precision / curvatureFactor('2(n-1)', n)
 * @example effectiveDimension([1, 0.1, 0.001], 0.01).hard // 2
 */
export function effectiveDimension(eigenvalues: ArrayLike<number>, threshold: number): DimensionCount {
  requirePositive('effectiveDimension', 'threshold', threshold);
  requireFiniteEntries('effectiveDimension', 'eigenvalues', eigenvalues);
  const soft = new CompensatedSum();
  let hard = 0;
  for (let i = 0; i < eigenvalues.length; i++) {
    const lambda = eigenvalues[i];
    if (Math.abs(lambda) >= threshold) hard++;
    if (lambda > 0) soft.add(lambda / (lambda + threshold));
  }
  return { hard, soft: soft.total, threshold, lowerBound: hard === eigenvalues.length };
}

/**
 * Hard effective dimension of the ideal sloppy spectrum lambda_i = top · exp(-decay · i): 1 + floor(ln(top/threshold)/decay),
 * 0 if top is below the threshold: logarithmic in n, inverse in the decay.
 * @throws ArgumentError for arguments that are not positive and finite
 * @example exponentialEffectiveDimension(1, Math.LN10, 0.01) // 3
 */
export function exponentialEffectiveDimension(top: number, decay: number, threshold: number): number {
  requirePositive('exponentialEffectiveDimension', 'top', top);
  requirePositive('exponentialEffectiveDimension', 'decay', decay);
  requirePositive('exponentialEffectiveDimension', 'threshold', threshold);
  return top < threshold ? 0 : 1 + Math.floor(log(top / threshold) / decay);
}
