// Oracle: dense covariances of the Gaussians that the very numbers define, orthonormal directions or not.
import { stream } from '@hyperribbon/random';
import { analyticPosterior, AssumptionError, denseGaussianKl, subspaceGaussianKl } from '@hyperribbon/pac-bayes';
import { describe, expect, it } from 'vitest';
import { recomputeSubspaceKl } from '../src/networks/examine/recomputeSubspaceKl.js';
import { orthonormal } from './networks/small.js';

const [p, k] = [11, 4];
const random = stream({ seed: 3, purpose: 'test/subspace' });
const uniforms = (n: number, low: number, high: number): Float64Array =>
  random.uniform(new Float64Array(n)).map((u) => low + (high - low) * u);

interface Setting {
  directions: Float64Array;
  posteriorMean: Float64Array;
  priorMean: Float64Array;
  posteriorStd: Float64Array;
  priorStd: Float64Array;
}

function setting(blur: number, posterior: [number, number], prior: [number, number]): Setting {
  const bend = uniforms(k * p, -blur, blur);
  return {
    directions: orthonormal(p, 40)
      .subarray(0, k * p)
      .map((x, i) => x + bend[i]),
    posteriorMean: uniforms(p, -1, 1),
    priorMean: uniforms(p, -1, 1),
    posteriorStd: Float64Array.of(...uniforms(k, ...posterior), 0.7),
    priorStd: Float64Array.of(...uniforms(k, ...prior), prior[1]),
  };
}

/** (s_c I + U' diag(s - s_c) U)^2 */
function covariance(directions: Float64Array, std: Float64Array): Float64Array {
  const T = new Float64Array(p * p);
  for (let a = 0; a < p; a++) {
    T[a * p + a] = std[k];
    for (let b = 0; b < p; b++)
      for (let i = 0; i < k; i++) T[a * p + b] += directions[i * p + a] * (std[i] - std[k]) * directions[i * p + b];
  }
  const square = new Float64Array(p * p);
  for (let a = 0; a < p; a++)
    for (let b = 0; b < p; b++) for (let c = 0; c < p; c++) square[a * p + b] += T[a * p + c] * T[c * p + b];
  return square;
}

function dense(s: Setting): number {
  return denseGaussianKl({
    posteriorMean: s.posteriorMean,
    priorMean: s.priorMean,
    posteriorCovariance: covariance(s.directions, s.posteriorStd),
    priorCovariance: covariance(s.directions, s.priorStd),
  }).kl;
}

const shapes: [string, [number, number], [number, number]][] = [
  ['an isotropic prior, directions that shrink', [0.1, 0.6], [1, 1]],
  ['an isotropic prior, directions that shrink and grow', [0.3, 1.4], [0.8, 0.8]],
  ['a prior with the same directions', [0.2, 1.2], [0.4, 1.6]],
];

