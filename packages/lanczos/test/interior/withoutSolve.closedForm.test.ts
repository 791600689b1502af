// Oracle: operators whose whole spectrum is known in closed form, searched with products alone.
import { describe, expect, it } from 'vitest';
import { diagonal, eigshNear, fromMatvec, type InteriorReport, type LinearOperator } from '../../src/interior.js';
import { angleOf, atAngle, clearAbove, valueAt, windowFilter } from '../../src/interior/windowFilter.js';

const distances = (all: ArrayLike<number>, sigma: number): number[] =>
  Array.from(all, (value) => Math.abs(value - sigma)).sort((a, b) => a - b);

/** Called converged, and so it is: the distances of the nearest with multiplicity, and nothing else within `clear`. */
function expectRight(report: InteriorReport, all: ArrayLike<number>, k: number): void {
  const { sigma, norm, clear } = report;
  expect(report.reason).toBe('converged');
  const [listed, wanted] = [distances(report.values, sigma), distances(all, sigma)];
  expect(listed).toHaveLength(k);
  listed.forEach((distance, i) => expect(Math.abs(distance - wanted[i])).toBeLessThan(1e-8 * norm));
  expect(clear).toBeLessThanOrEqual((wanted[k] ?? Infinity) * (1 + 1e-9));
  expect([report.solves, report.solveError]).toEqual([0, 0]);
}

function cycle(n: number): { A: LinearOperator; all: Float64Array } {
  const A = fromMatvec(n, (x, out) => {
    for (let i = 0; i < n; i++) out[i] = 2 * x[i] - x[(i + n - 1) % n] - x[(i + 1) % n];
  });
  return { A, all: Float64Array.from({ length: n }, (_, i) => 4 * Math.sin((Math.PI * i) / n) ** 2) };
}

/** The five-point Laplacian of the m × m grid. */
function grid(m: number): { A: LinearOperator; all: Float64Array } {
  const A = fromMatvec(m * m, (x, out) => {
    for (let i = 0, p = 0; i < m; i++)
      for (let j = 0; j < m; j++, p++)
        out[p] =
          4 * x[p] -
          (i > 0 ? x[p - m] : 0) -
          (i < m - 1 ? x[p + m] : 0) -
          (j > 0 ? x[p - 1] : 0) -
          (j < m - 1 ? x[p + 1] : 0);
  });
  const one = Float64Array.from({ length: m }, (_, i) => 4 * Math.sin((Math.PI * (i + 1)) / (2 * (m + 1))) ** 2);
  return { A, all: Float64Array.from({ length: m * m }, (_, p) => one[Math.floor(p / m)] + one[p % m]) };
}

describe('a window', () => {
  const ends = { low: -3, high: 5 };

  it('is 1 at its peak, below its bound, and proven above a level as far as it is', () => {
    for (const [sigma, degree, level] of [
      [1.3, 70, 0.7],
      [1.3, 70, 0.05],
      [4.9, 40, 0.5],
      [-2.2, 12, 0.3],
      [-2.2, 2, 0.4],
      [5.5, 6, 0.2],
    ] as const) {
      const filter = windowFilter(ends, sigma, degree);
      expect(filter.coefficients).toHaveLength(degree + 1);
      expect(valueAt(filter, angleOf(ends, sigma))).toBeGreaterThan(0.97);
      const clear = clearAbove(filter, sigma, level);
      let [least, most] = [Infinity, 0];
      for (let i = 0; i <= 20000; i++) {
        const t = -3 + (8 * i) / 20000;
        const value = valueAt(filter, angleOf(ends, t));
        most = Math.max(most, Math.abs(value));
        if (value <= level) least = Math.min(least, Math.abs(t - sigma));
      }
      expect(most).toBeLessThanOrEqual(filter.bound);
      // what a grid of points sees is at least as far off, and hardly farther
      expect(clear).toBeLessThanOrEqual(least);
      expect(clear).toBeGreaterThan(least - 1e-3);
    }
  });

  it('does not count an end that it stays above a level up to, and is clear nowhere where it is not above', () => {
    const filter = windowFilter(ends, 5, 40);
    const clear = clearAbove(filter, 4.999, 0.5);
    expect(valueAt(filter, angleOf(ends, 4.999 - clear))).toBeCloseTo(0.5, 6);
    expect(clearAbove(filter, 4.999, 1.2)).toBe(0);
    expect(clearAbove(filter, 4.999, -2)).toBe(Infinity);
  });

  it('angles and numbers are each other’s inverses', () => {
    for (const t of [-3, -2.999, 0.1, 3, 4.99999, 5]) expect(atAngle(ends, angleOf(ends, t))).toBeCloseTo(t, 12);
  });
});

