// Oracle: operators whose rank and null space are known in closed form, and ranks that numpy's matrix_rank gives.
import { describe, expect, it } from 'vitest';
import { stream } from '@hyperribbon/random';
import {
  fromDense,
  fromDenseRectangular,
  fromMatvecs,
  nullSpace,
  type NullSpaceReport,
  rank,
  type RectangularOperator,
} from '../../src/rank.js';

/** A given spectrum between two reflections, (m, n). */
function reflected(
  m: number,
  n: number,
  value: (i: number) => number,
  dtype: 'float64' | 'float32' = 'float64',
): RectangularOperator {
  const reflection = (length: number, index: number): ((x: ArrayLike<number>) => Float64Array) => {
    const h = new Float64Array(length);
    stream({ seed: 1, purpose: 'test/reflection', index }).normal(h);
    const squares = h.reduce((s, x) => s + x * x, 0);
    return (x) => {
      const share = (2 * h.reduce((s, value, i) => s + value * x[i], 0)) / squares;
      return Float64Array.from(x, (value, i) => value - share * h[i]);
    };
  };
  const [left, right, p] = [reflection(m, 0), reflection(n, 1), Math.min(m, n)];
  const middle = (x: Float64Array, length: number): Float64Array =>
    Float64Array.from({ length }, (_, i) => (i < p ? value(i) * x[i] : 0));
  return fromMatvecs(
    m,
    n,
    {
      apply: (x: ArrayLike<number>, out: { set(x: ArrayLike<number>): void }) => out.set(left(middle(right(x), m))),
      applyTranspose: (y: ArrayLike<number>, out: { set(x: ArrayLike<number>): void }) =>
        out.set(right(middle(left(y), n))),
    } as never,
    { dtype },
  );
}

/** Rows are orthonormal, and A shrinks them to what is told. */
function expectBasis(report: NullSpaceReport, op: RectangularOperator, dimension: number): void {
  expect([report.dimension, report.low, report.high, report.decided, report.reason]).toEqual([
    dimension,
    dimension,
    dimension,
    true,
    'counted',
  ]);
  const { columns, rows } = op;
  const eps = op.dtype === 'float32' ? 2 ** -23 : 2 ** -52;
  expect(report.basis.length).toBe(dimension * columns);
  const row = (i: number): Float64Array => Float64Array.from(report.basis.subarray(i * columns, (i + 1) * columns));
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j <= i; j++) {
      const product = row(i).reduce((s, x, q) => s + x * row(j)[q], 0);
      expect(Math.abs(product - (i === j ? 1 : 0))).toBeLessThanOrEqual(100 * eps);
    }
    const product = op.dtype === 'float32' ? new Float32Array(rows) : new Float64Array(rows);
    void op.apply(report.basis.slice(i * columns, (i + 1) * columns), product);
    const out = Float64Array.from(product);
    const largest = out.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const left = largest === 0 ? 0 : largest * Math.sqrt(out.reduce((s, x) => s + (x / largest) ** 2, 0));
    expect(left).toBeLessThanOrEqual(report.residualNorms[i] + 20 * Math.max(rows, columns) * eps * report.norm);
    expect(report.residualNorms[i]).toBeLessThanOrEqual(report.threshold);
  }
}

const magic = Float64Array.of(16, 2, 3, 13, 5, 11, 10, 8, 9, 7, 6, 12, 4, 14, 15, 1);

