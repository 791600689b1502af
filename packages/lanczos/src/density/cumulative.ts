import { meanAndError } from './estimate.js';
import { gaussQuadrature } from './gaussQuadrature.js';
import type { Probe } from './lanczosProbe.js';
import { studentQuantile } from './studentT.js';

/** Shares of eigenvalues with their evidence, one entry per x. */
export interface CumulativeCurve {
  readonly x: Float64Array;
  /** (points,) in [0, 1] */
  readonly value: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly standardError: Float64Array;
  /** half the distance of the bounds that every measure with these moments obeys (Chebyshev, Markov and Stieltjes) */
  readonly truncationBias: Float64Array;
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
 * Share of eigenvalues ≤ x, or with `between` the number of them in (x₀, x₁], from Jacobi matrices.
 * Value: the middle of the moment bounds; band: t interval of the probes around lower and upper bound.
 */
export function cumulative(
  n: number,
  probes: readonly Probe[],
  exact: Float64Array,
  level: number,
  x: ArrayLike<number>,
  between = false,
): CumulativeCurve {
  const points = between ? 1 : x.length;
  const make = (): Float64Array => new Float64Array(points);
  const curve = {
    x: Float64Array.from(x),
    value: make(),
    low: make(),
    high: make(),
    standardError: make(),
    truncationBias: make(),
  };
  const t = studentQuantile(level, probes.length - 1);
  const unit = between ? 1 : n;
  for (let i = 0; i < points; i++) {
    const a = between ? x[0] : -Infinity;
    const b = between ? x[1] : x[i];
    let known = 0;
    for (const v of exact) if (v > a && v <= b) known++;
    const lows: number[] = [];
    const highs: number[] = [];
    for (const probe of probes) {
      const [lowB, highB] = bounds(probe, b);
      const [lowA, highA] = between ? bounds(probe, a) : [0, 0];
      lows.push(Math.max(0, lowB - highA));
      highs.push(Math.max(0, highB - lowA));
    }
    const [low, lowError] = meanAndError(lows);
    const [high, highError] = meanAndError(highs);
    const [middle, error] = meanAndError(lows.map((l, j) => (l + highs[j]) / 2));
    const rest = n - exact.length;
    curve.value[i] = (known + Math.min(middle, rest)) / unit;
    curve.standardError[i] = error / unit;
    curve.truncationBias[i] = (high - low) / 2 / unit;
    curve.low[i] = (known + Math.max(0, low - t * lowError)) / unit;
    curve.high[i] = (known + Math.min(rest, high + t * highError)) / unit;
  }
  return curve;
}
