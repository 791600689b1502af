// Oracle: what every notion of rank must satisfy, on random matrices.
import { rankNotions } from '@hyperribbon/complexity';
import { svd } from '@hyperribbon/lanczos/svd';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';

const matrix = (index: number, m: number, n: number): Float64Array =>
  stream({ seed: 5, purpose: 'rank notions', index }).normal(new Float64Array(m * n));
const names = ['stable', 'effective', 'effectiveSquared', 'participation', 'nuclear'] as const;

describe.each(Array.from({ length: 12 }, (_, i) => i))('of random matrix %i', (index) => {
  const [m, n] = [2 + (index % 5), 1 + ((3 * index) % 8)];
  const values = svd(matrix(index, m, n), m, n).values;
  const notions = rankNotions(values, { rows: m, columns: n });

  it('all lie between 1 and the rank, and participation ≤ entropy of squares ≤ entropy of values', () => {
    for (const name of names) {
      expect(notions[name]).toBeGreaterThanOrEqual(1 - 1e-14);
      expect(notions[name]).toBeLessThanOrEqual(notions.default + 1e-12);
    }
    // Rényi entropies fall with their order, and squaring sharpens a distribution
    expect(notions.participation).toBeLessThanOrEqual(notions.effectiveSquared + 1e-12);
    expect(notions.effectiveSquared).toBeLessThanOrEqual(notions.effective + 1e-12);
    expect(notions.stable).toBeLessThanOrEqual(notions.participation + 1e-12);
  });

  it('grow when a copy of the matrix is put beside it on the diagonal: twice the rank by each', () => {
    const twice = rankNotions([...values, ...values]);
    for (const name of names) expect(Math.abs(twice[name] - 2 * notions[name])).toBeLessThan(1e-11 * notions[name]);
    expect(twice.numerical).toBe(2 * notions.numerical);
  });
});
