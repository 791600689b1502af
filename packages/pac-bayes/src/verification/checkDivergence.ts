import type {
  AnalyticIngredients,
  Certificate,
  DivergenceRecord,
  PriorRecord,
  PriorScale,
} from '../certificate/certificate.js';
import { Findings, type Reason } from './reason.js';
import { add, interval, zero } from './recomputeInterval.js';
import { recomputeAnalytic, recomputeScale } from './recomputePenalty.js';
import { compare } from './compareNumbers.js';

/** Further from orthonormal than this, a basis is refused: the divergence is not that of the Gaussians that were drawn from. */
const orthonormalityLimit = 1e-6;
/** float32 eigenvectors of the analytic bound: what they may cost is recomputed and part of the divergence. */
const analyticLimit = 1e-3;

/** KL from its parts, the analytic KL from its eigenvalues, scales on their grids. */
export function checkDivergence({ divergence, theorem, prior }: Certificate): Reason[] {
  const found = new Findings();
  const { kl, covariance, displacement } = divergence;
  for (const [key, value] of Object.entries({ kl, covariance, displacement }))
    found.unless(value >= 0, 'out-of-range', `$.divergence.${key}`, `a divergence is not negative, got ${value}`);
  const sum = add(interval(covariance), interval(displacement));
  found.add('divergence-parts', '$.divergence.kl', compare(kl, sum));
  checkParts(divergence, found);
  checkAnalytic(divergence, theorem.n, prior.scales, found);
  checkBasis(divergence, prior, found);
  for (const [i, scale] of prior.scales.entries())
    found.add('scale-off-grid', `$.prior.scales[${i}]`, scaleProblem(scale));
  return found.reasons;
}

/** The parts by tensor sum to the totals, and their weights to all. */
function checkParts({ parts, covariance, displacement, dimension }: DivergenceRecord, found: Findings): void {
  if (parts === null) return;
  let [c, d, count] = [zero, zero, 0];
  for (const part of parts) {
    c = add(c, interval(part.covariance));
    d = add(d, interval(part.displacement));
    count += part.dimension;
    const negative = `a part of "${part.name}" is negative`;
    found.unless(part.covariance >= 0 && part.displacement >= 0, 'out-of-range', '$.divergence.parts', negative);
  }
  found.add('divergence-parts', '$.divergence.covariance', compare(covariance, c));
  found.add('divergence-parts', '$.divergence.displacement', compare(displacement, d));
  const counted = `the parts have ${count} weights together, the posterior ${dimension}`;
  found.unless(count === dimension, 'divergence-parts', '$.divergence.parts', counted);
}

/** The KL of the analytic posterior once more from its eigenvalues. */
function checkAnalytic(divergence: DivergenceRecord, n: number, scales: readonly PriorScale[], found: Findings): void {
  const { analytic, covariance, displacement, dimension } = divergence;
  if (analytic === null) return;
  const orthonormality = divergence.orthonormality ?? 0;
  const { eigenvalues, precision } = analytic;
  if (usable(analytic, n, orthonormality)) {
    // the posterior is defined by precisions in double arithmetic, so its KL is that of the formula up to 1e-13
    const exact = recomputeAnalytic(analytic, n, orthonormality);
    found.add('divergence-differs', '$.divergence.covariance', compare(covariance, exact.covariance, 1e-13));
    found.add('divergence-differs', '$.divergence.displacement', compare(displacement, exact.displacement, 1e-13));
  } else
    found.add(
      'out-of-range',
      '$.divergence.analytic',
      'the analytic posterior needs n >= 2, precision > 0, a squared distance >= 0 and nearly orthonormal directions',
    );
  found.unless(
    scales.some(({ value }) => value === precision || 1 / value === precision),
    'scale-off-grid',
    '$.divergence.analytic.precision',
    `the precision ${precision} is no scale of the prior`,
  );
  found.unless(
    eigenvalues.length <= dimension,
    'divergence-parts',
    '$.divergence.analytic',
    `${eigenvalues.length} eigenvalues of a matrix of size ${dimension}`,
  );
}

/** Gaussians in a rotated basis are those that were drawn from only where the basis was measured and found orthonormal. */
function checkBasis({ family, orthonormality, analytic }: DivergenceRecord, prior: PriorRecord, found: Findings): void {
  const rotated = family === 'gaussian-kronecker' || family === 'gaussian-low-rank' || prior.basis !== null;
  const limit = analytic === null ? orthonormalityLimit : analyticLimit;
  if (rotated && !(orthonormality !== null && orthonormality >= 0 && orthonormality <= limit))
    found.add(
      'basis-not-orthonormal',
      '$.divergence.orthonormality',
      `Gaussians in a rotated basis need |V'V - I| <= ${limit}, got ${orthonormality ?? 'no measurement'}`,
    );
}

function usable(
  { eigenvalues, precision, displacementSquared, convention }: AnalyticIngredients,
  n: number,
  eta: number,
): boolean {
  if (!(n >= 2 && precision > 0 && displacementSquared >= 0 && eta >= 0)) return false;
  const factor = (convention === '2(n-1)' ? 2 : 6) * n;
  const largest = 1 + (factor * eigenvalues.reduce((a, b) => Math.max(a, b), 0)) / precision;
  return eta * Math.sqrt(largest) < 0.9;
}

function scaleProblem(scale: PriorScale): string | undefined {
  const { name, value } = scale;
  if (!(value > 0)) return `scale "${name}" must be positive, got ${value}`;
  if (scale.kind === 'listed')
    return scale.members.includes(value)
      ? undefined
      : `scale "${name}" = ${value} is not one of its ${scale.members.length} members`;
  if (scale.kind === 'fixed') return undefined;
  const { index, b, c } = scale;
  if (!(b > 0 && c > 0 && index / b <= 100)) return `the grid of scale "${name}" needs b > 0, c > 0, index/b <= 100`;
  const exact = recomputeScale(scale);
  const off = compare(value, exact, 1e-12, 1e-12);
  return off === undefined ? undefined : `scale "${name}" is not member ${index} of its grid: ${off}`;
}
