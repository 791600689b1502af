// Oracle: the sum of the terms of KL, each logarithm and quotient enclosed in whole numbers of 2^-192.
import { diagonalGaussianKl } from '@hyperribbon/pac-bayes';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { recomputeDiagonalKl } from '../src/verification/recomputeGaussianKl.js';
import {
  add,
  divide,
  interval,
  lnNumber,
  multiply,
  subtract,
  toNumberUp,
  zero,
  type Interval,
} from '../src/verification/recomputeInterval.js';

interface Pair {
  readonly posteriorMean: Float64Array;
  readonly posteriorStd: Float64Array;
  readonly priorMean: Float64Array;
  readonly priorStd: Float64Array;
}

/** 1/2 sum [r - 1 - ln r + d^2/s^2] */
function exactKl({ posteriorMean, posteriorStd, priorMean, priorStd }: Pair): Interval {
  let sum = zero;
  for (let i = 0; i < posteriorMean.length; i++) {
    const s = interval(priorStd[i]);
    const q = divide(interval(posteriorStd[i]), s);
    const d = divide(subtract(interval(posteriorMean[i]), interval(priorMean[i])), s);
    const logs = subtract(lnNumber(posteriorStd[i]), lnNumber(priorStd[i]));
    sum = add(sum, subtract(add(multiply(q, q), multiply(d, d)), add(interval(1), add(logs, logs))));
  }
  return multiply(interval(0.5), sum);
}

const random = stream({ seed: 11, purpose: 'test/recompute' });
const drawn = (p: number, low: number, high: number): Float64Array =>
  random.uniform(new Float64Array(p)).map((u) => low + (high - low) * u);

function pair(p: number, [low, high]: readonly [number, number], scale = 1): Pair {
  const priorStd = drawn(p, 0.5 * scale, 2 * scale);
  const ratio = drawn(p, low, high);
  return {
    priorStd,
    posteriorStd: priorStd.map((s, i) => s * ratio[i]),
    posteriorMean: drawn(p, -scale, scale),
    priorMean: drawn(p, -scale, scale),
  };
}

const cases: readonly [string, Pair][] = [
  ['one weight', pair(1, [0.5, 0.5])],
  ['narrow posteriors', pair(300, [0.01, 0.5])],
  ['wide ones', pair(300, [1, 40])],
  ['deviations that are nearly equal', pair(300, [1 - 1e-7, 1 + 1e-7])],
  ['very small scales', pair(200, [0.1, 2], 1e-25)],
  ['very large scales', pair(200, [0.1, 2], 1e25)],
  ['ratios of many decades', pair(64, [1e-9, 1e-3])],
  ['one million weights', pair(1_000_000, [0.2, 1.1])],
];

describe('the second implementation of KL between independent Gaussians', () => {
  it.each(cases.slice(0, -1))('encloses the exact value: %s', (_name, gaussians) => {
    const { lower, upper } = recomputeDiagonalKl(
      gaussians.posteriorMean,
      gaussians.posteriorStd,
      gaussians.priorMean,
      gaussians.priorStd,
    );
    const exact = exactKl(gaussians);
    expect(interval(lower).lo <= exact.hi).toBe(true);
    expect(interval(upper).hi >= exact.lo).toBe(true);
    const p = gaussians.posteriorMean.length;
    expect(upper - lower).toBeLessThan(1e-14 * p + 1e-13 * upper);
    // and excludes what is a little beside it
    expect(toNumberUp(exact) + 1e-13 * p + 1e-12 * upper).toBeGreaterThan(upper);
  });

  it.each(cases)('meets the first: %s', (_name, gaussians) => {
    const { lower, upper } = recomputeDiagonalKl(
      gaussians.posteriorMean,
      gaussians.posteriorStd,
      gaussians.priorMean,
      gaussians.priorStd,
    );
    const { kl } = diagonalGaussianKl(gaussians);
    expect(lower).toBeLessThanOrEqual(kl);
    expect(Math.abs(upper - kl)).toBeLessThan(1e-14 * gaussians.posteriorMean.length + 1e-12 * kl);
  });

  it('says nothing of numbers beyond its range, and never throws', () => {
    const one = Float64Array.of(1);
    for (const std of [1e-200, 1e200, 5e-324, Infinity, Number.NaN])
      expect(recomputeDiagonalKl(one, Float64Array.of(std), one, one)).toEqual({ lower: 0, upper: Infinity });
    expect(recomputeDiagonalKl(Float64Array.of(1e300), one, Float64Array.of(-1e300), one).upper).toBe(Infinity);
    expect(recomputeDiagonalKl([], [], [], []).upper).toBeLessThan(1e-50);
  });
});
