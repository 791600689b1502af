import { describe, expect, it } from 'vitest';
import { eigh, eigsh, eigvalsh } from '@hyperribbon/lanczos';
import { jacobiRows, svd } from '@hyperribbon/lanczos/svd';
import { fromDense } from '@hyperribbon/linop';
import { assertAtMost } from './goldenData.js';

const EPS = 2 ** -52;

/** (n, n) of its entries. */
function matrix(m: number, n: number, entry: (i: number, j: number) => number): Float64Array {
  return Float64Array.from({ length: m * n }, (_, p) => entry(Math.floor(p / n), p % n));
}

/** max |row · row' − δ| of k rows of n numbers. */
function loss(rows: ArrayLike<number>, k: number, n: number): number {
  let most = 0;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j <= i; j++) {
      let s = i === j ? -1 : 0;
      for (let q = 0; q < n; q++) s += rows[i * n + q] * rows[j * n + q];
      most = Math.max(most, Math.abs(s));
    }
  }
  return most;
}

/** Two values that depend on whether i and j are of one group. */
const groups =
  (count: number, scale = 1) =>
  (i: number, j: number): number =>
    (i % count === j % count ? 0.7 : 0.2) * scale;

describe('eigh of matrices of low rank', () => {
  for (const [name, n, entry] of [
    ['three groups, 55', 55, groups(3)],
    ['two groups, 64', 64, groups(2)],
    ['four groups, 80', 80, groups(4)],
    ['three groups, 95: the last order before panels', 95, groups(3)],
    ['three groups, 96: the first in panels', 96, groups(3)],
    ['five groups, 130', 130, groups(5)],
    ['groups at 1e150', 55, groups(3, 1e150)],
    ['groups at 1e-150', 55, groups(3, 1e-150)],
    ['ones', 90, () => 1],
    ['zeros', 30, () => 0],
    ['order 1', 1, () => 3],
    ['rank 2, integers', 70, (i: number, j: number) => (i % 7) * (j % 7) + 1],
    ['rank 3, fractions', 60, (i: number, j: number) => 1 / 3 + ((i % 5) * (j % 5)) / 7 + ((i % 4) * (j % 4)) / 9],
  ] as const) {
    it(`${name}: all vectors orthonormal, those of rounding too`, () => {
      const a = matrix(n, n, entry);
      const { values, vectors } = eigh(a, n, { vectors: true });
      assertAtMost(loss(vectors!, n, n), 1e-13 * n, 'orthogonality');
      const norm = Math.max(values[0], -values[n - 1]);
      eigvalsh(a, n).forEach((x, i) => assertAtMost(Math.abs(x - values[i]), 30 * EPS * norm, `value ${i}`));
      for (let q = 0; q < n; q++) {
        for (let i = 0; i < n; i++) {
          let s = -values[q] * vectors![q * n + i];
          for (let j = 0; j < n; j++) s += a[i * n + j] * vectors![q * n + j];
          assertAtMost(Math.abs(s), 1e-14 * n * norm, `residual of pair ${q}`);
        }
      }
    });
  }
  it('eigsh, asked for all pairs', async () => {
    const report = await eigsh(fromDense(matrix(55, 55, groups(3)), 55), { k: 55, seed: 1 });
    expect(report.converged).toBe(true);
    assertAtMost(report.orthogonality, 1e-12, 'orthogonality');
  });
});

describe('svd of matrices of low rank', () => {
  const stripes = (i: number, j: number): number => ((i % 2) * 4 + (j % 3)) * (1 + (i % 3));
  for (const [name, m, n, rank, entry] of [
    ['two rows twice', 4, 3, 2, (i: number, j: number) => (i % 2) * 3 + j + 1],
    ['0 … 11', 3, 4, 2, (i: number, j: number) => i * 4 + j],
    ['ones', 6, 5, 1, () => 1],
    ['twos with one 5', 6, 5, 2, (i: number, j: number) => (i === 2 && j === 3 ? 5 : 2)],
    ['one row', 1, 9, 1, () => 2],
    ['one column', 9, 1, 1, () => 2],
    ['zeros', 7, 5, 0, () => 0],
    ['ones, wide, a triangle of rounding', 56, 93, 1, () => 1],
    ['ones, tall', 48, 26, 1, () => 1],
    ['ones at 1e150', 31, 29, 1, () => 1e150],
    ['0 … at 1e-150', 12, 7, 2, (i: number, j: number) => (i * 7 + j) * 1e-150],
    ['ones at 1e-290', 64, 20, 1, () => 1e-290],
    ['groups', 119, 91, 3, groups(3)],
    ['one-hot', 40, 12, 5, (i: number, j: number) => (i % 5 === j ? 1 : 0)],
    ['stripes', 30, 33, 6, stripes],
  ] as const) {
    it(`${name}, ${m} × ${n}: no value above rounding beyond rank ${rank}, all vectors orthonormal`, () => {
      const a = matrix(m, n, entry);
      const r = Math.min(m, n);
      const { values, u, v } = svd(a, m, n, { vectors: true });
      expect(values.filter((x) => x > 100 * EPS * values[0]).length).toBeLessThanOrEqual(rank);
      assertAtMost(loss(u!, r, m), 1e-13 * m, 'u');
      assertAtMost(loss(v!, r, n), 1e-13 * n, 'v');
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let s = -a[i * n + j];
          for (let q = 0; q < r; q++) s += values[q] * u![q * m + i] * v![q * n + j];
          assertAtMost(Math.abs(s), 30 * EPS * values[0], 'residual');
        }
      }
    });
  }
  it('jacobiRows by itself ends too, at any scale, and keeps what is only small', () => {
    for (const scale of [1, 1e150, 1e-150, 1e-305]) {
      const w = Float64Array.of(1, 2, 3, 2, 4, 6, 1, 2, 4).map((x) => x * scale);
      const values = jacobiRows(3, 3, w, null, 0);
      // squares add up to 91, squares of the areas to 30
      const [s, t] = [values[0] / scale, values[1] / scale];
      assertAtMost(Math.abs(s * s + t * t - 91), 1e-13 * 91, `sum at ${scale}`);
      assertAtMost(Math.abs(s * t - 5), 1e-12, `product at ${scale}`);
      expect([values[2], ...w.subarray(6)]).toEqual([0, 0, 0, 0]);
    }
    expect(Array.from(jacobiRows(2, 2, Float64Array.of(1, 0, 0, 1e-250), null, 0))).toEqual([1, 1e-250]);
  });
});
