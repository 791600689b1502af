import { refuse, requirePositive } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import type { LinearOperator } from '@hyperribbon/linop';
import { DomainError } from '../density/domainError.js';
import type { Estimate } from '../density/estimate.js';
import { densityFor, type SpectralDensityOptions } from '../density/spectralDensity.js';

/**
 * ln det A = Σ ln λ of a positive definite operator.
 * @throws DomainError when a node at or below zero shows that A is not positive definite
 * Cost: probes · steps products. Source: [ubaru2017].
 */
export async function logdet(op: LinearOperator, options: SpectralDensityOptions = {}): Promise<Estimate> {
  const report = await densityFor('logdet', op, options);
  return report.trace((x) => {
    if (!(x > 0)) {
      throw new DomainError(`logdet: the operator is not positive definite: it has spectrum at or below ${x}`, x);
    }
    return log(x);
  });
}

/** Number of eigenvalues in (a, b], with the bounds that the moments allow as truncation bias. Cost: probes · steps products. */
export async function eigenvalueCount(
  op: LinearOperator,
  a: number,
  b: number,
  options: SpectralDensityOptions = {},
): Promise<Estimate> {
  if (!(a <= b)) refuse('eigenvalueCount', `a must be <= b, got a=${a}, b=${b}`);
  return (await densityFor('eigenvalueCount', op, options)).count(a, b);
}

/**
 * Σ λ/(λ + a), the number of directions that data determine against a prior of precision a > 0.
 * @throws DomainError when a node lies at or below −a: λ must be > −a
 */
export async function estimateEffectiveDimension(
  op: LinearOperator,
  a: number,
  options: SpectralDensityOptions = {},
): Promise<Estimate> {
  requirePositive('estimateEffectiveDimension', 'a', a);
  const report = await densityFor('estimateEffectiveDimension', op, options);
  return report.trace((x) => {
    if (!(x > -a)) throw new DomainError(`estimateEffectiveDimension: eigenvalues must be > −a = ${-a}, found ${x}`, x);
    return x / (x + a);
  });
}
