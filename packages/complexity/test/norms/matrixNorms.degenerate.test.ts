// Degenerate matrices: empty, zero, constant, one row, huge and tiny entries, NaN; and a large one, whose values come from its Gram matrix.
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { differenceNorms, matrixNorms } from '../../src/index.js';
import { expectNear } from '../near.js';
import { plainNorms } from '../plainNetwork.js';

const normal = (length: number, seed: number): Float64Array =>
  stream({ seed, purpose: 'test/weights' }).normal(new Float64Array(length));
const names = ['spectral', 'frobenius', 'rowSum', 'columnSum', 'largestRow', 'largestRowOne', 'threeOneHalf'] as const;

describe('matrixNorms', () => {
  it('is 0 throughout, of rank 0, for matrices of zeros and for empty ones', () => {
    for (const [rows, columns] of [
      [3, 4],
      [0, 4],
      [3, 0],
      [0, 0],
    ]) {
      const found = matrixNorms(new Float64Array(rows * columns), rows, columns);
      for (const name of names) expect(found[name]).toBe(0);
      expect(found.rank).toBe(0);
      expect(found.singularValues!.length).toBe(Math.min(rows, columns));
    }
  });

  it('has rank 1 for a constant matrix, and norms in closed form', () => {
    const found = matrixNorms(new Float64Array(12).fill(-2), 3, 4);
    expect(found.rank).toBe(1);
    const stated = [2 * Math.sqrt(12), 2 * Math.sqrt(12), 12, 8 * Math.sqrt(3), 4, 8, 3 ** (2 / 3) * 4 ** (1 / 3) * 2];
    names.forEach((name, i) => expectNear(found[name], stated[i], 1e-14));
  });

  it.each([
    [1, 5],
    [5, 1],
    [1, 1],
  ])('is what the definitions say of one row or column (%i × %i)', (rows, columns) => {
    const W = normal(rows * columns, 2);
    const [found, expected] = [matrixNorms(W, rows, columns), plainNorms({ rows, columns, values: [...W] })];
    for (const name of names) expectNear(found[name], expected[name], 1e-14);
  });

  it.each([1e150, 1e-150, 1e300, 1e-300])('scales with entries of size %d', (scale) => {
    const W = normal(15, 3);
    const [found, expected] = [
      matrixNorms(
        W.map((w) => w * scale),
        3,
        5,
      ),
      matrixNorms(W, 3, 5),
    ];
    for (const name of names) expectNear(found[name] / scale, expected[name], 1e-13);
    expect(found.rank).toBe(3);
  });

  it('counts for the rank what is above the tolerance', () => {
    const W = Float64Array.of(1, 0, 0, 0, 0.5, 0, 0, 0, 2e-3, 0, 0, 0);
    W[9] = 5e-4;
    const rank = (rankTolerance?: number): number | undefined =>
      matrixNorms(
        Float64Array.of(1, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 2e-3, 0, 0, 0, 0, 5e-4),
        4,
        4,
        rankTolerance === undefined ? {} : { rankTolerance },
      ).rank;
    expect([rank(), rank(1e-3), rank(1e-4), rank(0.4)]).toEqual([3, 3, 4, 2]);
    expect(matrixNorms(W, 3, 4).rankTolerance).toBe(1e-3);
  });

  it('gives the same norms without singular values and ranks, as of a difference', () => {
    const W = normal(40 * 17, 6);
    for (const [rows, columns] of [
      [40, 17],
      [17, 40],
    ]) {
      const found = matrixNorms(W, rows, columns, { singularValues: false });
      const { singularValues, rank, rankTolerance, ...expected } = matrixNorms(W, rows, columns);
      expect(Object.keys(found).toSorted()).toEqual(Object.keys(expected).toSorted());
      for (const name of names) expectNear(found[name], expected[name], 1e-14);
      const difference = differenceNorms(W, new Float64Array(W.length), rows, columns);
      for (const name of ['spectral', 'frobenius', 'rowSum'] as const)
        expectNear(difference[name], expected[name], 1e-14);
      expect([singularValues!.length, rank, rankTolerance]).toEqual([17, 17, 1e-3]);
    }
  });

  it('refuses NaN, infinities, lengths and tolerances that do not fit', () => {
    expect(() => matrixNorms(Float64Array.of(1, NaN), 1, 2)).toThrow('matrixNorms: W must be finite, got W[1]=NaN');
    expect(() => matrixNorms(Float64Array.of(1, Infinity), 1, 2)).toThrow('W[1]=Infinity');
    expect(() => matrixNorms(Float64Array.of(1, 2), 2, 2)).toThrow('matrixNorms: W must have');
    expect(() => matrixNorms(Float64Array.of(1), 1, 1, { rankTolerance: 1 })).toThrow(
      'rankTolerance must be in (0, 1)',
    );
    expect(() => matrixNorms(Float64Array.of(1), 1, 1, { tolerance: 1 } as never)).toThrow(
      'there is no option tolerance',
    );
    expect(() => differenceNorms(Float64Array.of(1), Float64Array.of(1, 2), 1, 1)).toThrow(
      'differenceNorms: reference',
    );
  });

  it('keeps float32 weights as they are, and subtracts them in float64', () => {
    const W = Float32Array.of(1, 1 + 2 ** -23);
    expect(differenceNorms(W, Float64Array.of(1, 1), 1, 2).frobenius).toBe(2 ** -23);
  });

  it('has values to 1e-8 of the largest, and that one exactly, where both sides are longer than 1,024', () => {
    // diag(1, …) turned by reflections I − 2 v vᵀ from both sides
    const n = 1030;
    const [v, w] = [normal(n, 4), normal(n, 5)].map((x) => {
      const length = Math.sqrt(x.reduce((sum, y) => sum + y * y, 0));
      return x.map((y) => y / length);
    });
    const d = Float64Array.from({ length: n }, (_, i) => (n - i) / n);
    const W = new Float64Array(n * n);
    const cross = d.reduce((sum, x, i) => sum + x * v[i] * w[i], 0);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        W[i * n + j] = (i === j ? d[i] : 0) - 2 * v[i] * v[j] * d[j] - 2 * d[i] * w[i] * w[j] + 4 * cross * v[i] * w[j];
    const { spectral, singularValues } = matrixNorms(W, n, n);
    expectNear(spectral, 1, 1e-13);
    const error = singularValues!.reduce((most, x, i) => Math.max(most, Math.abs(x - d[i])), 0);
    expect(error).toBeLessThan(1e-8);
  });
});
