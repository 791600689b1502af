import { atan, cos, exp } from '@hyperribbon/kernels';

/** A polynomial p that is 1 near a number and small away from it: p = Σ cⱼ Tⱼ on [low, high], where |p| ≤ bound. */
export interface WindowFilter extends Interval {
  /** (degree + 1,) */
  readonly coefficients: Float64Array;
  /** Σ |cⱼ| */
  readonly bound: number;
}

/** What holds the spectrum. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** degree · width of Gaussians: terms cut off are e^(−CUT²/2) of the first. At 4.5, where ripples are below 1e-4 and not 3e-2, searches took 2.2 times as many products */
const CUT = 2;
/** e^−GROWTH is half of what other windows leave beside their lobe */
const GROWTH = 3.9;
/** up to it windows are polynomials of (t − sigma)² */
const SHORT = 32;
const PI = 3.141592653589793;

/** The angle of a number: 0 at `high` and beyond it, π at `low` and below. */
export function angleOf({ low, high }: Interval, t: number): number {
  const x = (2 * t - low - high) / (high - low);
  if (!(x < 1)) return 0;
  return x <= -1 ? PI : 2 * atan(Math.sqrt((1 - x) / (1 + x)));
}

/** The number at an angle. */
export function atAngle({ low, high }: Interval, angle: number): number {
  return (low + high) / 2 + ((high - low) / 2) * cos(angle);
}

/** The degree of a Gaussian window of this width, in angles. */
export function degreeOf(width: number): number {
  return Math.max(2, Math.ceil(CUT / width));
}

/**
 * The window of a degree around sigma.
 *
 * Long ones have the Chebyshev series of a Gaussian of width CUT/degree on the circle of angles, cut off. Short ones are T((M² + δ² − 2(t − sigma)²)/(M² − δ²)), M the distance of the farther end: they fall
 * off on both sides of sigma alike down to a distance δ and stay small from there, so that values beyond a gap are told apart too.
 */
export function windowFilter(ends: Interval, sigma: number, degree: number): WindowFilter {
  const coefficients =
    degree <= SHORT ? short(ends, sigma, degree) : gaussian(balanced(ends, sigma, CUT / degree), degree);
  const bound = coefficients.reduce((sum, c) => sum + Math.abs(c), 0);
  return { low: ends.low, high: ends.high, coefficients, bound };
}

/** The peak at which a window of a width is as high on both sides of sigma, in t. */
function balanced(ends: Interval, sigma: number, width: number): number {
  const angle = angleOf(ends, sigma);
  const reach = Math.abs(atAngle(ends, angle + width) - sigma);
  if (sigma + reach > ends.high || sigma - reach < ends.low) return angle;
  return (angleOf(ends, sigma + reach) + angleOf(ends, sigma - reach)) / 2;
}

function gaussian(peak: number, degree: number): Float64Array {
  const coefficients = new Float64Array(degree + 1);
  const width = CUT / degree;
  const x = cos(peak);
  let [before, now, height] = [1, x, 0];
  for (let j = 0; j <= degree; j++) {
    const c = (j === 0 ? 1 : 2) * exp((-width * width * j * j) / 2) * before;
    coefficients[j] = c;
    height += c * before;
    [before, now] = [now, 2 * x * now - before];
  }
  return coefficients.map((c) => c / height);
}

function short({ low, high }: Interval, sigma: number, degree: number): Float64Array {
  const order = Math.max(1, Math.floor(degree / 2));
  const center = Math.max(low, Math.min(high, sigma));
  const reach = Math.max(high - center, center - low);
  const growth = exp(GROWTH / order);
  // y = top at sigma, and −1 at the farther end
  const top = (growth + 1 / growth) / 2;
  const chebyshev = (y: number): number => {
    let [before, now] = [1, y];
    for (let j = 1; j < order; j++) [before, now] = [now, 2 * y * now - before];
    return now;
  };
  const height = chebyshev(top);
  const count = 2 * order + 1;
  const values = Float64Array.from({ length: count }, (_, i) => {
    const distance = (atAngle({ low, high }, (PI * (i + 0.5)) / count) - center) / reach;
    return chebyshev(top - (top + 1) * distance * distance) / height;
  });
  return Float64Array.from({ length: count }, (_, j) => {
    const sum = values.reduce((s, value, i) => s + value * cos((PI * j * (i + 0.5)) / count), 0);
    return ((j === 0 ? 1 : 2) * sum) / count;
  });
}

/** p at an angle, by Clenshaw's recurrence, whose rounding stays near degree · eps · bound. */
export function valueAt({ coefficients }: WindowFilter, angle: number): number {
  const x = cos(angle);
  let [now, next] = [0, 0];
  for (let j = coefficients.length - 1; j > 0; j--) [now, next] = [2 * x * now - next + coefficients[j], now];
  return x * now - next + coefficients[0];
}

/**
 * How far from a number p is proven to be above a level: the distance, in t; where p stays above it up to an end of [low, high] that end does not count.
 *
 * |dp/dθ| ≤ degree · bound and |d²p/dθ²| ≤ degree² · bound (Bernstein), and dp/dθ is 0 at both ends: from where p is above the level by some difference it stays so for that divided by the
 * slope. Steps of that length stop before the first place at the level: nothing is assumed about where p rises and falls. Cost: some hundred values of p.
 */
export function clearAbove(filter: WindowFilter, t: number, level: number): number {
  const degree = filter.coefficients.length - 1;
  const start = angleOf(filter, t);
  const reach = (sign: 1 | -1): number => {
    let angle = start;
    for (let steps = 0; steps < 4000; steps++) {
      const left = sign === 1 ? PI - angle : angle;
      if (left < 0) return Infinity;
      const above = valueAt(filter, angle) - level;
      const step = above / (degree * filter.bound * Math.min(1, degree * left));
      if (!(above > 0) || step * degree < 2e-9) break;
      angle += sign * step;
    }
    return Math.abs(atAngle(filter, angle) - t);
  };
  if (!(valueAt(filter, start) > level)) return 0;
  return Math.min(reach(1), reach(-1));
}

/** out ← p(A) x for `degree` products, by the three-term recurrence. Cost: degree products, 7 degree n flops, 3 n numbers. */
export function filteredProduct(
  { coefficients, low, high }: WindowFilter,
  n: number,
  multiply: (x: Float64Array, out: Float64Array) => Promise<unknown>,
): (x: Float64Array, out: Float64Array) => Promise<void> {
  const [center, half] = [(low + high) / 2, (high - low) / 2];
  const rows = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  return async (x, out) => {
    let [before, now, next] = rows;
    before.set(x);
    await multiply(before, now);
    const [zeroth, first] = coefficients;
    for (let i = 0; i < n; i++) {
      now[i] = (now[i] - center * before[i]) / half;
      out[i] = zeroth * before[i] + first * now[i];
    }
    for (let j = 2; j < coefficients.length; j++) {
      const c = coefficients[j];
      await multiply(now, next);
      for (let i = 0; i < n; i++) {
        const y = (2 * (next[i] - center * now[i])) / half - before[i];
        next[i] = y;
        out[i] += c * y;
      }
      [before, now, next] = [now, next, before];
    }
  };
}
