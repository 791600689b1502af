// Oracle: a turn is orthogonal, and what it leaves has the lengths and cosines that it says.
import { describe, expect, it } from 'vitest';
import { svd } from '@hyperribbon/lanczos/svd';
import { turnByGram } from '../src/svd/turnByGram.js';
import { cosineTolerance, rowNorms } from '../src/svd/jacobi.js';
import { assertAtMost } from './goldenData.js';
import { dyadics } from './goldenOperators.js';

const EPS = 2 ** -52;

/** x (n, n) ← x (I − 2 v vᵀ / vᵀv) for `count` reflections. */
function reflectRows(x: Float64Array, n: number, count: number, seed: number): Float64Array {
  for (let pass = 0; pass < count; pass++) {
    const v = dyadics(seed + pass, n, 12);
    const length = v.reduce((s, value) => s + value * value, 0);
    for (let i = 0; i < n; i++) {
      let s = 0;
      for (let j = 0; j < n; j++) s += x[i * n + j] * v[j];
      for (let j = 0; j < n; j++) x[i * n + j] -= ((2 * s) / length) * v[j];
    }
  }
  return x;
}

/** A matrix with the given singular values: reflections on either side of their diagonal. */
function withValues(sigma: readonly number[]): Float64Array {
  const n = sigma.length;
  const a = new Float64Array(n * n);
  sigma.forEach((value, i) => (a[i * n + i] = value));
  reflectRows(a, n, 6, 10);
  const transposed = a.map((_, p) => a[(p % n) * n + Math.floor(p / n)]);
  return reflectRows(transposed, n, 6, 20);
}

const n = 70;
const spectra: Record<string, (i: number) => number> = {
  geometric: (i) => 10 ** ((-12 * i) / n),
  'ten large and sixty small': (i) => (i < 10 ? 1 : 1e-9 * (1 + i / n)),
  'two clusters': (i) => (i < 35 ? 1 : 1e-4),
  'almost equal': (i) => 1 + (1e-9 * i) / n,
  'of rank 20': (i) => (i < 20 ? 1 : 0),
  linear: (i) => n - i,
};

describe('turnByGram', () => {
  for (const [name, value] of Object.entries(spectra)) {
    const sigma = Array.from({ length: n }, (_, i) => value(i)).toSorted((a, b) => b - a);
    it(`${name}: the turn is orthogonal and takes the rows to what it returns`, () => {
      const before = withValues(sigma);
      const w = before.slice();
      const { turn, orthogonal } = turnByGram(n, n, w)!;
      let [off, apart] = [0, 0];
      for (let p = 0; p < n; p++) {
        for (let q = 0; q < n; q++) {
          let s = p === q ? -1 : 0;
          let row = -w[p * n + q];
          for (let j = 0; j < n; j++) {
            s += turn[p * n + j] * turn[q * n + j];
            row += turn[p * n + j] * before[j * n + q];
          }
          off = Math.max(off, Math.abs(s));
          apart = Math.max(apart, Math.abs(row));
        }
      }
      assertAtMost(off, 50 * EPS, 'turn turnᵀ − I');
      assertAtMost(apart, 50 * EPS * sigma[0], 'turn before − after');
      // fewer than 32 rows of a spectrum that falls on and on are left for Jacobi
      expect(orthogonal || name === 'geometric').toBe(true);
      if (!orthogonal) return;
      const norms = rowNorms(n, n, w);
      let worst = 0;
      for (let p = 0; p < n; p++) {
        for (let q = 0; q < p; q++) {
          let s = 0;
          for (let j = 0; j < n; j++) s += (w[p * n + j] / norms[p]) * (w[q * n + j] / norms[q]);
          worst = Math.max(worst, Math.abs(s));
        }
      }
      assertAtMost(worst, 1.5 * cosineTolerance(n), 'cosine');
    });

    it(`${name}: svd has the singular values the matrix was made with, and orthonormal vectors`, () => {
      const { values, u, v } = svd(withValues(sigma), n, n, { vectors: true });
      values.forEach((s, i) => assertAtMost(Math.abs(s - sigma[i]), 40 * EPS * sigma[0], `value ${i}`));
      let loss = 0;
      for (const x of [u!, v!]) {
        for (let p = 0; p < n; p++) {
          for (let q = 0; q <= p; q++) {
            let s = p === q ? -1 : 0;
            for (let j = 0; j < n; j++) s += x[p * n + j] * x[q * n + j];
            loss = Math.max(loss, Math.abs(s));
          }
        }
      }
      assertAtMost(loss, 100 * EPS, 'orthogonality');
    });
  }

  it('leaves rows alone that are few, or whose lengths are further apart than 64', () => {
    const few = dyadics(1, 31 * 40, 12);
    expect(turnByGram(31, 40, few)).toBe(null);
    const graded = dyadics(2, n * n, 12);
    const high = graded.slice();
    const lengths = rowNorms(n, n, graded);
    for (let j = 0; j < n; j++) {
      high[j] *= (Math.min(...lengths) / lengths[0]) * 70;
    }
    const spread = (w: Float64Array): number => Math.max(...rowNorms(n, n, w)) / Math.min(...rowNorms(n, n, w));
    const untouched = high.slice();
    expect(spread(high)).toBeGreaterThan(64);
    expect(turnByGram(n, n, high)).toBe(null);
    expect(high).toEqual(untouched);
    const narrow = graded.slice();
    for (let j = 0; j < n; j++) narrow[j] *= (Math.min(...lengths) / lengths[0]) * 60;
    expect(spread(narrow)).toBeLessThan(64);
    expect(turnByGram(n, n, narrow)).not.toBe(null);
  });
});
