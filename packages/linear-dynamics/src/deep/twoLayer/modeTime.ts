import { atan, cos, exp, expm1, log, log1mexp, log1p, sigmoid, sin, softplus } from '@hyperribbon/kernels';

const TWO_PI = 6.283185307179586;

/**
 * Time as a function of position for τ u' = N |u|^{2−2/N} (s − u), s > 0, N >= 2 (N = Infinity: u² (s − u), N absorbed in τ).
 *
 * `position` is a coordinate that stays accurate near both ends: ln(u/(s − u)) below the target, ln(u/(u − s)) above it,
 * −ln(−u) for negative u. It grows with time along the flow.
 */
export interface ModeTime {
  position(u: number): number;
  value(position: number): number;
  /** antiderivative of dt/du in units of τ */
  time(position: number): number;
  /** d time / d position > 0 */
  slope(position: number): number;
}

/**
 * The three branches of the mode equation.
 *
 * With y = (u/s)^{1/N}: t/τ = s^{2/N−2} ∫ y^{1−N}/(1 − y^N) dy = s^{2/N−2} [y^{2−N}/(2−N) + G(y)],
 * G(y) = ∫ y/(1 − y^N) dy = −(1/N) Σ_k Re[ω_k² ln(1 − y/ω_k)] over the N-th roots of unity ω_k; roots of −1 for u < 0.
 * Derived here, for any N, and checked against quadrature; N = 4 and the limit are in [saxe2014].
 */
export function modeTime(s: number, depth: number, branch: 'below' | 'above' | 'negative'): ModeTime {
  const infinite = depth === Infinity;
  const scale = infinite ? 1 / (s * s) : powerOf(s, 2 / depth - 2);
  const size = (position: number): number =>
    branch === 'below' ? s * sigmoid(position) : branch === 'above' ? s / -expm1(-position) : exp(-position);
  return {
    position(u) {
      if (branch === 'below') return log(u) - log(s - u);
      return branch === 'above' ? log(u) - log(u - s) : -log(-u);
    },
    value: (position) => (branch === 'negative' ? -size(position) : size(position)),
    time(position) {
      if (infinite) return scale * infiniteTime(position, s, branch);
      // lny = ln(u/s)/N; gap = ln|1 − y| kept apart because y may round to 1
      const lnRatio =
        branch === 'below' ? -softplus(-position) : branch === 'above' ? -log1mexp(position) : -position - log(s);
      const lny = lnRatio / depth;
      const y = exp(lny);
      const near = Math.abs(expm1(lny));
      const gap = position > 40 && branch !== 'negative' ? -position - log(depth) : log(near);
      const lead = depth === 2 ? lny : exp((2 - depth) * lny) / (2 - depth);
      const sum = lead + rootSum(y, depth, gap, branch === 'negative' ? -1 : 1);
      return branch === 'negative' ? -scale * sum : scale * sum;
    },
    slope(position) {
      const u = size(position);
      if (infinite) return branch === 'negative' ? 1 / (u * (s + u)) : 1 / (u * s);
      const p = powerOf(u, 2 / depth - 1) / depth;
      return branch === 'negative' ? p / (s + u) : p / s;
    },
  };
}

/** ±∫ y/(1 ∓ y^N) dy from 0: `sign` 1 for the upper signs, −1 for the lower; `gap` = ln|1 − y|, used for the root 1. */
function rootSum(y: number, depth: number, gap: number, sign: 1 | -1): number {
  let sum = 0;
  for (let k = 0; k < depth; k++) {
    const theta = (TWO_PI * (sign === 1 ? k : k + 0.5)) / depth;
    if (k === 0 && sign === 1) {
      sum += gap;
      continue;
    }
    const [c, d] = [cos(theta), sin(theta)];
    // ln(1 − y e^{−iθ}) = ½ ln(1 − 2 y cos θ + y²) + i arg, |1 − y e^{−iθ}|² = 1 + y (y − 2 cos θ)
    const half = log1p(y * (y - 2 * c)) / 2;
    const angle = argument(1 - y * c, y * d);
    sum += (c * c - d * d) * half - 2 * c * d * angle;
  }
  return -sign * (sum / depth);
}

/** angle of (x, y) in (−π, π] */
function argument(x: number, y: number): number {
  if (x > 0) return atan(y / x);
  if (x < 0) return atan(y / x) + (y < 0 ? -TWO_PI / 2 : TWO_PI / 2);
  return y < 0 ? -TWO_PI / 4 : TWO_PI / 4;
}

/** s² ∫ du/(u² (s − u)): ln(u/(s − u)) − s/u and its relatives */
function infiniteTime(position: number, s: number, branch: 'below' | 'above' | 'negative'): number {
  if (branch === 'negative') {
    const v = exp(-position);
    return s / v - log1p(s / v);
  }
  const ratio = branch === 'below' ? 1 + exp(-position) : -expm1(-position);
  return position - ratio;
}

function powerOf(x: number, p: number): number {
  return exp(p * log(x));
}