describe('rank', () => {
  for (const [name, a, m, n, wanted] of [
    ['the magic square of order 4', magic, 4, 4, 3],
    ['ones', new Float64Array(12).fill(1), 3, 4, 1],
    ['zeros', new Float64Array(12), 4, 3, 0],
    ['a row', Float64Array.of(1, 2, 3), 1, 3, 1],
    ['order 1', Float64Array.of(-1e-300), 1, 1, 1],
    // numpy 1.24: matrix_rank of 1/(i + j + 1)
    [
      'Hilbert of order 12',
      Float64Array.from({ length: 144 }, (_, p) => 1 / (Math.floor(p / 12) + (p % 12) + 1)),
      12,
      12,
      11,
    ],
  ] as const)
    for (const scale of [1, 1e150, 2 ** -498])
      it(`${name} times ${scale}, by the matrix`, async () => {
        if (name === 'order 1' && scale < 1) return;
        const op = fromDenseRectangular(
          a.map((x) => x * scale),
          m,
          n,
        );
        const report = await rank(op);
        expect([report.rank, report.low, report.high, report.method]).toEqual([wanted, wanted, wanted, 'dense']);
        expect(report.threshold).toBeCloseTo(Math.max(m, n) * 2 ** -52 * report.norm, 300);
        expectBasis(await nullSpace(op), op, n - wanted);
      });
  for (const [m, n, low, method] of [
    [1500, 1300, 7, 'largest'],
    [1300, 1500, 1, 'largest'],
    [1500, 1300, 1297, 'smallest'],
    [1300, 1300, 1300, 'smallest'],
  ] as const)
    it(`${low} of ${m} × ${n}, never formed: ${method}`, async () => {
      const op = reflected(m, n, (i) => (i < low ? 1 + (i % 7) : 0));
      const report = await rank(op, { seed: 1, most: 20 });
      expect([report.rank, report.low, report.high, report.decided, report.method]).toEqual([
        low,
        low,
        low,
        true,
        method,
      ]);
      if (method === 'smallest' && m >= n) expectBasis(await nullSpace(op, { seed: 1 }), op, n - low);
    });
  it('counts at the threshold that is asked for, and a value that is nearer to it than its error is open', async () => {
    const decades = (i: number): number => 10 ** -i;
    const op = reflected(30, 20, decades);
    for (const [tol, wanted] of [
      [0.5, 1],
      [3e-4, 4],
      [3e-9, 9],
    ] as const)
      expect((await rank(op, { tol })).rank).toBe(wanted);
    const edge = await rank(op, { tol: 1e-13 });
    expect([edge.decided, edge.reason, edge.low <= 13, edge.high >= 14]).toEqual([false, 'undecided', true, true]);
    expect(edge.completeness.verified).toBe(false);
    const wide = reflected(1200, 1100, (i) => (i < 12 ? decades(i) : 0));
    const report = await rank(wide, { tol: 3e-6, seed: 1 });
    expect([report.rank, report.decided, report.method]).toEqual([6, true, 'largest']);
    const within = await rank(wide, { tol: 1e-6, seed: 1 });
    expect([within.decided, within.low, within.high]).toEqual([false, 6, 7]);
  });
  it('more on both sides than may be looked for: between which numbers it lies', async () => {
    const op = reflected(1200, 1100, (i) => (i < 500 ? 1 + (i % 7) : 0));
    const report = await rank(op, { most: 6, seed: 1 });
    expect(report.decided).toBe(false);
    expect(report.low).toBeLessThanOrEqual(500);
    expect(report.high).toBeGreaterThanOrEqual(500);
    const kernel = await nullSpace(op, { most: 6, seed: 1 });
    expect([kernel.decided, kernel.reason, kernel.low <= 600, kernel.high]).toEqual([false, 'too-many', true, 1100]);
  });
  it('float32, formed and not; a symmetric operator', async () => {
    for (const [m, n] of [
      [60, 40],
      [1200, 1050],
    ] as const) {
      const op = reflected(m, n, (i) => (i < n - 3 ? 1 + (i % 7) : 0), 'float32');
      const report = await nullSpace(op, { seed: 2 });
      expectBasis(report, op, 3);
      expect(report.basis).toBeInstanceOf(Float32Array);
    }
    expect((await rank(fromDense(Float64Array.of(1, 1, 1, 1), 2))).rank).toBe(1);
  });
  it('a wide operator has the surplus of columns in its null space', async () => {
    const op = reflected(1100, 1104, () => 3);
    expectBasis(await nullSpace(op, { seed: 1 }), op, 4);
    const full = fromDenseRectangular(Float64Array.of(1, 0, 0, 1), 2, 2);
    expectBasis(await nullSpace(full), full, 0);
  });
  it('says what it refuses, fails as its operator does, ends when told to', async () => {
    const op = reflected(1100, 1100, () => 1);
    await expect(rank(op, { tol: 2 })).rejects.toThrow(/^rank: tol must be in \[0, 1\]/);
    await expect(nullSpace(op, { which: 'SA' } as never)).rejects.toThrow(/^nullSpace: there is no option which/);
    await expect(rank(null as never)).rejects.toThrow(/^rank: op must be/);
    const broken: RectangularOperator = { ...op, applyTranspose: (_, out) => void out.fill(NaN) };
    await expect(nullSpace(broken)).rejects.toThrow(/^nullSpace: product 1 has NaN/);
    const signal = AbortSignal.abort();
    for (const report of [await rank(op, { signal }), await nullSpace(op, { signal })])
      expect([report.reason, report.low, report.high, report.decided]).toEqual(['aborted', 0, 1100, false]);
    const controller = new AbortController();
    let calls = 0;
    const stopping: RectangularOperator = {
      ...op,
      apply: (x, out) => {
        if (++calls === 4) controller.abort();
        return op.apply(x, out);
      },
    };
    const ended = await nullSpace(stopping, { signal: controller.signal });
    expect([ended.reason, ended.dimension]).toEqual(['aborted', 0]);
    const late = new AbortController();
    let made = 0;
    const small = reflected(60, 50, () => 1);
    const counting: RectangularOperator = {
      ...small,
      apply: (x, out) => {
        if (++made === 21) late.abort();
        return small.apply(x, out);
      },
    };
    const formed = await rank(counting, { signal: late.signal });
    expect([formed.reason, formed.matvecs, formed.low, formed.high]).toEqual(['aborted', 21, 0, 50]);
    const few = await nullSpace(
      reflected(1100, 1100, (i) => i),
      { maxMatvecs: 30 },
    );
    expect([few.decided, few.reason]).toEqual([false, 'max-matvecs']);
  });
});
