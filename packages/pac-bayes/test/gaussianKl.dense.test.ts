import { stream } from '@hyperribbon/random';
import {
  analyticPosterior,
  denseGaussianKl,
  diagonalGaussianKl,
  lowRankGaussianKl,
  lowRankPlusDiagonalGaussianKl,
  rotatedGaussianKl,
  subspaceGaussianKl,
} from '@hyperribbon/pac-bayes';
import { describe, expect, it } from 'vitest';
import { divide, interval, lnNumber, multiply, subtract, toNumberUp } from '../src/verification/recomputeInterval.js';

const random = stream({ seed: 5, purpose: 'pac-bayes test', index: 0 });
function uniforms(n: number, low: number, high: number): Float64Array {
  return random.uniform(new Float64Array(n)).map((u) => low + (high - low) * u);
}

/** Orthogonal (p, p): a product of p reflections. */
function rotation(p: number): Float64Array {
  const Q = new Float64Array(p * p);
  for (let i = 0; i < p; i++) Q[i * p + i] = 1;
  for (let r = 0; r < p; r++) {
    const v = uniforms(p, -1, 1);
    const norm2 = v.reduce((s, x) => s + x * x, 0);
    for (let row = 0; row < p; row++) {
      let s = 0;
      for (let j = 0; j < p; j++) s += Q[row * p + j] * v[j];
      for (let j = 0; j < p; j++) Q[row * p + j] -= (2 * s * v[j]) / norm2;
    }
  }
  return Q;
}

/** Q diag(d) Q' */
function conjugate(Q: Float64Array, d: ArrayLike<number>): Float64Array {
  const p = d.length;
  const A = new Float64Array(p * p);
  for (let i = 0; i < p; i++)
    for (let j = 0; j < p; j++) for (let k = 0; k < p; k++) A[i * p + j] += Q[i * p + k] * d[k] * Q[j * p + k];
  return A;
}
const diagonal = (d: ArrayLike<number>): Float64Array => conjugate(identity(d.length), d);
function identity(p: number): Float64Array {
  return Float64Array.from({ length: p * p }, (_, i) => (i % (p + 1) === 0 ? 1 : 0));
}
const square = (s: Float64Array): Float64Array => s.map((x) => x * x);
const close = (a: number, b: number, tolerance: number): boolean => Math.abs(a - b) <= tolerance * (1 + Math.abs(b));