describe('KL of Gaussians with directions of their own', () => {
  it.each(shapes)('is that of the dense covariances for %s', (_name, posterior, prior) => {
    for (let trial = 0; trial < 5; trial++) {
      const s = setting(0, posterior, prior);
      const { kl, orthonormality } = subspaceGaussianKl(s);
      expect(Math.abs(kl / dense(s) - 1)).toBeLessThan(1e-12);
      expect(orthonormality).toBeLessThan(1e-14);
    }
  });
  it.each(shapes)('bounds it from above for bent directions, not by much: %s', (_name, posterior, prior) => {
    for (const blur of [1e-6, 3e-5]) {
      for (let trial = 0; trial < 20; trial++) {
        const s = setting(blur, posterior, prior);
        const { kl, orthonormality } = subspaceGaussianKl(s);
        const exact = dense(s);
        expect(kl).toBeGreaterThanOrEqual(exact * (1 - 1e-13));
        expect(kl - exact).toBeLessThan(300 * orthonormality);
        expect(orthonormality).toBeGreaterThan(blur / 10);
      }
    }
  });
  it.each(shapes)(
    'is enclosed by the second implementation, for bent directions too: %s',
    (_name, posterior, prior) => {
      for (const blur of [0, 1e-6, 3e-5, 1e-2]) {
        for (let trial = 0; trial < 10; trial++) {
          const s = setting(blur, posterior, prior);
          const { lower, upper } = recomputeSubspaceKl({
            'posterior.mean': s.posteriorMean,
            'posterior.std': s.posteriorStd,
            'prior.mean': s.priorMean,
            'prior.std': s.priorStd,
            'subspace.directions': s.directions,
          });
          const exact = dense(s);
          expect(lower).toBeLessThanOrEqual(exact);
          expect(upper).toBeGreaterThanOrEqual(exact * (1 - 1e-14) - 2e-14 * p);
          expect(upper - lower).toBeLessThan(1e-9);
          // where the first is an upper bound, this is no more than the value
          if (blur < 1e-3) expect(lower).toBeLessThanOrEqual(subspaceGaussianKl(s).kl);
        }
      }
    },
  );
  it('needs the price of bent directions: without it some of them would be below', () => {
    let below = 0;
    for (let trial = 0; trial < 20; trial++) {
      const s = setting(3e-5, [0.1, 0.6], [1, 1]);
      const straight = { ...s, directions: orthonormal(p, 40).subarray(0, k * p) };
      if (subspaceGaussianKl(straight).kl < dense(s)) below++;
    }
    expect(below).toBeGreaterThan(3);
  });
  it('is not above the analytic posterior, whose record it must confirm', () => {
    const eigenvalues = [4, 1, 0.2, 0.01];
    const s = setting(2e-6, [1, 1], [1, 1]);
    const displacementSquared = s.posteriorMean.reduce((sum, m, i) => sum + (m - s.priorMean[i]) ** 2, 0);
    const base = { eigenvalues, displacementSquared, n: 500, precision: 30 };
    const { directionPrecisions } = analyticPosterior(base);
    const std = Float64Array.from([...directionPrecisions, 30], (l) => 1 / Math.sqrt(l));
    const kl = subspaceGaussianKl({ ...s, posteriorStd: std, priorStd: new Float64Array(k + 1).fill(std[k]) });
    const { orthonormality } = kl;
    const claimed = analyticPosterior({ ...base, orthonormality }).kl;
    expect(kl.kl).toBeLessThanOrEqual(claimed * (1 + 1e-12));
    expect(kl.kl).toBeGreaterThan(analyticPosterior(base).kl);
    expect(kl.kl).toBeLessThan(claimed + 1e-3);
  });
  it('has no directions to pay for when there are none', () => {
    const one = { directions: [], posteriorMean: [1, 0], priorMean: [0, 0], posteriorStd: [0.5], priorStd: [1] };
    expect(subspaceGaussianKl(one).kl).toBeCloseTo(0.5 * (2 * (0.25 - 1 + Math.log(4)) + 1), 12);
  });
  it('refuses directions that are not orthonormal, deviations that are not positive, lengths that do not fit', () => {
    const s = setting(0, [0.1, 0.6], [1, 1]);
    expect(() => subspaceGaussianKl({ ...s, directions: s.directions.map((u) => 1.01 * u) })).toThrow(AssumptionError);
    const flat = { ...s, posteriorStd: s.posteriorStd.map((x, i) => (i === 1 ? 1e-9 : x)) };
    const bent = s.directions.map((u, i) => u + (i % 3) * 1e-6);
    expect(() => subspaceGaussianKl({ ...flat, directions: bent })).toThrow(/more nearly orthonormal/);
    expect(() => subspaceGaussianKl({ ...s, priorStd: s.priorStd.map(() => 0) })).toThrow(/priorStd\[0\] > 0/);
    expect(() => subspaceGaussianKl({ ...s, priorStd: s.priorStd.subarray(1) })).toThrow(RangeError);
    expect(() => subspaceGaussianKl({ ...s, posteriorMean: s.posteriorMean.map(() => NaN) })).toThrow(/finite/);
  });
});
