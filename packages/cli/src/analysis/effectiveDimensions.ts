import { curvatureFactor, effectiveDimension, gridPrecision } from '@hyperribbon/pac-bayes';
import type { BoundSection, CurvatureSpectrum, EffectiveDimension } from '@hyperribbon/report';
import type { ThresholdCount } from '../jobs/spectrum.js';
import type { AnalysisPlan } from './plan.js';

/** The grid of prior precisions, the same as the bound's: b = 10, c = 0.05, j = 1..60. */
const grid = { b: 10, c: 0.05, first: 1, last: 60 };

/** ε_j/(2(n − 1)) for every precision that the bound may choose: the count is made before the choice is known. */
export function thresholds({ train }: AnalysisPlan): Float64Array {
  const factor = curvatureFactor('2(n-1)', train.count);
  return Float64Array.from({ length: grid.last }, (_, i) => gridPrecision(grid.first + i, grid) / factor);
}

/**
 * Hard and soft counts of the Hessian's eigenvalues above ε/(2(n − 1)), at the ε of the certified bound: the directions
 * that the data determine and the prior does not.
 */
export function effectiveDimensions(
  curvature: readonly CurvatureSpectrum[],
  bound: BoundSection,
  counts: readonly ThresholdCount[] | undefined,
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
      ...(id === 'hessian-decayed' ? known(counts?.[best.j - grid.first]) : {}),
    }));
}

/** An estimate is told only where its interval, truncation of the quadrature included, is narrower than half its value. */
function known(count: ThresholdCount | undefined): { readonly estimate?: ThresholdCount } {
  if (count === undefined) return {};
  const narrow = ({ value, low, high }: ThresholdCount['hard']): boolean => high - low <= value / 2;
  return narrow(count.hard) && narrow(count.soft) ? { estimate: count } : {};
}
