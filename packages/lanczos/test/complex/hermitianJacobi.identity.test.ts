import { describe, expect, it } from 'vitest';
import { stream } from '@hyperribbon/random';
import { innerProduct } from '../../src/complex/complexVectors.js';
import { hermitianJacobi } from '../../src/complex/hermitianJacobi.js';

/** Rows of a random Hermitian matrix times a scale; `rank` of its eigenvalues are not zero. */
function hermitian(r: number, rank: number, scale: number, index: number): Float64Array {
  const a = new Float64Array(2 * r * r);
  for (let q = 0; q < rank; q++) {
    const v = new Float64Array(2 * r);
    stream({ seed: index, purpose: 'test/jacobi', index: q }).normal(v);
    for (let i = 0; i < r; i++)
      for (let j = 0; j < r; j++) {
        const [x, y, z, w] = [v[2 * i], v[2 * i + 1], v[2 * j], v[2 * j + 1]];
        const sign = q % 2 === 0 ? scale : -scale;
        a[2 * (i * r + j)] += sign * (x * z + y * w);
        a[2 * (i * r + j) + 1] += i === j ? 0 : sign * (y * z - x * w);
      }
  }
  return a;
}

describe('hermitianJacobi', () => {
  it('A v = λ v, V Vᴴ = 1, Σ λ is the trace: full and low rank, huge and tiny', () => {
    for (const [r, rank, scale] of [
      [1, 1, 1],
      [2, 2, 1],
      [7, 7, 1],
      [12, 3, 1],
      [20, 20, 1e120],
      [9, 9, 1e-120],
      [5, 0, 1],
    ]) {
      const a = hermitian(r, rank, scale, r);
      const { values, vectors } = hermitianJacobi(a.slice(), r);
      const size = Math.max(Math.abs(values[0]), Math.abs(values[r - 1])) || 1;
      let trace = 0;
      for (let i = 0; i < r; i++) trace += a[2 * (i * r + i)] / size;
      expect(values.reduce((sum, value) => sum + value / size, 0)).toBeCloseTo(trace, 12);
      vectors.forEach((v, q) => {
        for (let i = 0; i < r; i++) {
          let [re, im] = [-(values[q] / size) * v[2 * i], -(values[q] / size) * v[2 * i + 1]];
          for (let j = 0; j < r; j++) {
            const [x, y] = [a[2 * (i * r + j)] / size, a[2 * (i * r + j) + 1] / size];
            re += x * v[2 * j] - y * v[2 * j + 1];
            im += x * v[2 * j + 1] + y * v[2 * j];
          }
          expect(Math.hypot(re, im)).toBeLessThan(1e-13);
        }
        vectors.forEach((w, p) => {
          const { re, im } = innerProduct(v, w);
          expect(Math.hypot(re - (p === q ? 1 : 0), im)).toBeLessThan(1e-13);
        });
        if (q > 0) expect(values[q]).toBeLessThanOrEqual(values[q - 1]);
      });
    }
  });
});
