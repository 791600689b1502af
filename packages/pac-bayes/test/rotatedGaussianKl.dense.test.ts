// Oracle: dense covariances of the Gaussians that a basis really defines, orthonormal or not.
import { stream } from '@hyperribbon/random';
import {
  AssumptionError,
  analyticPosterior,
  denseGaussianKl,
  diagonalGaussianKl,
  rotatedGaussianKl,
} from '@hyperribbon/pac-bayes';
import { describe, expect, it } from 'vitest';

const random = stream({ seed: 6, purpose: 'rotated test', index: 0 });
const uniforms = (n: number, low: number, high: number): Float64Array =>
  random.uniform(new Float64Array(n)).map((u) => low + (high - low) * u);

/** Orthogonal (n, n) by Gram-Schmidt twice. */
function orthogonal(n: number): Float64Array {
  const Q = random.normal(new Float64Array(n * n));
  for (let j = 0; j < n; j++)
    for (let pass = 0; pass < 2; pass++) {
      for (let i = 0; i < j; i++) {
        let s = 0;
        for (let k = 0; k < n; k++) s += Q[k * n + i] * Q[k * n + j];
        for (let k = 0; k < n; k++) Q[k * n + j] -= s * Q[k * n + i];
      }
      let norm = 0;
      for (let k = 0; k < n; k++) norm += Q[k * n + j] ** 2;
      for (let k = 0; k < n; k++) Q[k * n + j] /= Math.sqrt(norm);
    }
  return Q;
}

/** Covariance of vec(left (S o R) right'), rows first. */
function covariance(
  left: Float64Array,
  right: Float64Array,
  std: Float64Array,
  rows: number,
  columns: number,
): Float64Array {
  const p = rows * columns;
  const A = new Float64Array(p * p);
  const column = (c: number): Float64Array => {
    const [i, j] = [Math.floor(c / columns), c % columns];
    return Float64Array.from(
      { length: p },
      (_, k) => left[Math.floor(k / columns) * rows + i] * right[(k % columns) * columns + j],
    );
  };
  for (let c = 0; c < p; c++) {
    const v = column(c);
    for (let a = 0; a < p; a++) for (let b = 0; b < p; b++) A[a * p + b] += std[c] ** 2 * v[a] * v[b];
  }
  return A;
}

function setting(
  rows: number,
  columns: number,
  blur: number,
): {
  left: Float64Array;
  right: Float64Array;
  displacement: Float64Array;
  posteriorStd: Float64Array;
  priorStd: Float64Array;
} {
  const bent = (Q: Float64Array): Float64Array =>
    Q.map((x) => x + blur * (2 * random.uniform(new Float64Array(1))[0] - 1));
  return {
    left: bent(orthogonal(rows)),
    right: bent(orthogonal(columns)),
    displacement: uniforms(rows * columns, -1, 1),
    posteriorStd: uniforms(rows * columns, 0.05, 0.5),
    priorStd: uniforms(rows * columns, 0.3, 1),
  };
}

/** KL of the Gaussians that these very matrices define. */
function dense(s: ReturnType<typeof setting>, rows: number, columns: number, isotropic?: number): number {
  const p = rows * columns;
  const prior =
    isotropic === undefined ? covariance(s.left, s.right, s.priorStd, rows, columns) : new Float64Array(p * p);
  if (isotropic !== undefined) for (let i = 0; i < p; i++) prior[i * p + i] = isotropic ** 2;
  return denseGaussianKl({
    posteriorMean: s.displacement,
    posteriorCovariance: covariance(s.left, s.right, s.posteriorStd, rows, columns),
    priorMean: new Float64Array(p),
    priorCovariance: prior,
  }).kl;
}

