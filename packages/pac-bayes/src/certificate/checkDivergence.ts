import type { AnalyticIngredients, Certificate, PriorScale } from './certificate.js';
import type { Reason } from './reason.js';
import { add, interval, zero, type Interval } from './recomputeInterval.js';
import { recomputeAnalytic, recomputeScale } from './recomputePenalty.js';
import { compare } from './compareNumbers.js';

/** Further from orthonormal than this, a basis is refused: the divergence is not that of the Gaussians that were drawn from. */
const orthonormalityLimit = 1e-6;
/** float32 eigenvectors of the analytic bound: what they may cost is recomputed and part of the divergence. */
const analyticLimit = 1e-3;

/** KL from its parts, the analytic KL from its eigenvalues, scales on their grids. */
export function checkDivergence({ divergence, theorem, prior }: Certificate): Reason[] {
  const { kl, covariance, displacement, parts, analytic, orthonormality, family, dimension } = divergence;
  const reasons: Reason[] = [];
  for (const [key, value] of Object.entries({ kl, covariance, displacement }))
    if (!(value >= 0))
      reasons.push({
        code: 'out-of-range',
        path: `$.divergence.${key}`,
        message: `a divergence is not negative, got ${value}`,
      });
  const say = (path: string, code: Reason['code'], claimed: number, exact: Interval, slack = 0): void => {
    const problem = compare(claimed, exact, slack);
    if (problem !== undefined) reasons.push({ code, path, message: problem });
  };
  say('$.divergence.kl', 'divergence-parts', kl, add(interval(covariance), interval(displacement)));
  if (parts !== undefined) {
    let [c, d, count] = [zero, zero, 0];
    for (const part of parts) {
      c = add(c, interval(part.covariance));
      d = add(d, interval(part.displacement));
      count += part.dimension;
      if (!(part.covariance >= 0 && part.displacement >= 0))
        reasons.push({
          code: 'out-of-range',
          path: '$.divergence.parts',
          message: `a part of "${part.name}" is negative`,
        });
    }
    say('$.divergence.covariance', 'divergence-parts', covariance, c);
    say('$.divergence.displacement', 'divergence-parts', displacement, d);
    if (count !== dimension)
      reasons.push({
        code: 'divergence-parts',
        path: '$.divergence.parts',
        message: `the parts have ${count} weights together, the posterior ${dimension}`,
      });
  }
  if (analytic !== undefined) {
    if (usable(analytic, theorem.n, orthonormality ?? 0)) {
      // the posterior is defined by precisions in double arithmetic, so its KL is that of the formula up to 1e-13
      const exact = recomputeAnalytic(analytic, theorem.n, orthonormality ?? 0);
      say('$.divergence.covariance', 'divergence-differs', covariance, exact.covariance, 1e-13);
      say('$.divergence.displacement', 'divergence-differs', displacement, exact.displacement, 1e-13);
    } else
      reasons.push({
        code: 'out-of-range',
        path: '$.divergence.analytic',
        message:
          'the analytic posterior needs n >= 2, precision > 0, a squared distance >= 0 and nearly orthonormal directions',
      });
    if (!prior.scales.some((scale) => scale.value === analytic.precision || 1 / scale.value === analytic.precision))
      reasons.push({
        code: 'scale-off-grid',
        path: '$.divergence.analytic.precision',
        message: `the precision ${analytic.precision} is no scale of the prior`,
      });
    if (analytic.eigenvalues.length > dimension)
      reasons.push({
        code: 'divergence-parts',
        path: '$.divergence.analytic',
        message: `${analytic.eigenvalues.length} eigenvalues of a matrix of size ${dimension}`,
      });
  }
  const rotated = family === 'gaussian-kronecker' || family === 'gaussian-low-rank' || prior.basis !== undefined;
  const limit = analytic === undefined ? orthonormalityLimit : analyticLimit;
  if (rotated && !(orthonormality !== undefined && orthonormality >= 0 && orthonormality <= limit))
    reasons.push({
      code: 'basis-not-orthonormal',
      path: '$.divergence.orthonormality',
      message: `Gaussians in a rotated basis need |V'V - I| <= ${limit}, got ${orthonormality ?? 'no measurement'}`,
    });
  prior.scales.forEach((scale, i) => {
    const problem = scaleProblem(scale);
    if (problem !== undefined) reasons.push({ code: 'scale-off-grid', path: `$.prior.scales[${i}]`, message: problem });
  });
  return reasons;
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
