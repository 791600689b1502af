// Oracle: spectra known by construction, at the ends of what can be asked.
import { describe, expect, it } from 'vitest';
import { diagonal, eigshNear, type EigshNearOptions, type InteriorReport } from '../../src/interior.js';

const ways = ['inverse', 'auto', 'filter', 'square', 'minres'] as const;
type Way = (typeof ways)[number];

/** A diagonal operator, searched in one of the ways. */
function search(
  all: Float64Array,
  way: Way,
  of: Omit<EigshNearOptions, 'inverse' | 'solver'>,
): Promise<InteriorReport> {
  const inverse = (b: Float64Array): Float64Array => b.map((x, i) => x / (all[i] - of.sigma));
  return eigshNear(diagonal(all), { ...of, ...(way === 'inverse' ? { inverse } : { solver: way }) });
}

/** Right, or not called converged. Says which. */
function isRight({ values, converged, sigma, norm, clear }: InteriorReport, all: Float64Array, k: number): boolean {
  if (!converged) return false;
  const distances = (list: ArrayLike<number>): number[] =>
    Array.from(list, (value) => Math.abs(value - sigma)).sort((a, b) => a - b);
  const [listed, wanted] = [distances(values), distances(all)];
  const slack = 2e-8 * norm + 1e-12 * Math.abs(sigma);
  expect(listed).toHaveLength(k);
  listed.forEach((distance, i) => expect(Math.abs(distance - wanted[i])).toBeLessThanOrEqual(slack));
  if (k < all.length) expect(clear).toBeLessThanOrEqual(wanted[k] + slack);
  return true;
}

const integers = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => i);

describe.each(ways)('by %s', (way) => {
  it('one eigenvalue, and all of a few', async () => {
    const one = await search(Float64Array.of(5), way, { k: 1, sigma: 1 });
    expect([one.values[0], one.clear, one.converged]).toEqual([expect.closeTo(5, 12), Infinity, true]);
    const all = Float64Array.of(5, -1, 2, 2, 7);
    const report = await search(all, way, { k: 5, sigma: 1.2 });
    expect(isRight(report, all, 5)).toBe(true);
    expect(report.clear).toBe(Infinity);
  });

  it.each([30, 1100])('the zero operator and the identity of order %d', async (n) => {
    for (const [value, sigma] of [
      [1, 0.3],
      [1, 4],
      [0, 1],
    ] as const) {
      const all = new Float64Array(n).fill(value);
      const report = await search(all, way, { k: 3, sigma });
      // of zero the tolerance is zero as well: a solve that is exact to rounding cannot prove that
      expect(isRight(report, all, 3) || (value === 0 && report.solves > 0)).toBe(true);
    }
  });

  it.each([40, 1100])('few different eigenvalues, of order %d', async (n) => {
    const all = integers(n).map((i) => (i % 3 === 0 ? 1 : 0));
    expect(isRight(await search(all, way, { k: 3, sigma: 0.4, denseBelow: 0 }), all, 3) || way === 'square').toBe(true);
    const spike = integers(n).map((i) => (i === 7 ? 1 : 0));
    expect(isRight(await search(spike, way, { k: 1, sigma: 0.6, denseBelow: 0 }), spike, 1)).toBe(true);
    // half way between many and many either are the nearest: a polynomial prefers some by less than the tolerance
    const tie = await search(all, way, { k: 3, sigma: 0.5, denseBelow: 0 });
    expect(isRight(tie, all, 3) || way === 'inverse' || way === 'square' || way === 'minres').toBe(true);
  });

  it.each([1e-300, 1e-150, 1e150, 1e300])('numbers of size %d', async (size) => {
    const all = integers(50).map((i) => (i / 50) * size);
    expect(isRight(await search(all, way, { k: 3, sigma: 0.304 * size }), all, 3)).toBe(true);
  });

  it('sigma far outside: right or not converged', async () => {
    const all = integers(300);
    for (const sigma of [1e4, -1e9, 1e200]) {
      const report = await search(all, way, { k: 3, sigma, denseBelow: 0, maxMatvecs: 20_000 });
      expect(isRight(report, all, 3) || ['inverse', 'square', 'minres'].includes(way)).toBe(true);
    }
  });

  it('sigma an eigenvalue: right, not converged, or refused where there is no solve', async () => {
    const all = integers(60);
    const done = await search(all, way, { k: 3, sigma: 20 }).catch((error: Error) => error.message);
    if (way === 'inverse') expect(done).toMatch(/If sigma=20 is an eigenvalue/u);
    else expect(isRight(done as InteriorReport, all, 3)).toBe(way !== 'minres');
  });

  it.each([1, 170, 1500])('a budget of %d products or solves is kept', async (maxMatvecs) => {
    const all = integers(1200).map((i) => Math.sin(i));
    for (const sigma of [0.2, 1.1]) {
      const report = await search(all, way, { k: 3, sigma, maxMatvecs });
      const spent = way === 'inverse' ? report.solves : report.matvecs;
      // those that measure residuals, or were needed to look at a solve, are made in any case
      expect(spent).toBeLessThanOrEqual(maxMatvecs + (way === 'inverse' ? 3 : 24));
      isRight(report, all, 3);
      if (!report.converged) expect([report.clear, report.message.length > 20]).toEqual([0, true]);
    }
  });
});

describe('float32', () => {
  it.each(['auto', 'filter', 'minres'] as const)('by %s: right to its precision', async (solver) => {
    const single = Float32Array.from({ length: 1100 }, (_, i) => i / 10);
    const { converged, values, vectors } = await eigshNear(diagonal(single), { k: 3, sigma: 21.53, solver });
    expect([converged, vectors.BYTES_PER_ELEMENT]).toEqual([true, 4]);
    values.forEach((value, i) => expect(Math.abs(value - (21.6 - i / 10))).toBeLessThan(3e-3));
  });
});