describe('Gaussian KL', () => {
  it.each([1, 2, 7, 20])('diagonal form = dense form for p = %d', (p) => {
    const q = { mean: uniforms(p, -1, 1), std: uniforms(p, 0.1, 2) };
    const s = { mean: uniforms(p, -1, 1), std: uniforms(p, 0.1, 2) };
    const a = diagonalGaussianKl({ posteriorMean: q.mean, posteriorStd: q.std, priorMean: s.mean, priorStd: s.std });
    const b = denseGaussianKl({
      posteriorMean: q.mean,
      posteriorCovariance: diagonal(square(q.std)),
      priorMean: s.mean,
      priorCovariance: diagonal(square(s.std)),
    });
    expect(close(a.kl, b.kl, 1e-9)).toBe(true);
    expect(close(a.displacement, b.displacement, 1e-9)).toBe(true);
    expect(close(a.kl * (1 + 1e-7), b.kl, 1e-9)).toBe(false);
  });

  it('does not change under a rotation of the posterior when the prior is isotropic', () => {
    const p = 12;
    const mean = uniforms(p, -1, 1);
    const variance = uniforms(p, 0.1, 2);
    const priorCovariance = diagonal(new Float64Array(p).fill(0.7));
    const zero = new Float64Array(p);
    const kl = (Q: Float64Array): number =>
      denseGaussianKl({
        posteriorMean: mean,
        posteriorCovariance: conjugate(Q, variance),
        priorMean: zero,
        priorCovariance,
      }).kl;
    expect(close(kl(rotation(p)), kl(identity(p)), 1e-12)).toBe(true);
  });

  it('low-rank form = dense form in a rotated basis', () => {
    const [p, k] = [15, 4];
    const U = rotation(p); // columns are directions
    const coordinates = uniforms(p, -1, 1);
    const posterior = Float64Array.from({ length: p }, (_, i) => (i < k ? 0.1 * (i + 1) : 0.3));
    const prior = Float64Array.from({ length: p }, (_, i) => (i < k ? 2 - 0.2 * i : 0.4));
    const mean = new Float64Array(p);
    for (let i = 0; i < p; i++) for (let j = 0; j < p; j++) mean[i] += U[i * p + j] * coordinates[j];
    const dense = denseGaussianKl({
      posteriorMean: mean,
      posteriorCovariance: conjugate(U, posterior),
      priorMean: new Float64Array(p),
      priorCovariance: conjugate(U, prior),
    });
    const lowRank = lowRankGaussianKl({
      directions: {
        posteriorVariance: posterior.slice(0, k),
        priorVariance: prior.slice(0, k),
        displacement: coordinates.slice(0, k),
      },
      complement: {
        count: p - k,
        posteriorVariance: 0.3,
        priorVariance: 0.4,
        displacementSquared: coordinates.slice(k).reduce((s, x) => s + x * x, 0),
      },
    });
    expect(close(lowRank.kl, dense.kl, 1e-10)).toBe(true);
    expect(close(lowRank.covariance, dense.covariance, 1e-10)).toBe(true);
  });

  it('analytic posterior = low-rank form with precisions turned into variances', () => {
    const eigenvalues = [4, 0.5, 0.01, -0.2];
    const posterior = analyticPosterior({ eigenvalues, displacementSquared: 3, n: 1000, precision: 50 });
    const lowRank = lowRankGaussianKl({
      directions: {
        posteriorVariance: posterior.directionPrecisions.map((x) => 1 / x),
        priorVariance: [1 / 50, 1 / 50, 1 / 50, 1 / 50],
        displacement: [1, 1, 0, 0],
      },
      complement: { count: 100, posteriorVariance: 1 / 50, priorVariance: 1 / 50, displacementSquared: 1 },
    });
    expect(close(posterior.kl, lowRank.kl, 1e-12)).toBe(true);
    expect(posterior.directionPrecisions[3]).toBe(50);
  });
});

