// Oracle: operators whose singular values are known in closed form, and the dense svd of random matrices.
import { describe, expect, it } from 'vitest';
import { stream } from '@hyperribbon/random';
import {
  fromDenseRectangular,
  fromMatvecs,
  type RectangularOperator,
  type SingularReport,
  svd,
  svds,
} from '../../src/svd.js';
import type { EigenReport } from '../../src/eigsh/eigenReport.js';
import { rank } from '../../src/rank.js';
import { gramMargin } from '../../src/svd/gramMargin.js';

/** A sum of `rank` random dyadics. */
function randomMatrix(m: number, n: number, rank: number, seed: number): Float64Array {
  const [b, c] = [new Float64Array(m * rank), new Float64Array(rank * n)];
  stream({ seed, purpose: 'test/smallest', index: 0 }).normal(b);
  stream({ seed, purpose: 'test/smallest', index: 1 }).normal(c);
  const a = new Float64Array(m * n);
  for (let i = 0; i < m; i++)
    for (let r = 0; r < rank; r++) for (let j = 0; j < n; j++) a[i * n + j] += b[i * rank + r] * c[r * n + j];
  return a;
}

const size = (x: ArrayLike<number>): number => Math.sqrt(Array.from(x).reduce((s, y) => s + y * y, 0));

/** Values, residuals measured here, orthonormality, and what is said of values not listed. */
function expectRight(report: SingularReport, op: RectangularOperator, all: ArrayLike<number>, tol = 1e-8): void {
  const sorted = Array.from(all).sort((a, b) => a - b);
  const k = report.values.length;
  const norm = sorted[sorted.length - 1];
  expect(report.converged).toBe(true);
  report.values.forEach((value, i) => expect(Math.abs(value - sorted[k - 1 - i])).toBeLessThanOrEqual(2 * tol * norm));
  expect(report.clear).toBeLessThanOrEqual((sorted[k] ?? Infinity) * (1 + 1e-9) + 1e-12 * norm);
  const { rows, columns } = op;
  const wide = columns > rows;
  for (let i = 0; i < k; i++) {
    const [u, v] = [report.u.subarray(i * rows, (i + 1) * rows), report.v.subarray(i * columns, (i + 1) * columns)];
    expect(size(wide ? u : v)).toBeCloseTo(1, 4);
    expect(size(wide ? v : u)).toBeCloseTo(i < report.rank ? 1 : 0, 4);
    const [y, z] =
      op.dtype === 'float32'
        ? [new Float32Array(rows), new Float32Array(columns)]
        : [new Float64Array(rows), new Float64Array(columns)];
    void op.apply(v, y);
    void op.applyTranspose(u, z);
    const left = size(Array.from(y, (value, j) => (value - report.values[i] * u[j]) / norm));
    const right = size(Array.from(z, (value, j) => (value - report.values[i] * v[j]) / norm));
    const told = report.residualNorms[i] / norm;
    if (i < report.rank)
      expect(Math.max(left, right)).toBeLessThanOrEqual(
        1.01 * told + 1e-7 * tol + (op.dtype === 'float32' ? 1e-6 : 1e-14),
      );
    else
      expect(wide ? size(z) / norm : size(y) / norm).toBeLessThanOrEqual(
        1.01 * told + (op.dtype === 'float32' ? 1e-6 : 1e-14),
      );
  }
}

/** Differences of neighbours on a line: (n − 1) × n, singular values 2 sin(π j/(2n)), j = 1..n − 1. */
function differences(n: number): { op: RectangularOperator; all: Float64Array } {
  const op = fromMatvecs(n - 1, n, {
    apply: (x, out) => void out.forEach((_, i) => (out[i] = x[i + 1] - x[i])),
    applyTranspose: (y, out) => void out.forEach((_, i) => (out[i] = (y[i - 1] ?? 0) - (y[i] ?? 0))),
  });
  return { op, all: Float64Array.from({ length: n - 1 }, (_, j) => 2 * Math.sin((Math.PI * (j + 1)) / (2 * n))) };
}

