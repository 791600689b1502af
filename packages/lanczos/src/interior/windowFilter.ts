import { atan, cos, exp } from '@hyperribbon/kernels';

/**
 * A polynomial p that is 1 near a number and falls off beside it like a Gaussian: in the angle θ of t = center + half · cos θ its Chebyshev series is that of a Gaussian of
 * width `width` on the circle, cut off at `degree`. Between −1 and 1, the places of low and high, |p| ≤ bound.
 */
export interface WindowFilter {
  readonly low: number;
  readonly high: number;
  /** angle of its peak, in [0, π] */
  readonly peak: number;
  readonly width: number;
  /** (degree + 1,) of p = Σ cⱼ Tⱼ */
  readonly coefficients: Float64Array;
  /** Σ |cⱼ| */
  readonly bound: number;
}

/** degree · width: terms cut off are e^(−CUT²/2) of the first. At 4.5, where ripples are below 1e-4 and not 3e-2, searches took 2.2 times as many products */
const CUT = 2;
const PI = 3.141592653589793;

/** The angle of a number: 0 at `high` and beyond it, π at `low` and below. */
export function angleOf({ low, high }: { low: number; high: number }, t: number): number {
  const x = (2 * t - low - high) / (high - low);
  if (!(x < 1)) return 0;
  return x <= -1 ? PI : 2 * atan(Math.sqrt((1 - x) / (1 + x)));
}

/** The number at an angle. */
export function atAngle({ low, high }: { low: number; high: number }, angle: number): number {
  return (low + high) / 2 + ((high - low) / 2) * cos(angle);
}

/** The degree of a filter of this width. */
export function degreeOf(width: number): number {
  return Math.max(2, Math.ceil(CUT / width));
}

export function windowFilter(
  ends: { readonly low: number; readonly high: number },
  peak: number,
  width: number,
): WindowFilter {
  const coefficients = new Float64Array(degreeOf(width) + 1);
  const x = cos(peak);
  let [before, now, height] = [1, x, 0];
  for (let j = 0; j < coefficients.length; j++) {
    const c = (j === 0 ? 1 : 2) * exp((-width * width * j * j) / 2) * before;
    coefficients[j] = c;
    height += c * before;
    [before, now] = [now, 2 * x * now - before];
  }
  const bound = coefficients.reduce((sum, c) => sum + Math.abs(c), 0) / height;
  return { low: ends.low, high: ends.high, peak, width, coefficients: coefficients.map((c) => c / height), bound };
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
 * |d p/d θ| ≤ degree · bound (Bernstein), so from where p is above the level by some difference it stays so for difference/(degree · bound). Steps of that length stop before the first place
 * at the level: nothing is assumed about where p rises and falls. Cost: some hundred values of p.
 */
export function clearAbove(filter: WindowFilter, t: number, level: number): number {
  const slope = (filter.coefficients.length - 1) * filter.bound;
  const start = angleOf(filter, t);
  const reach = (sign: 1 | -1): number => {
    let angle = start;
    for (let steps = 0; steps < 4000; steps++) {
      if (angle < 0 || angle > PI) return Infinity;
      const above = valueAt(filter, angle) - level;
      const step = above / slope;
      if (!(above > 0) || step < 1e-9 * filter.width) break;
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
