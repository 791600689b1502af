import { curvatureFactor, effectiveDimension, type PosteriorConvention } from '@hyperribbon/pac-bayes';
import type { AnalyticBoundSection, CurvatureSpectrum, EffectiveDimension } from '@hyperribbon/report';
import type { FisherSpectrum } from '@hyperribbon/landscape';

/**
 * Hard and soft counts of eigenvalues above ε over the factor of the Hessian in the posterior's precision, at the ε of the certified bound: the directions
 * that the data determine and the prior does not. Exact for the Fisher matrix, whose whole spectrum is known; lower bounds for the
 * Hessian, of which only the top was computed.
 */
export function effectiveDimensions(
  curvature: readonly CurvatureSpectrum[],
  bound: AnalyticBoundSection,
  fisher: FisherSpectrum | undefined,
): readonly EffectiveDimension[] {
  const { best, n, dimension } = bound;
  const convention = bound.convention as PosteriorConvention;
  if (best === undefined) return [];
  const threshold = best.precision / curvatureFactor(convention, n);
  const spectra = curvature
    .filter(({ id }) => id === 'hessian' || id === 'hessian-decayed')
    .map(({ id, eigenvalues }) => ({ id, eigenvalues, whole: false }));
  if (fisher !== undefined) {
    spectra.unshift({ id: 'fisher-whole', eigenvalues: Array.from(fisher.eigenvalues), whole: true });
  }
  return spectra.map(({ id, eigenvalues, whole }) => {
    const { hard, soft, lowerBound } = effectiveDimension(eigenvalues, threshold);
    return {
      spectrum: id,
      hard,
      soft,
      threshold,
      thresholdFrom: `ε/(${convention.replace('-', ' − ')}) with ε = ${best.precision.toPrecision(4)}, n = ${n}`,
      parameters: dimension,
      lowerBound: lowerBound && !whole,
    };
  });
}
