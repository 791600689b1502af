import { describe, expect, it } from 'vitest';
import { eigh } from '@hyperribbon/lanczos';
import { DomainError, spectralDensity } from '@hyperribbon/lanczos/density';
import {
  eigenvalueCount,
  estimateDiagonal,
  estimateTrace,
  logdet,
  matrixFunction,
  schattenNorm,
} from '@hyperribbon/lanczos/trace';
import { diagonal, fromDense, fromMatvec, scale, shift, type LinearOperator } from '@hyperribbon/linop';
import { assertAtMost } from '../goldenData.js';
import { householderProduct } from '../goldenOperators.js';
import { estimators, shareOf } from './cases.js';

const swap = fromDense(Float64Array.of(0, 1, 1, 0), 2);
const upTo = (n: number): LinearOperator => diagonal(Float64Array.from({ length: n }, (_, i) => i));
/** 2 I − neighbours around a circle: eigenvalues 2 − 2 cos(2πk/n), one of them zero */
const cycle = (n: number): LinearOperator =>
  fromMatvec(n, (x, out) => {
    for (let i = 0; i < n; i++) out[i] = 2 * x[i] - x[(i + 1) % n] - x[(i + n - 1) % n];
  });
/** 0 … 11, three times */
const repeated = (size: number): LinearOperator =>
  diagonal(Float64Array.from({ length: 36 }, (_, i) => (i % 12) * size));
const seeds = Array.from({ length: 20 }, (_, seed) => seed);

describe('intervals of small matrices', () => {
  // the others are in soak.mjs
  for (const name of Object.keys(estimators).filter((x) => !/ (2|3|6|12)$/.test(x)))
    it(`${name}: of nominal 95 % hold the exact value in at least 93 % of them, and none is a point beside it`, async () => {
      const { intervals, held, points, missed } = await shareOf(name, 1000, 110);
      const what = `${held} of ${intervals}, missed ${JSON.stringify(missed)}`;
      expect(points, what).toBe(0);
      expect(held >= 0.93 * intervals, what).toBe(true);
    });
  for (const name of ['hutchinson rademacher 8', 'diagonal hutchinson 30', 'spectralDensity x² 6 × 10'])
    it(`${name}: half of each would not do`, async () => {
      const { intervals, held } = await shareOf(name, 1000, 110, 0.5);
      expect(held / intervals).toBeLessThan(0.93);
    });
  it('few samples of a matrix with as few columns say all of it', async () => {
    for (const seed of seeds)
      for (const e of [
        await estimateTrace(swap, { samples: 4, seed }),
        await estimateTrace(swap, { samples: 2, seed }),
        await estimateTrace(upTo(3), { method: 'xtrace', seed }),
        await estimateTrace(upTo(3), { method: 'hutch++', seed }),
      ]) {
        const exact = e.matvecs === 2 ? 0 : 3;
        expect([e.value, e.standardError]).toEqual([exact, 0]);
        expect(e.high - e.low).toBeLessThan(1e-13);
      }
    const { value, low, high, matvecs } = await estimateDiagonal(upTo(5), { method: 'xdiag', samples: 6 });
    expect([Array.from(value), low, high, matvecs]).toEqual([[0, 1, 2, 3, 4], value, value, 5]);
  });
  it('what random signs do not see is looked for with normal numbers', async () => {
    // the signs of two probes are orthogonal to ones with probability 1/8 in four dimensions
    const ones = fromDense(new Float64Array(36).fill(1), 6);
    const zero = diagonal(new Float64Array(6));
    for (const seed of seeds) {
      const e = await estimateTrace(ones, { samples: 2, seed });
      expect(e.low <= 6 && 6 <= e.high, `seed ${seed}: [${e.low}, ${e.high}]`).toBe(true);
      const none = await estimateTrace(zero, { samples: 2, seed });
      expect([none.low, none.high, none.matvecs]).toEqual([0, 0, 3]);
      for (const method of ['hutchinson', 'xdiag'] as const) {
        const d = await estimateDiagonal(ones, { samples: method === 'xdiag' ? 4 : 2, method, seed });
        d.low.forEach((l, i) => expect(l - 1e-14 <= 1 && 1 <= d.high[i] + 1e-14, `${method} ${seed}`).toBe(true));
      }
    }
  });
});

