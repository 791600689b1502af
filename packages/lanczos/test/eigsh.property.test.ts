import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eigh, eigsh, eigvalsh, tridiagonalEigen } from '@hyperribbon/lanczos';
import { fromDense, scale, shift, type LinearOperator } from '@hyperribbon/linop';
import { assertAtMost } from './goldenData.js';
import { dyadics } from './goldenOperators.js';

const EPS = 2 ** -52;
const runs = { numRuns: 40, seed: 20261122, markInterruptAsFailure: true, endOnFailure: false } as const;

/** A symmetric matrix with entries k/2048, so that sums, shifts and permutations of it are exact. */
function symmetric(n: number, seed: number): Float64Array {
  const s = dyadics(seed, n * n, 12);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = s[i * n + j];
  return a;
}
const matrices = fc.record({ n: fc.integer({ min: 1, max: 40 }), seed: fc.integer({ min: 1, max: 1e6 }) });
const worst = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
  Array.from(x).reduce((m: number, v, i) => Math.max(m, Math.abs(v - y[i])), 0);
const normOf = (values: Float64Array): number =>
  Math.max(Number.MIN_VALUE, Math.abs(values[0]), Math.abs(values[values.length - 1]));

describe('eigh of random matrices', () => {
  it('trace and Frobenius norm are the sums of λ and λ²', () => {
    fc.assert(
      fc.property(matrices, ({ n, seed }) => {
        const a = symmetric(n, seed);
        const values = eigvalsh(a, n);
        const norm = normOf(values);
        let trace = 0;
        for (let i = 0; i < n; i++) trace += a[i * n + i];
        const squares = a.reduce((s, x) => s + x * x, 0);
        assertAtMost(Math.abs(values.reduce((s, x) => s + x, 0) - trace), 30 * EPS * norm * Math.sqrt(n), 'trace');
        assertAtMost(
          Math.abs(values.reduce((s, x) => s + x * x, 0) - squares),
          60 * EPS * norm * Math.sqrt(n) * norm,
          'squares',
        );
      }),
      runs,
    );
  });
  it('a permutation of the axes changes nothing, and moves the vectors with them', () => {
    fc.assert(
      fc.property(matrices, fc.integer(), ({ n, seed }, shuffle) => {
        const a = symmetric(n, seed);
        const order = Array.from({ length: n }, (_, i) => i);
        const keys = dyadics(shuffle, n, 20);
        order.sort((i, j) => keys[i] - keys[j] || i - j);
        const moved = new Float64Array(n * n);
        for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) moved[i * n + j] = a[order[i] * n + order[j]];
        const [plain, permuted] = [eigvalsh(a, n), eigh(moved, n, { vectors: true })];
        assertAtMost(worst(plain, permuted.values), 30 * EPS * normOf(plain), 'values');
        // rows of the permuted problem, moved back, are eigenvectors of the first
        for (let q = 0; q < n; q++) {
          const v = new Float64Array(n);
          for (let i = 0; i < n; i++) v[order[i]] = permuted.vectors![q * n + i];
          for (let i = 0; i < n; i++) {
            let s = -permuted.values[q] * v[i];
            for (let j = 0; j < n; j++) s += a[i * n + j] * v[j];
            assertAtMost(Math.abs(s), 60 * EPS * normOf(plain), 'residual');
          }
        }
      }),
      runs,
    );
  });
  it('shift: λ + σ; scale by 2^k: bit for bit; sign: mirrored', () => {
    fc.assert(
      fc.property(
        matrices,
        fc.integer({ min: -64, max: 64 }),
        fc.integer({ min: -900, max: 900 }),
        ({ n, seed }, sigma, k) => {
          const a = symmetric(n, seed);
          const base = eigvalsh(a, n);
          const shifted = eigvalsh(
            a.map((x, p) => (p % (n + 1) === 0 ? x + sigma : x)),
            n,
          );
          const norm = Math.max(normOf(base), normOf(shifted));
          assertAtMost(
            worst(
              shifted,
              base.map((x) => x + sigma),
            ),
            60 * EPS * norm,
            'shift',
          );
          const power = 2 ** k;
          expect(
            Array.from(
              eigvalsh(
                a.map((x) => x * power),
                n,
              ),
            ),
          ).toEqual(Array.from(base, (x) => x * power));
          const mirrored = eigvalsh(
            a.map((x) => -x),
            n,
          );
          assertAtMost(
            worst(
              mirrored.toReversed().map((x) => -x),
              base,
            ),
            60 * EPS * norm,
            'sign',
          );
        },
      ),
      runs,
    );
  });
  it('Cauchy interlacing of the leading principal submatrix', () => {
    fc.assert(
      fc.property(matrices, ({ n, seed }) => {
        const a = symmetric(n, seed);
        const all = eigvalsh(a, n);
        const m = n - 1;
        const part = new Float64Array(m * m);
        for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) part[i * m + j] = a[i * n + j];
        const inner = eigvalsh(part, m);
        const slack = 30 * EPS * normOf(all);
        for (let i = 0; i < m; i++) {
          expect(inner[i]).toBeLessThanOrEqual(all[i] + slack);
          expect(inner[i]).toBeGreaterThanOrEqual(all[i + 1] - slack);
        }
      }),
      runs,
    );
  });
  it('Sturm: as many tridiagonal eigenvalues lie below any x as pivots of T − x are negative', () => {
    fc.assert(
      fc.property(matrices, fc.integer({ min: -4096, max: 4096 }), ({ n, seed }, at) => {
        const d = dyadics(seed, n, 12);
        const e = dyadics(seed + 1, Math.max(0, n - 1), 12);
        const x = at / 1024 + 1 / 3;
        let negative = 0;
        let pivot = 1;
        for (let i = 0; i < n; i++) {
          pivot = d[i] - x - (i > 0 ? (e[i - 1] * e[i - 1]) / pivot : 0);
          if (pivot === 0) pivot = EPS * EPS;
          if (pivot < 0) negative++;
        }
        const { values } = tridiagonalEigen(d, e);
        const slack = 30 * EPS * (normOf(values) + Math.abs(x));
        expect(values.filter((v) => v < x - slack).length).toBeLessThanOrEqual(negative);
        expect(values.filter((v) => v < x + slack).length).toBeGreaterThanOrEqual(negative);
      }),
      runs,
    );
  });
});

