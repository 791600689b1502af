// Correlations that are known: of lines, of ranks with ties by hand, of values that do not vary.
import { describe, expect, it } from 'vitest';
import { pearson, spearman } from '../../src/regularizers/correlation.js';

describe('correlations', () => {
  it('are 1 and −1 on lines, at any scale, and 1/2 where a third of three moves', () => {
    for (const scale of [1, 1e200, 1e-200]) {
      expect(pearson([1 * scale, 2 * scale, 4 * scale], [3, 5, 9])).toBeCloseTo(1, 14);
      expect(pearson([1 * scale, 2 * scale, 4 * scale], [-3, -5, -9])).toBeCloseTo(-1, 14);
    }
    // x = (−1, 0, 1), y − mean = (0, −1, 1): 1/√(2 · 2)
    expect(pearson([1, 2, 3], [2, 1, 3])).toBeCloseTo(0.5, 14);
  });

  it('of ranks share the mean rank among ties', () => {
    // ranks (0, 1.5, 1.5, 3) and (0, 1, 2, 3): Σ xy = 4.5, Σ x² = 4.5, Σ y² = 5 about the means
    expect(spearman([1, 7, 7, 100], [2, 3, 5, 9])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 14);
    expect(spearman([1, 2, 3], [1, 10, 1000])).toBeCloseTo(1, 14);
  });

  it('are NaN for what does not vary, for less than two pairs and for NaN', () => {
    for (const of of [pearson, spearman]) {
      expect(of([0.1, 0.1, 0.1], [1, 2, 3])).toBeNaN();
      expect(of([1], [1])).toBeNaN();
      expect(of([], [])).toBeNaN();
      expect(of([1, NaN, 3], [1, 2, 3])).toBeNaN();
    }
  });
});
