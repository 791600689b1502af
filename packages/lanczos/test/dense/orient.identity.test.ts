import { describe, expect, it } from 'vitest';
import { eigh, orient } from '@hyperribbon/lanczos';
import { svd } from '@hyperribbon/lanczos/svd';

describe('orient', () => {
  it('turns rows so that the first of their largest entries is positive, partners with them', () => {
    expect(Array.from(orient(Float64Array.of(0.6, -0.8, 0.8, 0.6), 2))).toEqual([-0.6, 0.8, 0.8, 0.6]);
    // equal but for rounding: the first one counts
    expect(Array.from(orient(Float32Array.of(-0.5, 0.5000001, 0.5, -0.5), 4))).toEqual(
      Array.from(Float32Array.of(0.5, -0.5000001, -0.5, 0.5)),
    );
    const u = Float64Array.of(1, 2, 3, 4, 5, 6);
    orient(Float64Array.of(-1, 0, 0, 1), 2, u);
    expect(Array.from(u)).toEqual([-1, -2, -3, 4, 5, 6]);
    expect(Array.from(orient(new Float64Array(4), 2))).toEqual([0, 0, 0, 0]);
    expect(orient(new Float64Array(0), 3).length).toBe(0);
  });
  it('makes two runs agree, and leaves A = Σ σ u vᵀ', () => {
    const a = Float64Array.of(4, 1, 2, 1, 3, 0, 2, 0, 5);
    const { vectors } = eigh(a, 3, { vectors: true });
    const turned = orient(
      vectors.map((x) => -x),
      3,
    );
    expect(turned).toEqual(orient(vectors, 3));
    const { values, u, v } = svd(a, 3, 3, { vectors: true });
    orient(v, 3, u);
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++)
        expect([0, 1, 2].reduce((sum, q) => sum + values[q] * u[q * 3 + i] * v[q * 3 + j], 0)).toBeCloseTo(
          a[i * 3 + j],
          13,
        );
  });
  it('refuses rows that do not fit', () => {
    expect(() => orient(new Float64Array(5), 2)).toThrow(/rows must be rows of n=2 numbers, got 5/);
    expect(() => orient(new Float64Array(4), 2, new Float64Array(3))).toThrow(/partners must have 2 rows/);
    expect(() => orient([1, 2] as never, 2)).toThrow(/rows/);
  });
});
