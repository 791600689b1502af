import { describe, expect, it } from 'vitest';
import { eigh, eigsh, eigvalsh } from '@hyperribbon/lanczos';
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
