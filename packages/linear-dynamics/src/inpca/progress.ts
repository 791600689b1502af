import { refuse, requireOneOf } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { atan, cos, sin } from '@hyperribbon/kernels';
import { angle } from './geodesic.js';
import { requireModels, type Models } from './models.js';

/** below this angle a sample says nothing about progress */
const SAME = 1e-8;
const TOLERANCE = 1e-12;

/** What progress is measured by. */
export interface ProgressOptions {
  /** geodesic: nearest point of the whole geodesic, default; mean: mean over samples of each sample's own nearest point, clipped */
  readonly mode?: 'geodesic' | 'mean';
}

/**
 * How far models have come on the geodesic from one model to another: s = argmin over [0, 1] of Σ_n d(r_n, γ_n(s)), the sum over samples
 * of great-circle distances [mao2024].
 *
 * The sum is convex in s (each term is an arc cosine of ρ cos(s θ − φ) with |s θ − φ| ≤ π/2), so the zero of its slope is
 * bracketed and found; at a model on the geodesic itself the slope jumps there. Where the sum is flat there is no one s, and what is
 * returned says nothing: with two classes, a model that is certain and right on half the samples is as far from every point.
 * @param models (models, samples, classes)
 * @param from (samples, classes), usually {@link ignorance}
 * @param to (samples, classes), usually {@link truth}
 * @returns (models,) in [0, 1]; within about 1e-8 for models on the geodesic, where rounding hides the minimum, else 1e-12
 * @throws ProbabilityError, ArgumentError as bhattacharyyaDivergences; ArgumentError when from and to are equal
 * Cost: models · samples · (classes + about 20) evaluations.
 * @example progress({ probabilities: ignorance(3, 2), models: 1, samples: 3, classes: 2 }, ignorance(3, 2), truth([0, 1, 0], 2)) // [0]
 */
export function progress(
  set: Models,
  from: FloatArray,
  to: FloatArray,
  { mode = 'geodesic' }: ProgressOptions = {},
): Float64Array {
  const { models, samples, classes, probabilities } = set;
  requireModels('progress', set);
  requireModels('progress', { ...set, models: 1, probabilities: from });
  requireModels('progress', { ...set, models: 1, probabilities: to });
  requireOneOf('progress', 'mode', mode, ['geodesic', 'mean']);
  const thetas = new Float64Array(samples);
  for (let n = 0; n < samples; n++) thetas[n] = angle(from, to, n * classes, n * classes, classes);
  if (thetas.every((theta) => theta < SAME)) {
    refuse('progress', 'from and to must differ, got the same model twice');
  }
  const [start, end] = [from, to].map((p) => Float64Array.from(p, Math.sqrt)) as [Float64Array, Float64Array];
  const toStart = new Float64Array(samples);
  const toEnd = new Float64Array(samples);
  const out = new Float64Array(models);
  for (let m = 0; m < models; m++) {
    for (let n = 0; n < samples; n++) {
      let [a, b] = [0, 0];
      for (let c = n * classes, at = m * samples * classes + c; c < (n + 1) * classes; c++, at++) {
        const r = Math.sqrt(probabilities[at]!);
        a += r * start[c]!;
        b += r * end[c]!;
      }
      toStart[n] = a;
      toEnd[n] = b;
    }
    out[m] = mode === 'mean' ? meanProgress(thetas, toStart, toEnd) : nearest(thetas, toStart, toEnd);
  }
  return out;
}

/** The zero of the slope of Σ_n arccos k_n(s) on [0, 1]: bisection steps where the secant is slow. */
function nearest(thetas: Float64Array, toStart: Float64Array, toEnd: Float64Array): number {
  let [low, high] = [0, 1];
  let atLow = slope(0, thetas, toStart, toEnd);
  if (atLow >= 0) return 0;
  let atHigh = slope(1, thetas, toStart, toEnd);
  if (atHigh <= 0) return 1;
  let secant = true;
  while (high - low > TOLERANCE) {
    const width = high - low;
    let s = secant ? low - (atLow * width) / (atHigh - atLow) : low + 0.5 * width;
    // a secant that lands on an end would not move the other one
    const margin = 0.25 * TOLERANCE;
    s = s >= low && s <= high ? Math.min(Math.max(s, low + margin), high - margin) : low + 0.5 * width;
    const value = slope(s, thetas, toStart, toEnd);
    if (value === 0) return s;
    if (value < 0) [low, atLow] = [s, value];
    else [high, atHigh] = [s, value];
    secant = high - low < 0.5 * width;
  }
  return low + 0.5 * (high - low);
}

/** d/ds Σ_n arccos k_n(s), k_n = [cos θ₁ sin((1 − s) θ) + cos θ₂ sin(s θ)]/sin θ */
function slope(s: number, thetas: Float64Array, toStart: Float64Array, toEnd: Float64Array): number {
  let sum = 0;
  let last = NaN;
  let [sineLeft, sineDone, cosineLeft, cosineDone, scale] = [0, 0, 0, 0, 0];
  for (let n = 0; n < thetas.length; n++) {
    const theta = thetas[n]!;
    if (theta < SAME) continue;
    // with ignorance and truth at the ends all angles are equal
    if (theta !== last) {
      [sineLeft, cosineLeft] = [sin((1 - s) * theta), cos((1 - s) * theta)];
      [sineDone, cosineDone] = [sin(s * theta), cos(s * theta)];
      scale = 1 / sin(theta);
      last = theta;
    }
    const k = (toStart[n]! * sineLeft + toEnd[n]! * sineDone) * scale;
    const rate = theta * (toEnd[n]! * cosineDone - toStart[n]! * cosineLeft) * scale;
    const rest = 1 - k * k;
    if (rest > 0) sum -= rate / Math.sqrt(rest);
  }
  return sum;
}

/** Mean over samples of arctan[(cos θ₂/cos θ₁ − cos θ)/sin θ]/θ, each clipped to [0, 1]. */
function meanProgress(thetas: Float64Array, toStart: Float64Array, toEnd: Float64Array): number {
  let sum = 0;
  let counted = 0;
  for (let n = 0; n < thetas.length; n++) {
    const theta = thetas[n]!;
    if (theta < SAME) continue;
    counted += 1;
    const s = toStart[n]! > 0 ? atan((toEnd[n]! / toStart[n]! - cos(theta)) / sin(theta)) / theta : 1;
    sum += Math.min(Math.max(s, 0), 1);
  }
  return sum / counted;
}