describe('KL is never below the exact value', () => {
  /** (x² − 1 − ln x²)/2 in whole numbers, at or above it by 1e-50 */
  const exact = (posterior: number, prior: number): number => {
    const x = divide(interval(posterior), interval(prior));
    const logarithm = subtract(lnNumber(posterior), lnNumber(prior));
    const twice = subtract(subtract(multiply(x, x), interval(1)), multiply(interval(2), logarithm));
    return toNumberUp(multiply(interval(0.5), twice));
  };
  const diagonalKl = (posterior: number, prior: number): number =>
    diagonalGaussianKl({ posteriorMean: [0], priorMean: [0], posteriorStd: [posterior], priorStd: [prior] }).kl;
  const lowRank = (posterior: number, prior: number): number =>
    lowRankGaussianKl({
      directions: { posteriorVariance: [], priorVariance: [], displacement: [] },
      complement: { count: 1, posteriorVariance: posterior, priorVariance: prior, displacementSquared: 0 },
    }).kl;
  const rotated = (posterior: number, priorStd: number): number =>
    rotatedGaussianKl({ displacement: [0], left: [1], right: [1], posteriorStd: [posterior], priorStd }).kl;
  const subspace = (posterior: number, prior: number): number =>
    subspaceGaussianKl({
      directions: [],
      posteriorMean: [0],
      priorMean: [0],
      posteriorStd: [posterior],
      priorStd: [prior],
    }).kl;

  it.each([
    [1.1648846829622925, 1.0357952117919922],
    [0.874, 1],
    [1.118, 1],
    [0.7071067811865476, 1],
    [1.414213562373095, 1],
    [1e-12, 1],
    [3e7, 1e-5],
    [1 + 2e-16, 1],
  ])('for deviations %s against %s', (posterior, prior) => {
    const value = exact(posterior, prior);
    for (const kl of [diagonalKl, rotated, subspace]) expect(kl(posterior, prior)).toBeGreaterThanOrEqual(value);
    expect(diagonalKl(posterior, prior)).toBeLessThanOrEqual(value * (1 + 1e-14));
  });

  it('for pairs at random, as deviations and as variances', () => {
    const below = [0, 0];
    const [posterior, prior] = [uniforms(4000, 0.2, 2), uniforms(4000, 0.5, 1.5)];
    posterior.forEach((q, i) => {
      if (diagonalKl(q, prior[i]) < exact(q, prior[i])) below[0]++;
      const [numerator, denominator] = [interval(q), interval(prior[i])];
      const x = divide(numerator, denominator);
      const twice = subtract(subtract(x, interval(1)), subtract(lnNumber(q), lnNumber(prior[i])));
      if (lowRank(q, prior[i]) < toNumberUp(multiply(interval(0.5), twice))) below[1]++;
    });
    expect(below).toEqual([0, 0]);
  });

  it('for deviations whose squares are no numbers', () => {
    expect(diagonalKl(1e-200, 1)).toBeCloseTo(200 * Math.LN10 - 0.5, 10);
    expect(diagonalKl(1, 1e200)).toBeCloseTo(200 * Math.LN10 - 0.5, 10);
    expect(diagonalKl(1e-200, 1e-200)).toBe(0);
  });

  it('for quotients below the smallest double, in every form of the divergence', () => {
    // mpmath 1.3 at 40 digits: (x² − 1 − ln x²)/2 of deviations, (x − 1 − ln x)/2 of variances
    for (const [q, s, ofStd, ofVariance] of [
      [1e-200, 1, '460.0170185988091368215', '229.7585092994045684107'],
      [1e-200, 1e150, '805.404782547915989405', '402.4523912739579947025'],
      [1e-320, 1, '736.327240890973906151', '367.9136204454869530755'],
      [5e-324, 1, '743.9400719213812623141', '371.7200359606906311571'],
      [1e-300, 1e-10, '667.2496769682732483766', '333.3748384841366241883'],
    ] as const) {
      const at = { posteriorMean: [0], priorMean: [0] };
      const inPlane = { posteriorMean: [0, 0], priorMean: [0, 0], posteriorStd: [q, q], priorStd: [s, s] };
      const near = (kl: number, exact: string, times = 1): void => {
        const value = times * Number(exact);
        expect(kl).toBeGreaterThanOrEqual(value);
        expect(kl / value - 1).toBeLessThan(1e-14);
      };
      near(diagonalKl(q, s), ofStd);
      near(subspaceGaussianKl({ directions: [1, 0], ...inPlane }).kl, ofStd, 2);
      near(rotatedGaussianKl({ displacement: [0], left: [1], right: [1], posteriorStd: [q], priorStd: s }).kl, ofStd);
      near(lowRank(q, s), ofVariance);
      near(lowRankPlusDiagonalGaussianKl({ ...at, posteriorVariance: [q], priorVariance: [s] }).kl, ofVariance);
      near(denseGaussianKl({ ...at, posteriorCovariance: [q], priorCovariance: [s] }).kl, ofVariance);
    }
  });

  it('is told to be infinite where it is', () => {
    expect(() => diagonalKl(1, 1e-200)).toThrow(/got kl=Infinity/);
    expect(() => diagonalKl(1e200, 1)).toThrow(/got kl=Infinity/);
  });
});

describe('the factor 2(n - 1)', () => {
  it('is a minimum: moving any posterior precision by 5 % makes the linearised objective worse', () => {
    const [n, precision] = [5000, 20];
    const eigenvalues = [3, 0.4, 0.02, 0.001];
    const { directionPrecisions } = analyticPosterior({ eigenvalues, displacementSquared: 1, n, precision });
    const objective = (l: readonly number[]): number => {
      let sum = 0;
      l.forEach((x, i) => {
        const r = x / precision;
        sum += eigenvalues[i] / x / 2 + (Math.log(r) + 1 / r - 1) / 2 / (2 * (n - 1));
      });
      return sum;
    };
    const best = objective(directionPrecisions);
    for (let i = 0; i < eigenvalues.length; i++)
      for (const factor of [0.95, 1.05]) {
        const moved = directionPrecisions.map((x, j) => (j === i ? x * factor : x));
        expect(objective(moved)).toBeGreaterThan(best);
      }
  });
});
