import { meanAndError, type Estimate, type EstimateCurve, type Evidence } from './estimate.js';
import { gaussQuadrature } from './gaussQuadrature.js';
import type { Probe } from './lanczosProbe.js';
import { studentQuantile } from './studentT.js';

/** Shares of eigenvalues with their evidence, one entry per x. */
export interface CumulativeCurve extends EstimateCurve {
  readonly x: Float64Array;
  readonly axis: 'linear' | 'log';
}

export interface CumulativeOptions {
  /** 'linear' (default): share of eigenvalues ≤ x; 'log': share of those with the sign of x and magnitude ≤ |x|, beyond rounding of zero */
  readonly axis?: 'linear' | 'log';
}

/**
 * Bounds of the measure of (−∞, x] that hold for every measure with the probe's moments (Chebyshev, Markov, Stieltjes).
 *
 * The rule with one node prescribed at x, from the Jacobi matrix whose last diagonal entry puts an eigenvalue there [golub1973], has
 * weight L strictly below x and w at x; then L ≤ μ(−∞, x] ≤ L + w. In a gap of the spectrum w falls exponentially with the steps.
 */
function bounds({ alpha, beta, mass }: Probe, x: number): [number, number] {
  const m = alpha.length;
  if (x === -Infinity || m === 0) return [0, 0];
  if (x === Infinity) return [mass, mass];
  const exhausted = beta[m - 1] === 0;
  let nodes = alpha;
  if (!exhausted) {
    let pivot = alpha[0] - x;
    for (let i = 1; i < m; i++)
      pivot = alpha[i] - x - (beta[i - 1] / (pivot === 0 ? 2 ** -52 * beta[i - 1] : pivot)) * beta[i - 1];
    if (pivot === 0) pivot = 2 ** -52 * beta[m - 1];
    nodes = new Float64Array(m + 1);
    nodes.set(alpha);
    nodes[m] = x + (beta[m - 1] / pivot) * beta[m - 1];
    // x is itself a node of the plain rule, as near as rounding goes
    if (!Number.isFinite(nodes[m])) nodes = alpha;
  }
  const rule = gaussQuadrature(nodes, beta, mass);
  // rounding moves the prescribed node off x: it is the one nearest
  let at = -1;
  if (!exhausted) {
    at = 0;
    rule.nodes.forEach((node, i) => {
      if (Math.abs(node - x) < Math.abs(rule.nodes[at] - x)) at = i;
    });
  }
  let low = 0;
  rule.nodes.forEach((node, i) => {
    if (i !== at && node <= x) low += rule.weights[i];
  });
  return [low, low + (at < 0 ? 0 : rule.weights[at])];
}

/**
 * Share of eigenvalues up to each x. Value: the middle of the moment bounds; truncation bias: half the distance of the bounds that every
 * measure with these moments obeys; band: t interval of the probes around lower and upper bound.
 */
export function cumulative(
  n: number,
  probes: readonly Probe[],
  exact: Float64Array,
  evidence: Evidence,
  resolution: number,
  x: ArrayLike<number>,
  { axis = 'linear' }: CumulativeOptions = {},
): CumulativeCurve {
  const points = Float64Array.from(x);
  const curve = Array.from(points, (p): Share => {
    if (axis === 'linear') return share(n, probes, exact, evidence.level, -Infinity, p);
    // values within rounding of zero have no sign
    return p > 0
      ? share(n, probes, exact, evidence.level, Math.min(resolution, p), p)
      : share(n, probes, exact, evidence.level, below(p), Math.max(-resolution, below(p)));
  });
  const column = (name: keyof Share): Float64Array => Float64Array.from(curve, (entry) => entry[name] / n);
  return {
    x: points,
    axis,
    value: column('value'),
    standardError: column('standardError'),
    truncationBias: column('truncationBias'),
    low: column('low'),
    high: column('high'),
    ...evidence,
  };
}

/** The largest number below x. */
function below(x: number): number {
  return x - Math.max(Math.abs(x) * 2 ** -53, 5e-324);
}

type Share = Pick<Estimate, 'value' | 'standardError' | 'truncationBias' | 'low' | 'high'>;

/** Number of eigenvalues in (a, b], from Jacobi matrices. */
export function share(
  n: number,
  probes: readonly Probe[],
  exact: Float64Array,
  level: number,
  a: number,
  b: number,
): Share {
  const t = studentQuantile(level, probes.length - 1);
  let known = 0;
  for (const v of exact) if (v > a && v <= b) known++;
  const lows: number[] = [];
  const highs: number[] = [];
  for (const probe of probes) {
    const [lowB, highB] = bounds(probe, b);
    const [lowA, highA] = a === -Infinity ? [0, 0] : bounds(probe, a);
    lows.push(Math.max(0, lowB - highA));
    highs.push(Math.max(0, highB - lowA));
  }
  const [low, lowError] = meanAndError(lows);
  const [high, highError] = meanAndError(highs);
  const [middle, standardError] = meanAndError(lows.map((l, j) => (l + highs[j]) / 2));
  const rest = n - exact.length;
  return {
    value: known + Math.min(middle, rest),
    standardError,
    truncationBias: (high - low) / 2,
    low: known + Math.max(0, low - t * lowError),
    high: known + Math.min(rest, high + t * highError),
  };
}