describe('logarithms of what is not positive definite', () => {
  it('are domain errors: a zero among integers, a circle', async () => {
    for (const seed of seeds) await expect(logdet(upTo(12), { seed })).rejects.toThrow(DomainError);
    await expect(logdet(cycle(500))).rejects.toThrow(/^logdet: .* up to rounding/);
    const { value } = await logdet(shift(upTo(12), 1));
    assertAtMost(Math.abs(value - 19.98721449566189), 1e-13, 'ln 12!');
  });
  it('or have no lower end where the spectrum may reach down to zero', async () => {
    const circle = await logdet(cycle(2000), { probes: 3 });
    expect([circle.low, circle.matvecs]).toEqual([-Infinity, 240]);
    const apart = await logdet(shift(cycle(2000), 0.5), { probes: 3 });
    expect(apart.low).toBeGreaterThan(-Infinity);
  });
  it('so are inverses and roots, in sums and in products, at every scale', async () => {
    for (const size of [1, 1e200, 1e-200]) {
      for (const f of [(x: number) => 1 / x, (x: number) => Math.log(x), (x: number) => Math.sqrt(x)]) {
        const a = scale(upTo(12), size);
        const x = new Float64Array(12).fill(1);
        await expect(estimateTrace(a, { f })).rejects.toThrow(DomainError);
        await expect(estimateTrace(repeated(size), { f, method: 'xtrace', steps: 20 })).rejects.toThrow(DomainError);
        await expect(matrixFunction(a, f, 12).apply(x, x.slice())).rejects.toThrow(/^matrixFunction: f\(/);
        const report = await spectralDensity(a, { probes: 2 });
        expect(() => report.trace(f)).toThrow(DomainError);
      }
    }
  });
  it('but not those that only touch the end of their domain: the share of a root at zero is its rounding', async () => {
    const { value, low, high } = await schattenNorm(upTo(12), 0.5);
    const exact = Array.from({ length: 12 }, (_, i) => Math.sqrt(i)).reduce((s, x) => s + x, 0) ** 2;
    assertAtMost(Math.abs(value - exact), 1e-5 * exact, 'sum of roots');
    expect([low <= exact && exact <= high, high - low < 1e-4 * exact]).toEqual([true, true]);
  });
});

describe('eigenvalues at the ends of an interval', () => {
  it('count as lying on them, and the interval holds the count if they do not', async () => {
    const cases: [a: number, b: number, count: number, low: number, high: number][] = [
      [2.5, 7, 5, 4, 5],
      [0, Infinity, 11, 11, 12],
      [3, 3.5, 0, 0, 1],
      [-1, 12, 12, 12, 12],
      [4, 6, 2, 1, 3],
    ];
    for (const seed of [0, 1, 2])
      for (const [a, b, count, low, high] of cases)
        for (const size of [1, 2 ** -700, 2 ** 700]) {
          const op = scale(upTo(12), size);
          const e = await eigenvalueCount(op, a * size, b * size, { seed });
          expect([e.value, e.low, e.high, e.truncationBias, e.matvecs]).toEqual([
            count,
            low,
            high,
            (high - low) / 2,
            12,
          ]);
          const report = await spectralDensity(op, { seed, probes: 2 });
          expect(report.count(a * size, b * size)).toMatchObject({ value: count, low, high });
        }
  });
  it('of a matrix of rank 8 the positive ones are 8, with and without chance', async () => {
    const d = Float64Array.from({ length: 200 }, (_, i) => (i < 8 ? 1 + i : 0));
    const op = fromMatvec(200, householderProduct(d, 2, 9));
    for (const seed of seeds.slice(0, 6)) {
      const { value, low, high } = await eigenvalueCount(op, 0, Infinity, { seed });
      expect([value, low, high]).toEqual([8, 8, 200]);
      const sampled = (await spectralDensity(op, { seed, steps: 20 })).count(0, Infinity);
      expect(sampled.low <= 8 && 8 <= sampled.high).toBe(true);
      assertAtMost(Math.abs(sampled.value - 8), 6 * sampled.standardError, 'sampled');
    }
  });
  it('a distribution function includes the eigenvalues at x, on both axes', async () => {
    const report = await spectralDensity(diagonal(Float64Array.of(-2, -1, 0, 0, 1, 2)), { probes: 2 });
    expect(Array.from(report.cdf([-2, -1, 0, 1, 2]).value, (x) => 6 * x)).toEqual([1, 2, 4, 5, 6]);
    expect(Array.from(report.cdf([1, 2, -1, -2], { axis: 'log' }).value, (x) => 6 * x)).toEqual([1, 2, 1, 2]);
  });
});

describe('scales', () => {
  it('estimates at 2^±700 are those at 1 times that, bit for bit', async () => {
    const n = 40;
    const a = fromMatvec(
      n,
      householderProduct(
        Float64Array.from({ length: n }, (_, i) => 1 / (1 + i)),
        2,
        9,
      ),
    );
    const samples = 12;
    for (const size of [2 ** 700, 2 ** -700, 2 ** -1000]) {
      const scaled = scale(a, size);
      for (const method of ['hutchinson', 'hutch++', 'xtrace'] as const) {
        const [one, other] = [a, scaled].map((op) => estimateTrace(op, { method, samples }));
        const { value, standardError, low, high } = await one;
        const expected = {
          value: value * size,
          standardError: standardError * size,
          low: low * size,
          high: high * size,
        };
        expect(await other).toMatchObject(expected);
        expect(standardError).toBeGreaterThan(0);
      }
      for (const method of ['hutchinson', 'xdiag'] as const) {
        const [one, other] = [a, scaled].map((op) => estimateDiagonal(op, { method, samples }));
        const { value, standardError } = await one;
        const expected = { value: value.map((x) => x * size), standardError: standardError.map((x) => x * size) };
        expect(await other).toMatchObject(expected);
      }
    }
  });
  it('all eigenvalues of a density are those of the matrix', async () => {
    const n = 30;
    const a = Float64Array.from({ length: n * n }, (_, p) => Math.cos((Math.floor(p / n) + 1) * ((p % n) + 1)));
    const { spectrum, matvecs } = await spectralDensity(fromDense(a, n), { probes: 2 });
    expect(matvecs).toBe(2 * n);
    const exact = eigh(a, n).values;
    exact.forEach((x, i) => assertAtMost(Math.abs(spectrum![i] - x), 1e-14 * n, `value ${i}`));
  });
});