describe('a polynomial that is largest near sigma', () => {
  it('finds values far inside, all of them double, and counts them', async () => {
    const { A, all } = cycle(1500);
    for (const [k, sigma] of [
      [6, 1.234],
      [7, 2.5],
      [1, 3.9],
    ] as const) {
      const report = await eigshNear(A, { k, sigma });
      expectRight(report, all, k);
      expect([report.method, report.degree > 4]).toEqual(['filter', true]);
    }
  });

  it('finds ten around a number of a grid, also where forty are one, in fewer products than the square', async () => {
    const { A, all } = grid(40);
    const report = await eigshNear(A, { k: 10, sigma: 1.0001 });
    expectRight(report, all, 10);
    const square = await eigshNear(A, { k: 10, sigma: 1.0001, solver: 'square', maxMatvecs: report.matvecs });
    expect(square.converged).toBe(false);
    const many = await eigshNear(grid(20).A, { k: 10, sigma: 4.01, denseBelow: 0 });
    expectRight(many, grid(20).all, 10);
    expect(Array.from(many.values, (value) => Math.round(value * 1e6) / 1e6)).toEqual(
      Array.from({ length: 10 }, () => 4),
    );
  });

  it('resolves distances that a square cannot', async () => {
    const all = Float64Array.from({ length: 1200 }, (_, i) => (i === 7 ? 5e-8 : i === 9 ? -2e-8 : i - 600.5));
    const of = { k: 2, sigma: 0, tol: 1e-12 } as const;
    const report = await eigshNear(diagonal(all), of);
    expect([report.converged, report.method]).toEqual([true, 'filter']);
    expect(report.values[0]).toBeCloseTo(5e-8, 10);
    expect(report.values[1]).toBeCloseTo(-2e-8, 10);
  });

  it('lists some of more copies than a window can leave outside', async () => {
    const all = Float64Array.from({ length: 1100 }, (_, i) => (i < 300 ? 0.3 : Math.sin(i)));
    const report = await eigshNear(diagonal(all), { k: 3, sigma: 0.3001, solver: 'filter', maxMatvecs: 100_000 });
    expectRight(report, all, 3);
    expect(report.degree).toBeLessThan(100);
  });

  it('says what it would take where that is more than there is', async () => {
    const { A } = cycle(4000);
    const report = await eigshNear(A, { k: 5, sigma: 1.234, maxMatvecs: 1500 });
    expect([report.reason, report.converged, report.values.length]).toEqual(['max-matvecs', false, 0]);
    expect(report.message).toMatch(/at least about \d+ products would be needed, and maxMatvecs is 1500/u);
    expect(report.matvecs).toBeLessThan(1500);
  });
});

describe('the choice', () => {
  it('small orders by their matrix, ends of the spectrum as ends, float32 too', async () => {
    const { A, all } = cycle(1500);
    const small = Float32Array.from({ length: 300 }, (_, i) => i);
    const inside = await eigshNear(diagonal(small), { k: 3, sigma: 100.2 });
    expect([inside.method, inside.matvecs, inside.completeness.method]).toEqual(['matrix', 303, 'dense']);
    expect(Array.from(inside.values, Math.round)).toEqual([101, 100, 99]);
    for (const sigma of [-1e-3, 4.1]) {
      const end = await eigshNear(A, { k: 8, sigma });
      expectRight(end, all, 8);
      expect(end.method).toBe('end');
    }
    const single = Float32Array.from({ length: 1100 }, (_, i) => (i < 3 ? 500.3 + i / 10 : i < 600 ? i / 2 : i));
    const found = await eigshNear(diagonal(single), { k: 3, sigma: 500.35 });
    expect([found.method, found.converged]).toEqual(['filter', true]);
    found.values.forEach((value, i) => expect(value).toBeCloseTo(500.5 - i / 10, 2));
  });

  it('values in a gap by the square, which takes fewer products there, and others not', async () => {
    const all = Float64Array.from({ length: 1500 }, (_, i) => {
      const inside = 40 * Math.abs(Math.sin(i));
      return i < 5 ? 50 + i / 10 : i % 2 === 0 ? inside : 60 + inside;
    });
    const report = await eigshNear(diagonal(all), { k: 5, sigma: 50.2 });
    expectRight(report, all, 5);
    expect(report.method).toBe('square');
    const filter = await eigshNear(diagonal(all), { k: 5, sigma: 50.2, solver: 'filter' });
    expectRight(filter, all, 5);
    expect(filter.matvecs).toBeGreaterThan(4 * report.matvecs);
    const dense = await eigshNear(diagonal(all), { k: 5, sigma: 20.2 });
    expectRight(dense, all, 5);
    expect(dense.method).toBe('filter');
  });
});
