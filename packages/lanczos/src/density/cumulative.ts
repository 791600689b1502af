import { meanAndError } from './estimate.js';
import type { Quadrature } from './gaussQuadrature.js';
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

/** Bounds of the measure of (−∞, x] that the rule's moments allow, and their middle: [low, high]. */
function bounds(rule: Quadrature, x: number): [number, number] {
  const { nodes, weights } = rule;
  // nodes descend: i is the first with nodes[i] <= x, so nodes[i..] lie in (−∞, x]
  let i = 0;
  while (i < nodes.length && nodes[i] > x) i++;
  let sum = 0;
  for (let j = i; j < nodes.length; j++) sum += weights[j];
  // the nearest node on either side may stand for mass on the other side of x
  const below = i < nodes.length ? weights[i] : 0;
  const above = i > 0 ? weights[i - 1] : 0;
  return [sum - below, sum + above];
}

/**
 * Share of eigenvalues ≤ x, or with `between` the number of them in (x₀, x₁], from quadrature rules.
 * Value: the middle of the moment bounds; band: t interval of the probes around lower and upper bound.
 */
export function cumulative(
  n: number,
  rules: readonly Quadrature[],
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
  const t = studentQuantile(level, rules.length - 1);
  const unit = between ? 1 : n;
  for (let i = 0; i < points; i++) {
    const a = between ? x[0] : -Infinity;
    const b = between ? x[1] : x[i];
    let known = 0;
    for (const v of exact) if (v > a && v <= b) known++;
    const lows: number[] = [];
    const highs: number[] = [];
    for (const rule of rules) {
      const [lowB, highB] = bounds(rule, b);
      const [lowA, highA] = between ? bounds(rule, a) : [0, 0];
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
