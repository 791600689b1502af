// Oracle: sums on paper.
import { describe, expect, it } from 'vitest';
import { pearson, spearman } from '../../src/landscape/correlation.js';

describe('correlations', () => {
  it('are 1 and −1 of lines, whatever their scale', () => {
    const x = [1, 2, 4, 8];
    for (const scale of [1e-150, 1, 1e150]) {
      expect(
        pearson(
          x,
          x.map((value) => scale * value + scale),
        ),
      ).toBeCloseTo(1, 12);
      expect(
        pearson(
          x,
          x.map((value) => -scale * value),
        ),
      ).toBeCloseTo(-1, 12);
    }
  });

  it('of 1, 2, 3 and 1, 3, 2 are a half', () => {
    expect(pearson([1, 2, 3], [1, 3, 2])).toBeCloseTo(0.5, 15);
    expect(spearman([1, 2, 3], [10, 3000, 200])).toBeCloseTo(0.5, 15);
    expect(pearson([1, 2, 3], [10, 3000, 200])).not.toBeCloseTo(0.5, 2);
  });

  it('by ranks see order alone, and share the ranks of equal values', () => {
    expect(spearman([1, 2, 3, 4], [1, 10, 100, 1e6])).toBe(1);
    // ranks 1.5, 1.5, 3 against 1, 2, 3: 1.5/√(1.5 · 2)
    expect(spearman([5, 5, 7], [1, 2, 3])).toBeCloseTo(Math.sqrt(0.75), 14);
  });

  it('have no value where one is constant', () => {
    expect(pearson([2, 2, 2], [1, 2, 3])).toBeNaN();
    expect(spearman([1, 2, 3], [0.1, 0.1, 0.1])).toBeNaN();
    expect(pearson([1], [2])).toBeNaN();
  });
});