/** A given spectrum between two reflections, (m, n). */
function reflected(
  m: number,
  n: number,
  values: (i: number) => number,
  seed = 1,
): { op: RectangularOperator; all: Float64Array } {
  const reflection = (length: number, index: number): ((x: ArrayLike<number>) => Float64Array) => {
    const h = new Float64Array(length);
    stream({ seed, purpose: 'test/reflection', index }).normal(h);
    const squares = h.reduce((s, x) => s + x * x, 0);
    return (x) => {
      const share = (2 * h.reduce((s, value, i) => s + value * x[i], 0)) / squares;
      return Float64Array.from(x, (value, i) => value - share * h[i]);
    };
  };
  const [left, right] = [reflection(m, 0), reflection(n, 1)];
  const all = Float64Array.from({ length: Math.min(m, n) }, (_, i) => values(i));
  const middle = (x: Float64Array, length: number): Float64Array =>
    Float64Array.from({ length }, (_, i) => (i < all.length ? all[i] * x[i] : 0));
  const op = fromMatvecs(m, n, {
    apply: (x) => left(middle(right(x), m)),
    applyTranspose: (y) => right(middle(left(y), n)),
  });
  return { op, all };
}

describe('svds, the smallest', () => {
  it('differences on a line of 60, both ways of looking at them: by search and by the matrix', async () => {
    const { op, all } = differences(60);
    const formed = await svds(op, { k: 4, which: 'SA', seed: 1 });
    const searched = await svds(op, { k: 4, which: 'SA', seed: 1, denseBelow: 0 });
    for (const report of [formed, searched]) expectRight(report, op, all);
    expect([formed.completeness.method, formed.rank]).toEqual(['dense', 4]);
    const transposed = fromMatvecs(60, 59, { apply: op.applyTranspose as never, applyTranspose: op.apply as never });
    expectRight(await svds(transposed, { k: 4, which: 'SA', seed: 1, denseBelow: 0 }), transposed, all);
  });
  for (const [name, m, n, values, k, rank] of [
    ['one alone', 900, 700, (i: number) => (i === 0 ? 0.01 : 1 + (i % 9)), 1, 1],
    ['a null space of 3', 900, 700, (i: number) => (i < 3 ? 0 : 1 + (i % 9)), 5, 2],
    ['more zeros than asked for', 700, 900, (i: number) => (i < 6 ? 0 : 1 + (i % 9)), 4, 0],
    ['copies', 700, 700, (i: number) => (i < 5 ? 0.5 : 2 + (i % 7)), 5, 5],
    [
      'one of 2e-6, which counting in AᵀA alone cannot prove',
      900,
      700,
      (i: number) => (i === 0 ? 2e-6 : 1 + (i % 9)),
      1,
      1,
    ],
  ] as const)
    it(`${name}: never formed, ${m} × ${n}`, async () => {
      const { op, all } = reflected(m, n, values);
      const report = await svds(op, { k, which: 'SA', seed: 1, denseBelow: 0 });
      expectRight(report, op, all);
      expect([report.rank, report.completeness.method]).toEqual([rank, 'random-search']);
    });
  it('a sloppy spectrum that squaring loses: not converged by search, right by the matrix', async () => {
    const { op, all } = reflected(300, 200, (i) => 10 ** (-i / 16));
    const report = await svds(op, { k: 4, which: 'SA', seed: 1, denseBelow: 0 });
    expect([report.converged, report.completeness.verified]).toEqual([false, false]);
    expect(['unresolved', 'max-matvecs', 'unverified']).toContain(report.reason);
    expectRight(await svds(op, { k: 4, which: 'SA', seed: 1 }), op, all);
  });
  for (const [m, n, rank, k, scale, low] of [
    [60, 40, 40, 5, 1, 5],
    [40, 60, 30, 12, 1e150, 2],
    [40, 60, 30, 12, 1e-150, 2],
    [7, 7, 7, 7, 1, 7],
    [5, 9, 1, 5, 1, 1],
  ] as const)
    it(`rank ${rank} of ${m} × ${n} at ${scale}, float64 and float32`, async () => {
      const a = randomMatrix(m, n, rank, 3).map((x) => x * scale);
      const op = fromDenseRectangular(a, m, n);
      const report = await svds(op, { k, which: 'SA' });
      expectRight(report, op, svd(a, m, n).values);
      expect(report.rank).toBe(low);
      if (scale !== 1) return;
      const single = Float32Array.from(a);
      const narrow = fromDenseRectangular(single, m, n);
      const rounded = await svds(narrow, { k, which: 'SA' });
      expectRight(rounded, narrow, svd(Float64Array.from(single), m, n).values, 1e-5);
      expect(rounded.v).toBeInstanceOf(Float32Array);
    });
  it('zeros, order 1, float32 by search', async () => {
    const zeros = fromDenseRectangular(new Float64Array(63), 9, 7);
    const nothing = await svds(zeros, { k: 7, which: 'SA' });
    expect([nothing.converged, nothing.rank, Math.max(...nothing.values)]).toEqual([true, 0, 0]);
    const one = await svds(fromDenseRectangular(Float64Array.of(-3), 1, 1), { k: 1, which: 'SA' });
    expect([one.values[0], one.clear, one.rank]).toEqual([3, Infinity, 1]);
    const single = Float32Array.from({ length: 300 * 200 }, (_, p) =>
      Math.floor(p / 200) === p % 200 ? (p % 200 < 3 ? 0 : 1 + (p % 5)) : 0,
    );
    const op = fromDenseRectangular(single, 300, 200);
    const report = await svds(op, { k: 3, which: 'SA', denseBelow: 0 });
    expectRight(report, op, svd(Float64Array.from(single), 300, 200).values, 1e-5);
  });
  it('AᵀA of a float32 operator is known to ten roundings of it, however little noise was seen; else to what was asked', () => {
    const completeness = { verified: true, method: 'dense', failureProbability: 0, searches: 0, matvecs: 0 } as const;
    const seen = { norm: 4, noise: 1e-12, completeness } as EigenReport;
    expect(gramMargin(seen, 1e-9, 2 ** -23)).toBe(40 * 2 ** -23);
    expect(gramMargin(seen, 1e-9, 2 ** -52)).toBe(4e-12);
    const searched = { ...seen, completeness: { ...completeness, method: 'random-search' } } as EigenReport;
    expect(gramMargin(searched, 1e-9, 2 ** -52)).toBe(4e-9);
  });
  for (const scale of [1e30, 1e-30])
    it(`float32 at ${scale}: AᵀA neither overflows nor vanishes`, async () => {
      const a = Float32Array.from({ length: 60 * 40 }, (_, p) =>
        Math.floor(p / 40) === p % 40 ? scale * (p % 40 < 3 ? 0 : 1 + (p % 5)) : 0,
      );
      const op = fromDenseRectangular(a, 60, 40);
      for (const denseBelow of [0, 1024]) {
        const report = await svds(op, { k: 4, which: 'SA', denseBelow });
        expect(report.converged).toBe(true);
        [1, 0, 0, 0].forEach((value, i) => expect(report.values[i] / scale).toBeCloseTo(value, 5));
        const count = await rank(op, { denseBelow, most: 20 });
        expect([count.rank, count.decided]).toEqual([37, true]);
      }
    });
  it('says what it refuses, fails as its operator does, ends when told to', async () => {
    const { op } = differences(60);
    await expect(svds(op, { k: 1, which: 'LM' as never })).rejects.toThrow(/^svds: which must be/);
    await expect(svds(op, { k: 1, which: 'SA', noise: 0.1 })).rejects.toThrow(
      /^svds: noise does not go with which 'SA'/,
    );
    await expect(svds(op, { k: 60, which: 'SA' })).rejects.toThrow(/^svds: k must be an integer in \[1, 59\]/);
    const broken = fromMatvecs(59, 60, {
      apply: op.apply as never,
      applyTranspose: () => new Float64Array(60).fill(NaN),
    });
    for (const denseBelow of [0, 1024])
      await expect(svds(broken, { k: 1, which: 'SA', denseBelow })).rejects.toThrow(/^svds: product 1 has NaN/);
    const controller = new AbortController();
    let calls = 0;
    const stopping: RectangularOperator = {
      ...op,
      apply: (x, out) => {
        if (++calls === 9) controller.abort();
        return op.apply(x, out);
      },
    };
    const ended = await svds(stopping, { k: 2, which: 'SA', denseBelow: 0, signal: controller.signal });
    expect([ended.reason, ended.converged, ended.values.length]).toEqual(['aborted', false, 0]);
    const few = await svds(op, { k: 2, which: 'SA', denseBelow: 0, maxMatvecs: 20 });
    expect([few.reason, few.converged, few.clear]).toEqual(['max-matvecs', false, 0]);
    expect(few.matvecs).toBeLessThanOrEqual(20);
  });
  it('same seed, same bits', async () => {
    const { op } = reflected(300, 200, (i) => (i < 2 ? 0.1 : 1 + (i % 9)));
    const [a, b] = [
      await svds(op, { k: 2, which: 'SA', seed: 5, denseBelow: 0 }),
      await svds(op, { k: 2, which: 'SA', seed: 5, denseBelow: 0 }),
    ];
    expect(Array.from(a.v)).toEqual(Array.from(b.v));
    expect(Array.from(a.values)).toEqual(Array.from(b.values));
  });
});
