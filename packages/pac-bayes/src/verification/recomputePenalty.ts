import type { AnalyticIngredients, CertificateTheorem, GridScale, PriorScale } from '../certificate/certificate.js';
import {
  add,
  divide,
  expMinus,
  interval,
  ln,
  lnNumber,
  maximum,
  multiply,
  pi,
  squareRoot,
  subtract,
  whole,
  zero,
  type Interval,
} from './recomputeInterval.js';

const one = whole(1);
const two = whole(2);
const half = interval(0.5);

/** Smallest n that each theorem allows. */
export const leastExamples: Readonly<Record<CertificateTheorem, number>> = {
  maurer: 8,
  'kl-exact': 1,
  'langford-seeger': 2,
  mcallester: 8,
  catoni: 1,
  thiemann: 8,
  quadratic: 8,
};

/** Nats on top of KL: ln(constant of the theorem), ln(1/delta), every union. */
export function recomputePenalty(
  theorem: CertificateTheorem,
  n: number,
  delta: number,
  constants: number,
  scales: readonly PriorScale[],
): Interval {
  const logConstant = constantOf(theorem, n, constants);
  return add(subtract(logConstant, lnNumber(delta)), recomputeUnion(scales));
}

function constantOf(theorem: CertificateTheorem, n: number, constants: number): Interval {
  if (theorem === 'catoni') return lnNumber(constants);
  if (theorem === 'langford-seeger') return lnNumber(n);
  if (theorem === 'kl-exact' && n <= 1e9) return ln(recomputeMoment(n));
  return add(lnNumber(2), multiply(half, lnNumber(n)));
}

/** 2 k ln(sum of indices) + ln(pi^2/6) for k grids together, ln(members) for a list. */
export function recomputeUnion(scales: readonly PriorScale[]): Interval {
  const grids = scales.filter((scale): scale is GridScale => scale.kind === 'grid');
  let price = zero;
  for (const scale of scales) if (scale.kind === 'listed') price = add(price, lnNumber(scale.members.length));
  if (grids.length === 0) return price;
  const sum = grids.reduce((total, { index }) => total + index, 0);
  const basel = ln(divide(multiply(pi, pi), whole(6)));
  return add(price, add(multiply(whole(2 * grids.length), lnNumber(sum)), basel));
}

/** Member j of a grid of scales. */
export function recomputeScale({ index, b, c, as }: GridScale): Interval {
  const decay = expMinus(divide(whole(index), interval(b)));
  return as === 'variance' ? multiply(interval(c), decay) : divide(one, multiply(interval(c), decay));
}

/** sum over k of C(n,k) (k/n)^k (1-k/n)^(n-k) = 1 + Q(n), Q = 1 + (1-1/n)(1 + (1-2/n)(1 + ...)) from the inside out. */
export function recomputeMoment(n: number): Interval {
  const depth = Math.min(n - 1, Math.ceil(14 * Math.sqrt(n)) + 20);
  const UNIT = 1n << 100n;
  const N = BigInt(n);
  let low = UNIT;
  let high = depth === n - 1 ? UNIT : UNIT * N;
  for (let i = BigInt(depth); i >= 1n; i--) {
    low = UNIT + (low * (N - i)) / N;
    high = UNIT + (high * (N - i)) / N + 1n;
  }
  return { lo: (low + UNIT) << 92n, hi: (high + UNIT) << 92n };
}

/** (KL + penalty)/n, or /(n - 1). */
export function recomputeRate(theorem: CertificateTheorem, n: number, kl: number, penalty: Interval): Interval {
  return divide(add(interval(kl), penalty), whole(theorem === 'langford-seeger' ? n - 1 : n));
}

/** Bounds that are formulas of risk and rate; the kl forms are inverted elsewhere. */
export function recomputeFormula(
  theorem: 'mcallester' | 'catoni' | 'thiemann' | 'quadratic',
  risk: Interval,
  rate: Interval,
  parameter: number,
): Interval {
  const t = multiply(half, rate);
  if (theorem === 'mcallester') return add(risk, squareRoot(t));
  if (theorem === 'quadratic') {
    const root = add(squareRoot(add(risk, t)), squareRoot(t));
    return multiply(root, root);
  }
  const c = interval(parameter);
  if (theorem === 'catoni') {
    const above = subtract(one, expMinus(add(multiply(c, risk), rate)));
    return divide(above, subtract(one, expMinus(c)));
  }
  const share = subtract(one, multiply(half, c));
  return add(divide(risk, share), divide(rate, multiply(c, share)));
}

export interface RecomputedDivergence {
  readonly covariance: Interval;
  readonly displacement: Interval;
}

/**
 * KL of the Hessian posterior from its eigenvalues: 1/2 sum [ln r + 1/r - 1], r = 1 + factor max(lambda, 0)/precision, plus what
 * directions that are orthonormal up to eta only may cost: eta sqrt(sum r)/(1 - eta sqrt(max r)).
 */
export function recomputeAnalytic(
  analytic: AnalyticIngredients,
  n: number,
  orthonormality: number,
): RecomputedDivergence {
  const { eigenvalues, displacementSquared, precision, convention } = analytic;
  const eps = interval(precision);
  const steps = multiply(whole(n - 1), two);
  const factor = convention === '2(n-1)' ? steps : divide(multiply(steps, two), lnNumber(2));
  let sum = zero;
  let ratios = zero;
  let largest = zero;
  for (const lambda of eigenvalues) {
    const r = divide(add(eps, multiply(factor, interval(Math.max(0, lambda)))), eps);
    sum = add(sum, add(ln(r), subtract(divide(one, r), one)));
    ratios = add(ratios, r);
    largest = maximum(largest, r);
  }
  const eta = interval(orthonormality);
  const slack = divide(multiply(eta, squareRoot(ratios)), subtract(one, multiply(eta, squareRoot(largest))));
  return {
    covariance: add(multiply(half, sum), slack),
    displacement: multiply(half, multiply(eps, interval(displacementSquared))),
  };
}
