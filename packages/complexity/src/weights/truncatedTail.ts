import { exp, expm1, log } from '@hyperribbon/kernels';

/** Density ∝ exp(−a y − c (e^y − 1)) of y = ln(x/xmin) ≥ 0: x^−(a+1) e^(−c x/xmin); `logs` absent where the best c is 0. */
export interface TruncatedTail {
  readonly a: number;
  readonly c: number;
  readonly logs?: Float64Array;
}

/** Gauss–Legendre of order 8 on [−1, 1]: half of its points and their weights */
const points = [0.1834346424956498, 0.525532409916329, 0.7966664774136267, 0.9602898564975363];
const weights = [0.362683783378362, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763];
const PANELS = 40;

/**
 * Maximum likelihood, which is concave in (a, c): for every c the best a has the mean of the values, and c is found between the powers of two around the
 * best one by golden section. a may be negative where c > 0.
 */
export function truncatedTail(excess: Float64Array, mean: number): TruncatedTail {
  const meanGrowth = excess.reduce((sum, y) => sum + expm1(y), 0) / excess.length;
  const a0 = 1 / mean;
  // E(e^y − 1) = 1/(a − 1) under the power law: where it is not more than that of the values, no c > 0 is better
  if (a0 > 1 && 1 / (a0 - 1) <= meanGrowth) return { a: a0, c: 0 };
  const profile = (c: number): number => {
    const a = rateFor(c, mean);
    return -a * mean - c * meanGrowth - moments(a, c).logZ;
  };
  const c = exp(highest((t) => profile(exp(t)), log(1e-12 / meanGrowth), log(1e6 / meanGrowth)));
  if (!(profile(c) > log(a0) - 1)) return { a: a0, c: 0 };
  const a = rateFor(c, mean);
  const { logZ } = moments(a, c);
  return { a, c, logs: excess.map((y) => -a * y - c * expm1(y) - logZ) };
}

/** The place of the maximum of a unimodal function. */
function highest(f: (t: number) => number, from: number, to: number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [from, to];
  let [left, right] = [high - golden * (high - low), low + golden * (high - low)];
  let [atLeft, atRight] = [f(left), f(right)];
  for (let i = 0; i < 60; i++) {
    if (atLeft > atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - golden * (high - low);
      atLeft = f(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + golden * (high - low);
      atRight = f(right);
    }
  }
  return (low + high) / 2;
}

/** The a whose law has this mean, by Newton steps kept inside a bracket: the mean falls as a grows. */
function rateFor(c: number, mean: number): number {
  let [low, high] = [-1, 1 / mean];
  while (moments(low, c).mean < mean && low > -1e12) low *= 2;
  let a = Math.min(Math.max(1 / mean - c, low), high);
  for (let i = 0; i < 60; i++) {
    const found = moments(a, c);
    if (found.mean > mean) low = a;
    else high = a;
    const step = a + (found.mean - mean) / found.variance;
    const next = step > low && step < high ? step : (low + high) / 2;
    if (Math.abs(next - a) <= 1e-14 * Math.max(1, Math.abs(a))) return next;
    a = next;
  }
  return a;
}

interface Moments {
  readonly logZ: number;
  readonly mean: number;
  readonly variance: number;
}

/** Mass, mean and variance of exp(−a y − c (e^y − 1)) on y ≥ 0 by quadrature over where it is more than e^−40 of its largest value. */
function moments(a: number, c: number): Moments {
  const minusLog = (y: number): number => a * y + c * expm1(y);
  const peak = -a > c ? log(-a / c) : 0;
  const least = minusLog(peak);
  const far = reachOf((d) => minusLog(peak + d) - least);
  const near = peak === 0 ? 0 : Math.max(0, peak - reachOf((d) => (d > peak ? Infinity : minusLog(peak - d) - least)));
  let [mass, first, second] = [0, 0, 0];
  const half = (peak + far - near) / (2 * PANELS);
  for (let panel = 0; panel < PANELS; panel++) {
    const centre = near + (2 * panel + 1) * half;
    for (let k = 0; k < 8; k++) {
      const y = centre + (k < 4 ? -points[k] : points[k - 4]) * half;
      const density = weights[k & 3] * half * exp(least - minusLog(y));
      mass += density;
      first += density * y;
      second += density * y * y;
    }
  }
  const mean = first / mass;
  return { logZ: log(mass) - least, mean, variance: second / mass - mean * mean };
}

/** The distance at which a growing function passes 40. */
function reachOf(drop: (d: number) => number): number {
  let [low, high] = [0, 1];
  while (drop(high) < 40 && high < 1e300) high *= 2;
  for (let i = 0; i < 30; i++) {
    const d = (low + high) / 2;
    if (drop(d) < 40) low = d;
    else high = d;
  }
  return high;
}
