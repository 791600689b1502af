import { refuse, requireOptions } from '@hyperribbon/contract';
import { pow } from '@hyperribbon/kernels';
import { isRectangular, normalOperator, type LinearOperator, type RectangularOperator } from '@hyperribbon/linop';
import type { Estimate } from '../density/estimate.js';
import { densityFor, type SpectralDensityOptions } from '../density/spectralDensity.js';

/**
 * The Schatten norm (Σ σᵢᵖ)^(1/p) of an operator: p = 1 is the nuclear norm, 2 the Frobenius norm.
 *
 * The sum is estimated by stochastic Lanczos quadrature [ubaru2017], of |λ|ᵖ for a symmetric operator, of λ^(p/2) of AᵀA for a rectangular one;
 * the interval of the norm is that of the sum taken to the power 1/p, its standard error the linearised one.
 *
 * @param p > 0, finite; small p on singular operators converges slowly in the steps: see truncationBias
 * @param options those of {@link spectralDensity}; `deflate` counts known pairs exactly (symmetric operators only)
 * @throws ArgumentError for p out of range, or deflate with a rectangular operator
 * Cost: probes · steps products, twice that with A and Aᵀ.
 */
export async function schattenNorm(
  op: LinearOperator | RectangularOperator,
  p: number,
  options: SpectralDensityOptions = {},
): Promise<Estimate> {
  if (!(p > 0 && p < Infinity))
    refuse('schattenNorm', `p must be > 0 and finite, got p=${p}; eigsh or svds give the largest singular value`);
  requireOptions('schattenNorm', options);
  const rectangular = isRectangular(op);
  if (rectangular && options.deflate !== undefined)
    refuse('schattenNorm', 'deflate needs eigenpairs, which a rectangular operator does not have');
  const report = await densityFor('schattenNorm', rectangular ? normalOperator(op) : op, options);
  const sum = rectangular
    ? report.trace((x) => (x > 0 ? pow(x, p / 2) : 0))
    : report.trace((x) => (x === 0 ? 0 : pow(Math.abs(x), p)));
  const root = (x: number): number => (x > 0 ? pow(x, 1 / p) : 0);
  const value = root(sum.value);
  const slope = sum.value > 0 ? value / sum.value / p : 0;
  return {
    ...sum,
    value,
    standardError: slope * sum.standardError,
    truncationBias: slope * sum.truncationBias,
    low: root(sum.low),
    high: root(sum.high),
    matvecs: rectangular ? 2 * sum.matvecs : sum.matvecs,
  };
}