describe('KL in a Kronecker basis', () => {
  it.each([
    [1, 1],
    [3, 2],
    [2, 5],
    [5, 4],
  ])('(%d, %d): is the dense one for orthonormal bases', (rows, columns) => {
    const s = setting(rows, columns, 0);
    const same = rotatedGaussianKl(s);
    const reference = dense(s, rows, columns);
    expect(Math.abs(same.kl - reference)).toBeLessThanOrEqual(1e-11 * reference);
    expect(Math.abs(same.kl * (1 + 1e-10) - reference)).toBeGreaterThan(1e-11 * reference);
    const isotropic = rotatedGaussianKl({ ...s, priorStd: 0.7 });
    expect(Math.abs(isotropic.kl - dense(s, rows, columns, 0.7))).toBeLessThanOrEqual(1e-11 * isotropic.kl);
    expect(same.orthonormality).toBeLessThan(1e-13);
  });
  it.each([1e-12, 1e-10, 1e-8])('stays above the dense one for bases bent by %d, and near', (blur) => {
    for (let repeat = 0; repeat < 4; repeat++) {
      const s = setting(3, 4, blur);
      const same = rotatedGaussianKl(s);
      expect(same.kl).toBeGreaterThanOrEqual(dense(s, 3, 4) * (1 - 1e-15));
      expect(same.kl).toBeLessThanOrEqual(dense(s, 3, 4) * (1 + 200 * blur + 1e-12));
      const isotropic = rotatedGaussianKl({ ...s, priorStd: 0.7 });
      expect(isotropic.kl).toBeGreaterThanOrEqual(dense(s, 3, 4, 0.7) * (1 - 1e-15));
      expect(isotropic.kl).toBeLessThanOrEqual(dense(s, 3, 4, 0.7) * (1 + 200 * blur + 1e-12));
    }
  });
  it('T10: refuses what a solver for general matrices returns for equal eigenvalues', () => {
    const s = setting(3, 3, 0);
    // two eigenvectors of one eigenvalue, independent but not orthogonal
    const left = s.left.slice();
    for (let k = 0; k < 3; k++) left[k * 3 + 1] = 0.6 * s.left[k * 3] + 0.8 * s.left[k * 3 + 1];
    expect(() => rotatedGaussianKl({ ...s, left })).toThrow(AssumptionError);
    expect(() => rotatedGaussianKl({ ...s, left })).toThrow(/rotatedGaussianKl: needs orthonormal bases/);
  });
  it('in the standard basis is the diagonal form', () => {
    const s = setting(4, 3, 0);
    const eye = (n: number): Float64Array =>
      Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
    const zero = new Float64Array(12);
    const plain = diagonalGaussianKl({
      posteriorMean: s.displacement,
      posteriorStd: s.posteriorStd,
      priorMean: zero,
      priorStd: s.priorStd,
    });
    const rotated = rotatedGaussianKl({ ...s, left: eye(4), right: eye(3) });
    expect(rotated.kl).toBeGreaterThanOrEqual(plain.kl);
    expect(rotated.kl - plain.kl).toBeLessThanOrEqual(1e-12 * plain.kl);
  });
  it.each<[string, Record<string, unknown>, RegExp]>([
    ['a negative deviation', { posteriorStd: new Float64Array(6).fill(-1) }, /posteriorStd\[0\] > 0/],
    ['a prior without width', { priorStd: 0 }, /priorStd > 0/],
    ['NaN in a basis', { left: new Float64Array(9).fill(NaN) }, /orthonormal/],
    ['a basis that is not square', { right: new Float64Array(3) }, /square/],
    ['lengths that do not fit', { displacement: new Float64Array(5) }, /displacement must have length 6, got 5/],
  ])('refuses %s', (_name, change, message) => {
    expect(() => rotatedGaussianKl({ ...setting(3, 2, 0), ...change })).toThrow(message);
  });
});

