import { refuse, requireOneOf, requireOptions, requirePositive } from '@hyperribbon/contract';
import { exp, log } from '@hyperribbon/kernels';
import { meanAndError, type EstimateCurve, type Evidence } from './estimate.js';
import type { Quadrature } from './gaussQuadrature.js';
import { studentQuantile } from './studentT.js';

export interface DensityOptions {
  /** 'linear': per unit of x; 'log': per decade of |x|, eigenvalues with the sign of x */
  readonly axis?: 'linear' | 'log';
  /** standard deviation of the Gaussian that smooths each node, in units of x or decades; default 1/50 of the width of the points given */
  readonly width?: number;
}

/** A smoothed density and its pointwise confidence band, one entry per x. */
export interface DensityCurve extends EstimateCurve {
  readonly x: Float64Array;
  readonly width: number;
  readonly axis: 'linear' | 'log';
}

const LN10 = 2.302585092994046;

/**
 * Share of eigenvalues per unit of x (or decade), integrating to one: Σ weight · Gaussian((x − node)/width) over each probe, averaged; exact
 * eigenvalues are smoothed with the same width, without variance.
 *
 * @param shorter rules of fewer steps, null where the Krylov space was exhausted: the change of the curve between them estimates the
 * truncation bias, which widens the band
 */
export function smoothedDensity(
  n: number,
  rules: readonly Quadrature[],
  shorter: readonly (Quadrature | null)[],
  exact: Float64Array,
  evidence: Evidence,
  points: ArrayLike<number>,
  options: DensityOptions = {},
): DensityCurve {
  requireOptions('density', options);
  const { axis = 'linear' } = options;
  requireOneOf('density', 'axis', axis, ['linear', 'log']);
  const x = Float64Array.from(points);
  const place = (v: number): number => (axis === 'linear' ? v : log(Math.abs(v)) / LN10);
  const at = x.map(place);
  if (at.some((v) => !Number.isFinite(v))) refuse('density', 'every x must be finite, and not 0 on a log axis');
  // no spread of arguments: a hundred thousand points are more than a call takes
  const extent = at.reduce((a, b) => Math.max(a, b), -Infinity) - at.reduce((a, b) => Math.min(a, b), Infinity);
  const width = options.width ?? (extent > 0 ? extent / 50 : 1e-3 * (Math.abs(at[0] ?? 1) || 1));
  requirePositive('density', 'width', width);
  const bump = 1 / (width * 2.5066282746310002 * n);
  const sum = (values: ArrayLike<number>, weights: ArrayLike<number> | null, i: number): number => {
    let s = 0;
    for (let j = 0; j < values.length; j++) {
      if (axis === 'log' && (values[j] === 0 || values[j] > 0 !== x[i] > 0)) continue;
      const u = (at[i] - place(values[j])) / width;
      if (Math.abs(u) < 9) s += (weights === null ? 1 : weights[j]) * exp(-0.5 * u * u);
    }
    return s * bump;
  };
  const t = studentQuantile(evidence.level, Math.max(1, rules.length - 1));
  const value = new Float64Array(x.length);
  const standardError = new Float64Array(x.length);
  const truncationBias = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const samples = rules.map((rule) => sum(rule.nodes, rule.weights, i));
    const [mean, error] = meanAndError(samples);
    value[i] = mean + sum(exact, null, i);
    standardError[i] = error;
    const changes = shorter.map((rule, j) => (rule === null ? 0 : samples[j] - sum(rule.nodes, rule.weights, i)));
    truncationBias[i] = Math.abs(meanAndError(changes)[0]);
  }
  const low = value.map((v, i) => Math.max(0, v - t * standardError[i] - truncationBias[i]));
  const high = value.map((v, i) => v + t * standardError[i] + truncationBias[i]);
  return { x, value, low, high, standardError, truncationBias, width, axis, ...evidence };
}
