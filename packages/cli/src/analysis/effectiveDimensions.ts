import { effectiveDimension } from '@hyperribbon/pac-bayes';
import type { BoundSection, CurvatureSpectrum, EffectiveDimension } from '@hyperribbon/report';

/**
 * Hard and soft counts of the Hessian's eigenvalues above ε/(2(n − 1)), at the ε of the certified bound: the directions
 * that the data determine and the prior does not.
 */
export function effectiveDimensions(
  curvature: readonly CurvatureSpectrum[],
  bound: BoundSection,
): readonly EffectiveDimension[] {
  const { best, n } = bound;
  if (best === undefined) return [];
  const threshold = best.precision / (2 * (n - 1));
  return curvature
    .filter(({ id }) => id === 'hessian' || id === 'hessian-decayed')
    .map(({ id, eigenvalues, dimension }) => ({
      spectrum: id,
      ...effectiveDimension(eigenvalues, threshold),
      thresholdFrom: `ε/(2(n − 1)) with ε = ${best.precision.toPrecision(4)}, n = ${n}`,
      parameters: dimension,
    }));
}
