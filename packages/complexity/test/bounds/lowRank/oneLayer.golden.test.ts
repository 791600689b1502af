// Oracle: a Monte Carlo run of an independent script (40,000 draws, numpy), and what the supremum must satisfy.
import { describe, expect, it } from 'vitest';
import { normBasedComplexity, oneLayerBound, oneLayerComplexity } from '../../../src/index.js';

const X = [1, 1, 0, 0, 0, 2, 1, 0, 1, 0, -1, 1];
const options = { count: 4, features: 3, limit: 5, outputs: 2, draws: 4000, seed: 3 };

describe('Gaussian complexity of one linear layer', () => {
  it.each([
    [1, 4.907, 0.009],
    [2, 6.564, 0.011],
  ])('of rank %d is %d ± %d', (rank, stated, error) => {
    const { value, standardError, draws } = oneLayerComplexity(X, { ...options, rank });
    const together = Math.hypot(standardError, error);
    expect(Math.abs(value - stated)).toBeLessThan(4 * together);
    // the same would not hold of a value that is wrong by a tenth
    expect(Math.abs(1.1 * value - stated)).toBeGreaterThan(4 * together);
    expect(draws).toBe(4000);
    // 40,000 draws there, 4,000 here
    expect(standardError).toBeGreaterThan(2.5 * error);
    expect(standardError).toBeLessThan(4 * error);
  });
  it('grows with the rank and stays below the lemma', () => {
    const wide = { ...options, outputs: 3, draws: 400 };
    const values = [0, 1, 2, 3].map((rank) => oneLayerComplexity(X, { ...wide, rank }).value);
    expect(values[0]).toBe(0);
    for (let rank = 1; rank <= 3; rank++) {
      expect(values[rank]).toBeGreaterThan(values[rank - 1] as number);
      const layer = { spectral: 5, frobenius: 5 * Math.sqrt(rank), outputs: 3, inputs: 3, rank };
      expect(values[rank]).toBeLessThan(Math.exp(oneLayerBound(layer, { count: 4, frobenius: Math.sqrt(10) })));
    }
    expect(oneLayerComplexity(X, wide).value).toBe(values[3]);
  });
  it('by norms is the same of every rank, and at most B ‖X‖_F/m', () => {
    const of = (rank: number): number => normBasedComplexity(X, { ...options, rank }).value;
    expect(of(1)).toBe(of(2));
    expect(of(0)).toBe(0);
    expect(of(1)).toBeLessThan((5 * Math.sqrt(10)) / 4);
    // one output: both are the same class
    const single = { ...options, outputs: 1, rank: 1 };
    const [a, b] = [oneLayerComplexity(X, single), normBasedComplexity(X, single)];
    expect(Math.abs(a.value - b.value)).toBeLessThan(4 * Math.hypot(a.standardError, b.standardError));
  });
  it('repeats by its seed, and scales with B and X', () => {
    const value = (change: object, factor = 1): number =>
      oneLayerComplexity(
        X.map((x) => factor * x),
        { ...options, draws: 50, ...change },
      ).value;
    expect(value({})).toBe(value({}));
    expect(value({})).not.toBe(value({ seed: 4 }));
    expect(value({ limit: 10 })).toBeCloseTo(2 * value({}), 10);
    expect(value({}, 1e-150) / value({})).toBeCloseTo(1e-150, 158);
    expect(value({}, 1e150) / value({}) / 1e150).toBeCloseTo(1, 10);
    expect(value({}, 0)).toBe(0);
    expect(normBasedComplexity(new Float64Array(12), options).value).toBe(0);
  });
  it('refuses what does not fit', () => {
    expect(() => oneLayerComplexity([1, 2], options)).toThrow(/X/);
    expect(() => oneLayerComplexity([...X.slice(1), NaN], options)).toThrow(/X/);
    expect(() => oneLayerComplexity(X, { ...options, rank: 3 })).toThrow(
      /rank must be an integer in \[0, 2\], got rank=3/,
    );
    expect(() => oneLayerComplexity(X, { ...options, limit: -1 })).toThrow(/limit must be finite and >= 0/);
    expect(oneLayerComplexity(X, { ...options, draws: 1 }).standardError).toBeNaN();
  });
});