describe('eigsh of random matrices', () => {
  const problems = fc.record({
    n: fc.integer({ min: 90, max: 160 }),
    seed: fc.integer({ min: 1, max: 1e6 }),
    k: fc.integer({ min: 1, max: 6 }),
  });
  const few = { ...runs, numRuns: 12 };
  const options = { tol: 1e-10, denseBelow: 0, deterministic: true } as const;
  const top = async (op: LinearOperator, k: number, which: 'LA' | 'SA' = 'LA'): Promise<Float64Array> => {
    const report = await eigsh(op, { ...options, k, which, seed: 1 });
    expect(report.converged, report.message).toBe(true);
    return report.values;
  };
  it('is the dense answer; under permutation, shift and sign too; under 2^k bit for bit', async () => {
    await fc.assert(
      fc.asyncProperty(problems, fc.integer({ min: -300, max: 300 }), async ({ n, seed, k }, power) => {
        const a = symmetric(n, seed);
        const op = fromDense(a, n);
        const all = eigvalsh(a, n);
        const norm = normOf(all);
        const values = await top(op, k);
        const limit = 1e-10 * norm;
        assertAtMost(worst(values, all), limit, 'values');
        expect(worst(values, all.map((x) => x + 10 * limit))).toBeGreaterThan(limit); // prettier-ignore
        const moved = new Float64Array(n * n);
        const to = (i: number): number => (i * 7 + 3) % n;
        if (n % 7 !== 0) {
          for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) moved[to(i) * n + to(j)] = a[i * n + j];
          assertAtMost(worst(await top(fromDense(moved, n), k), all), limit, 'permuted');
        }
        assertAtMost(worst((await top(shift(op, 5), k)).map((x) => x - 5), all), 1e-10 * (norm + 5), 'shifted'); // prettier-ignore
        const mirrored = await top(scale(op, -1), k, 'SA');
        expect(Array.from(mirrored.toReversed(), (x) => -x)).toEqual(Array.from(values));
        const scaled = await top(scale(op, 2 ** power), k);
        expect(Array.from(scaled)).toEqual(Array.from(values, (x) => x * 2 ** power));
      }),
      few,
    );
  });
});