describe('dense KL', () => {
  it('keeps its digits where posterior and prior nearly agree', () => {
    const p = 6;
    const Q = orthogonal(p);
    const s = uniforms(p, 0.5, 2);
    const at = (scale: number): Float64Array =>
      covariance(
        Q,
        Float64Array.of(1),
        s.map((x) => x * scale),
        p,
        1,
      );
    const zero = new Float64Array(p);
    const { kl } = denseGaussianKl({
      posteriorMean: zero,
      posteriorCovariance: at(1 + 1e-5),
      priorMean: zero,
      priorCovariance: at(1),
    });
    // p/2 (r - 1 - ln r) with r = (1 + 1e-5)^2, up to the rounding of the matrices themselves
    const r1 = 2e-5 + 1e-10;
    const exact = (p / 2) * (r1 * r1) * (0.5 - r1 / 3);
    expect(Math.abs(kl - exact)).toBeLessThan(1e-4 * exact);
  });
  it('names the matrix that is singular', () => {
    const call = (): unknown =>
      denseGaussianKl({
        posteriorMean: [0, 0],
        posteriorCovariance: [1, 1, 1, 1],
        priorMean: [0, 0],
        priorCovariance: [1, 0, 0, 1],
      });
    expect(call).toThrow(AssumptionError);
    expect(call).toThrow(/positive definite posteriorCovariance/);
  });
});

describe('directions of the analytic posterior that are not quite orthonormal', () => {
  /** Variances of w' = (r - U'(I - S) U r) sqrt(1/eps), as a dense covariance. */
  function sampled(U: Float64Array, k: number, p: number, s: readonly number[], eps: number): Float64Array {
    const A = Float64Array.from({ length: p * p }, (_, i) => (i % (p + 1) === 0 ? 1 : 0));
    for (let a = 0; a < p; a++)
      for (let b = 0; b < p; b++) for (let i = 0; i < k; i++) A[a * p + b] -= (1 - s[i]) * U[i * p + a] * U[i * p + b];
    const C = new Float64Array(p * p);
    for (let a = 0; a < p; a++)
      for (let b = 0; b < p; b++) for (let i = 0; i < p; i++) C[a * p + b] += (A[a * p + i] * A[b * p + i]) / eps;
    return C;
  }
  it.each([1e-6, 1e-4])('cost no more than is added to KL, at a defect of about %d', (blur) => {
    const [k, p, n, precision] = [3, 7, 1000, 20];
    const eigenvalues = [4, 0.5, 0.02];
    for (let repeat = 0; repeat < 5; repeat++) {
      const U = orthogonal(p)
        .slice(0, k * p)
        .map((x) => x + blur * (2 * random.uniform(new Float64Array(1))[0] - 1));
      let defect = 0;
      for (let i = 0; i < k; i++)
        for (let j = 0; j < k; j++) {
          let s = i === j ? -1 : 0;
          for (let c = 0; c < p; c++) s += U[i * p + c] * U[j * p + c];
          defect += s * s;
        }
      const claim = analyticPosterior({
        eigenvalues,
        displacementSquared: 0,
        n,
        precision,
        orthonormality: Math.sqrt(defect),
      });
      const std = claim.directionPrecisions.map((l) => Math.sqrt(precision / l));
      const zero = new Float64Array(p);
      const prior = Float64Array.from({ length: p * p }, (_, i) => (i % (p + 1) === 0 ? 1 / precision : 0));
      const real = denseGaussianKl({
        posteriorMean: zero,
        posteriorCovariance: sampled(U, k, p, std, precision),
        priorMean: zero,
        priorCovariance: prior,
      });
      expect(claim.kl).toBeGreaterThanOrEqual(real.kl);
      expect(claim.kl - real.kl).toBeLessThan(200 * blur);
    }
  });
  it('are refused when the defect could swallow the smallest deviation', () => {
    const call = (): unknown =>
      analyticPosterior({ eigenvalues: [100], displacementSquared: 0, n: 1000, precision: 1, orthonormality: 0.01 });
    expect(call).toThrow(AssumptionError);
    expect(call).toThrow(/orthonormal directions/);
  });
});
