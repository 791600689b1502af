// Oracle: the same Gaussians as dense covariances.
import { stream } from '@hyperribbon/random';
import {
  AssumptionError,
  denseGaussianKl,
  diagonalGaussianKl,
  lowRankPlusDiagonalGaussianKl,
  type LowRankPlusDiagonalGaussians,
} from '@hyperribbon/pac-bayes';
import { describe, expect, it } from 'vitest';

const random = stream({ seed: 8, purpose: 'test/low-rank plus diagonal' });
const uniforms = (n: number, low: number, high: number): Float64Array =>
  random.uniform(new Float64Array(n)).map((u) => low + (high - low) * u);

function setting(p: number, k: number, m: number, size = 1): Required<LowRankPlusDiagonalGaussians> {
  return {
    posteriorMean: uniforms(p, -1, 1),
    posteriorVariance: uniforms(p, 0.1, 2),
    posteriorFactor: uniforms(p * k, -size, size),
    priorMean: uniforms(p, -1, 1),
    priorVariance: uniforms(p, 0.1, 2),
    priorFactor: uniforms(p * m, -size, size),
  };
}

function covariance(variance: ArrayLike<number>, F: ArrayLike<number>): Float64Array {
  const p = variance.length;
  const k = F.length / p;
  const S = new Float64Array(p * p);
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < p; j++) for (let c = 0; c < k; c++) S[i * p + j] += F[i * k + c] * F[j * k + c];
    S[i * p + i] += variance[i];
  }
  return S;
}

const dense = (s: Required<LowRankPlusDiagonalGaussians>) =>
  denseGaussianKl({
    posteriorMean: s.posteriorMean,
    posteriorCovariance: covariance(s.posteriorVariance, s.posteriorFactor),
    priorMean: s.priorMean,
    priorCovariance: covariance(s.priorVariance, s.priorFactor),
  });

describe('KL of low-rank plus diagonal covariances', () => {
  it.each([
    [1, 1, 0],
    [5, 2, 0],
    [5, 0, 2],
    [9, 3, 2],
    [12, 12, 4],
    [4, 6, 5],
  ])('is that of the dense ones: p = %d, ranks %d and %d', (p, k, m) => {
    for (const size of [0.1, 1, 20]) {
      const s = setting(p, k, m, size);
      const [found, exact] = [lowRankPlusDiagonalGaussianKl(s), dense(s)];
      for (const key of ['kl', 'covariance', 'displacement'] as const) {
        const close = (value: number) => Math.abs(value - exact[key]) <= 1e-11 * (1 + exact[key]);
        expect(close(found[key])).toBe(true);
        expect(close(found[key] + 1e-10 * (1 + exact[key]))).toBe(false);
      }
    }
  });
  it('is the diagonal form without factors, to the last digits', () => {
    const { posteriorFactor: _q, priorFactor: _p, ...s } = setting(30, 0, 0);
    const std = (variance: ArrayLike<number>) => Array.from(variance, Math.sqrt);
    const { kl } = diagonalGaussianKl({
      ...s,
      posteriorStd: std(s.posteriorVariance),
      priorStd: std(s.priorVariance),
    });
    expect(Math.abs(lowRankPlusDiagonalGaussianKl(s).kl / kl - 1)).toBeLessThan(1e-13);
  });
  it('is 0 for equal Gaussians, and keeps its digits near them', () => {
    const s = setting(20, 3, 3);
    const equal = {
      ...s,
      posteriorMean: s.priorMean,
      posteriorVariance: s.priorVariance,
      posteriorFactor: s.priorFactor,
    };
    expect(lowRankPlusDiagonalGaussianKl(equal).kl).toBeLessThan(1e-28);
    // along one direction of the diagonal part: 1/2 (t - ln(1 + t)) with t = 1e-6 of S^-1_00 d_0
    const nearly = {
      ...equal,
      posteriorVariance: Float64Array.from(s.priorVariance, (v, i) => (i === 0 ? v * (1 + 1e-6) : v)),
    };
    const exact = dense(nearly).kl;
    const { kl } = lowRankPlusDiagonalGaussianKl(nearly);
    expect(kl).toBeGreaterThan(0);
    expect(Math.abs(kl - exact)).toBeLessThan(21e-15); // what the dense form adds for its rounding
  });
  it.each<[string, (s: Required<LowRankPlusDiagonalGaussians>) => object, RegExp]>([
    [
      'a variance of 0',
      (s) => ({ priorVariance: Array.from(s.priorVariance, (v, i) => (i === 2 ? 0 : v)) }),
      /priorVariance\[2\] > 0/,
    ],
    ['a factor that is not finite', (s) => ({ posteriorFactor: Array.from(s.posteriorFactor, () => NaN) }), /finite/],
  ])('names theorem and assumption for %s', (_name, change, assumption) => {
    const s = setting(5, 2, 1);
    expect(() => lowRankPlusDiagonalGaussianKl({ ...s, ...change(s) })).toThrow(AssumptionError);
    expect(() => lowRankPlusDiagonalGaussianKl({ ...s, ...change(s) })).toThrow(assumption);
  });
  it('refuses lengths that do not fit', () => {
    const s = setting(5, 2, 1);
    expect(() => lowRankPlusDiagonalGaussianKl({ ...s, posteriorFactor: uniforms(11, 0, 1) })).toThrow(/\(5, k\)/);
    expect(() => lowRankPlusDiagonalGaussianKl({ ...s, priorMean: uniforms(4, 0, 1) })).toThrow(RangeError);
  });
});
