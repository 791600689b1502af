import { refuse, requirePositive } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import type { LinearOperator } from '@hyperribbon/linop';
import { DomainError } from '../density/domainError.js';
import type { Estimate } from '../density/estimate.js';
import { lowestBound } from '../density/lowestBound.js';
import { sumsFor, type SpectralDensityOptions } from '../density/spectralDensity.js';

/**
 * ln det A = Σ ln λ of a positive definite operator.
 *
 * Where probes · steps products would give the matrix, as many as it has columns give all eigenvalues, and the sum without chance. Else the smallest Ritz
 * value has a residual: as long as that reaches down to zero A may be singular, and `low` is −∞.
 * @throws DomainError when an eigenvalue at or below zero, or within 10 eps ‖A‖ above it, shows that A is not told from one that is not positive definite
 * Cost: probes · steps products, or n if that is fewer and at most 1024. Source: [ubaru2017].
 */
export async function logdet(op: LinearOperator, options: SpectralDensityOptions = {}): Promise<Estimate> {
  const report = await sumsFor('logdet', op, options);
  const estimate = report.trace((x) => {
    if (x > 0) return log(x);
    const sentence = `the operator is not told from one that is not positive definite: it has spectrum at or below ${x}, up to rounding`;
    throw new DomainError(
      `logdet: ${sentence}; add a multiple of the identity, or deflate what is known to be zero`,
      x,
    );
  });
  return report.spectrum !== null || lowestBound(report.jacobi) > 0 ? estimate : { ...estimate, low: -Infinity };
}

/**
 * Number of eigenvalues in (a, b], with the bounds that the moments allow as truncation bias. Eigenvalues within 10 eps ‖A‖ of an end count as lying on it; the
 * interval holds what the count is if they do not.
 * Cost: probes · steps products, or n if that is fewer and at most 1024: the count is then without chance.
 */
export async function eigenvalueCount(
  op: LinearOperator,
  a: number,
  b: number,
  options: SpectralDensityOptions = {},
): Promise<Estimate> {
  if (!(a <= b)) refuse('eigenvalueCount', `a must be <= b, got a=${a}, b=${b}`);
  return (await sumsFor('eigenvalueCount', op, options)).count(a, b);
}

/**
 * Σ λ/(λ + a), the number of directions that data determine against a prior of precision a > 0.
 * @throws DomainError when an eigenvalue lies at or below −a, up to rounding: λ must be > −a
 * Cost: probes · steps products, or n if that is fewer and at most 1024.
 */
export async function estimateEffectiveDimension(
  op: LinearOperator,
  a: number,
  options: SpectralDensityOptions = {},
): Promise<Estimate> {
  requirePositive('estimateEffectiveDimension', 'a', a);
  const report = await sumsFor('estimateEffectiveDimension', op, options);
  return report.trace((x) => {
    if (!(x > -a)) throw new DomainError(`estimateEffectiveDimension: eigenvalues must be > −a = ${-a}, found ${x}`, x);
    return x / (x + a);
  });
}
