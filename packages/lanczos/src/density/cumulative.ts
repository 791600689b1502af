import { refuse, requireOneOf, requireOptions } from '@hyperribbon/contract';
import { meanAndError, trustedError, type Estimate, type EstimateCurve, type Evidence } from './estimate.js';
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

/** What a distribution is read from. */
export interface Measured {
  readonly size: number;
  readonly probes: readonly Probe[];
  /** eigenvalues known without probes */
  readonly exact: Float64Array;
  /** eigenvalues nearer to each other than this are not told apart: 10 eps ‖A‖ */
  readonly resolution: number;
  readonly evidence: Evidence;
}

/**
 * Share of eigenvalues up to each x, one within rounding of it included. Value: the middle of the moment bounds; truncation bias: half the distance of the
 * bounds that every measure with these moments obeys; band: t interval of the probes around lower and upper bound, and eigenvalues within rounding of x
 * on either side.
 */
export function cumulative(measured: Measured, x: ArrayLike<number>, options: CumulativeOptions = {}): CumulativeCurve {
  requireOptions('cdf', options);
  const { axis = 'linear' } = options;
  requireOneOf('cdf', 'axis', axis, ['linear', 'log']);
  const { size: n, resolution, evidence } = measured;
  const points = Float64Array.from(x);
  if (points.some(Number.isNaN)) refuse('cdf', 'every x must be a number, found NaN');
  const curve = Array.from(points, (p): Share => {
    if (axis === 'linear') return share(measured, place(-Infinity, 0), place(p, resolution));
    // values within rounding of zero have no sign
    if (Math.abs(p) <= resolution) return share(measured, place(p, 0), place(p, 0));
    return p > 0
      ? share(measured, place(resolution, 0), place(p, resolution))
      : share(measured, place(p, -resolution), place(-resolution, 0));
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

/** Number of eigenvalues in (a, b]: those within rounding of an end count as lying on it, and the interval holds what they may be instead. */
export function countBetween(measured: Measured, a: number, b: number): Share {
  const { resolution } = measured;
  return share(measured, place(a, resolution), place(b, resolution));
}

type Share = Pick<Estimate, 'value' | 'standardError' | 'truncationBias' | 'low' | 'high'>;

/** An end of an interval: what lies beyond it begins at `at`, or at `least` or `most` if rounding moved eigenvalues near it. */
interface Place {
  readonly at: 'least' | 'most';
  readonly least: number;
  readonly most: number;
}

/** @param rounding of eigenvalues near x; below zero where x itself belongs to what lies above it */
function place(x: number, rounding: number): Place {
  const room = Math.abs(rounding);
  return { at: rounding < 0 ? 'least' : 'most', least: x - room, most: x + room };
}

/** Number of eigenvalues in (a, b]. */
function share({ size: n, probes, exact, evidence }: Measured, a: Place, b: Place): Share {
  const t = studentQuantile(evidence.level, Math.max(1, probes.length - 1));
  const known = (from: number, to: number): number => exact.reduce((c, v) => (v > from && v <= to ? c + 1 : c), 0);
  const [least, most] = [known(a.most, b.least), known(a.least, b.most)];
  const columns = probes.map((probe) => {
    const [above, below] = [a, b].map((x) => ({ least: bounds(probe, x.least), most: bounds(probe, x.most) }));
    const between = (from: [number, number], to: [number, number]): [low: number, high: number] => [
      Math.max(0, to[0] - from[1]),
      Math.max(0, to[1] - from[0]),
    ];
    const [low, high] = between(above[a.at], below[b.at]);
    return {
      low: between(above.most, below.least)[0],
      high: between(above.least, below.most)[1],
      middle: (low + high) / 2,
      mass: probe.mass,
    };
  });
  const [low, lowSpread] = meanAndError(columns.map((c) => c.low));
  const [high, highSpread] = meanAndError(columns.map((c) => c.high));
  const [middle, spread] = meanAndError(columns.map((c) => c.middle));
  // 2 Σ w (f − mean)² of the indicator f of the interval: see Ladder
  const variance = columns.map(({ middle: x, mass }) => (mass > 0 ? 2 * x * Math.max(0, 1 - x / mass) : 0));
  const deviation = Math.sqrt(meanAndError(variance)[0]);
  const trusted = (error: number): number => (probes.length === 0 ? 0 : trustedError(error, deviation, probes.length));
  const rest = n - exact.length;
  return {
    value: known(a[a.at], b[b.at]) + Math.min(middle, rest),
    standardError: trusted(spread),
    truncationBias: (high + most - low - least) / 2,
    low: least + Math.max(0, low - t * trusted(lowSpread)),
    high: most + Math.min(rest, high + t * trusted(highSpread)),
  };
}
