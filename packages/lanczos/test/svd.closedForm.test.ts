import { describe, expect, it } from 'vitest';
import { eigvalsh } from '@hyperribbon/lanczos';
import { svd, svds } from '@hyperribbon/lanczos/svd';
import { schattenNorm } from '@hyperribbon/lanczos/trace';
import { diagonal, fromDense, fromDenseRectangular, fromMatvecs } from '@hyperribbon/linop';
import { assertAtMost } from './goldenData.js';
import { dyadics } from './goldenOperators.js';

const EPS = 2 ** -52;

/** max |row · row' − δ| of k rows of `length` numbers. */
function lossOf(rows: ArrayLike<number>, k: number, length: number): number {
  let loss = 0;
  for (let p = 0; p < k; p++) {
    for (let q = 0; q <= p; q++) {
      let s = p === q ? -1 : 0;
      for (let j = 0; j < length; j++) s += rows[p * length + j] * rows[q * length + j];
      loss = Math.max(loss, Math.abs(s));
    }
  }
  return loss;
}

/** ‖A − Σ σ uᵢ vᵢᵀ‖ and what rows of u and v lack in orthonormality, entrywise. */
function defects(a: Float64Array, m: number, n: number): [number, number] {
  const { values, u, v } = svd(a, m, n, { vectors: true });
  const r = values.length;
  let residual = 0;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let s = -a[i * n + j];
      for (let q = 0; q < r; q++) s += values[q] * u![q * m + i] * v![q * n + j];
      residual = Math.max(residual, Math.abs(s));
    }
  }
  const loss = Math.max(lossOf(u!, r, m), lossOf(v!, r, n));
  return [residual, loss];
}

describe('svd', () => {
  it('in both flavours of the kernels: as exact, and deterministic where nothing is said', () => {
    const n = 120;
    const a = dyadics(5, n * n, 20);
    const exact = svd(a, n, n, { vectors: true, deterministic: true });
    const fast = svd(a, n, n, { vectors: true, deterministic: false });
    expect(svd(a, n, n, { vectors: true })).toEqual(exact);
    fast.values.forEach((value, i) =>
      assertAtMost(Math.abs(value - exact.values[i]), 50 * EPS * exact.values[0], `value ${i}`),
    );
    assertAtMost(Math.max(lossOf(fast.u, n, n), lossOf(fast.v, n, n)), 200 * EPS, 'orthogonality');
  });
  for (const [m, n] of [
    [1, 1],
    [5, 5],
    [20, 7],
    [7, 20],
    [33, 32],
    [64, 3],
    [1, 9],
  ] as const) {
    it(`${m} × ${n}: A = Σ σ u vᵀ, rows orthonormal, values those of AᵀA`, () => {
      const a = dyadics(m * 100 + n, m * n, 12);
      const { values } = svd(a, m, n);
      const [residual, loss] = defects(a, m, n);
      assertAtMost(residual, 20 * EPS * values[0], 'residual');
      assertAtMost(loss, 50 * EPS, 'orthogonality');
      const gram = new Float64Array(n * n);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) for (let q = 0; q < m; q++) gram[i * n + j] += a[q * n + i] * a[q * n + j];
      const squares = eigvalsh(gram, n);
      values.forEach((s, i) => assertAtMost(Math.abs(s * s - squares[i]), 100 * EPS * squares[0], `value ${i}`));
      expect(Array.from(svd(a, m, n, { vectors: true }).values)).toEqual(Array.from(values));
    });
  }
  it('small singular values of a graded matrix keep relative accuracy: D R with D over 200 decades', () => {
    // R is 2 × 2 blocks with singular values (5 ± √5)/… of [[2, 1], [1, 1]]: columns scaled by 1 and 1e-200
    const a = Float64Array.of(2, 1e-200, 1, 1e-200);
    const { values } = svd(a, 2, 2);
    assertAtMost(Math.abs(values[0] / Math.sqrt(5) - 1), 10 * EPS, 'large');
    // determinant 1e-200 over the large one
    assertAtMost(Math.abs(values[1] / (1e-200 / Math.sqrt(5)) - 1), 10 * EPS, 'small');
  });
  it('a Läuchli matrix keeps its small value, which AᵀA has lost', () => {
    const e = 1e-9;
    const { values } = svd(Float64Array.of(1, 1, e, 0, 0, e), 3, 2);
    assertAtMost(Math.abs(values[1] / e - 1), 1e-6, 'small value');
    assertAtMost(Math.abs(values[0] - Math.sqrt(2)), 4 * EPS, 'large value');
  });
  it('norms from 1e-308 to 1e308, and A 2^k has σ 2^k bit for bit', () => {
    const a = dyadics(9, 12, 12);
    const base = svd(a, 4, 3).values;
    for (const k of [-1015, -500, 3, 900, 1020]) {
      const scale = (x: number): number => x * 2 ** Math.trunc(k / 2) * 2 ** (k - Math.trunc(k / 2));
      expect(Array.from(svd(a.map(scale), 4, 3).values, (x) => x / scale(1))).toEqual(Array.from(base));
    }
    assertAtMost(Math.abs(svd(Float64Array.of(1e-308, 0, 0, 2e-308), 2, 2).values[0] / 2e-308 - 1), 1e-15, 'tiny');
  });
  it('rank one, zero, empty; vectors of zero singular values complete the basis', () => {
    const a = new Float64Array(12).fill(1);
    const { values } = svd(a, 4, 3);
    assertAtMost(Math.abs(values[0] - Math.sqrt(12)), 1e-14, 'value');
    assertAtMost(values[1], 1e-15, 'rest');
    for (const b of [a, new Float64Array(12)]) {
      const [residual, loss] = defects(b, 4, 3);
      assertAtMost(residual, 1e-14, 'residual');
      assertAtMost(loss, 50 * EPS, 'orthogonality');
    }
    expect(svd(new Float64Array(0), 0, 4).values.length).toBe(0);
    expect(() => svd(new Float64Array(5), 2, 3)).toThrow(/^svd: a must have length 6, got 5/);
    expect(() => svd(Float64Array.of(NaN), 1, 1)).toThrow(/^svd: .*NaN/);
  });
});

describe('svds', () => {
  const [m, n] = [300, 180];
  const a = dyadics(77, m * n, 12);
  const dense = svd(a, m, n).values;
  it('the largest k, with their vectors, of a dense rectangle, either way round', async () => {
    for (const op of [
      fromDenseRectangular(a, m, n),
      fromMatvecs(n, m, {
        apply: (y, out) => fromDenseRectangular(a, m, n).applyTranspose(y, out) as void,
        applyTranspose: (x, out) => fromDenseRectangular(a, m, n).apply(x, out) as void,
      }),
    ]) {
      const report = await svds(op, { k: 5, tol: 1e-10, seed: 1 });
      expect([report.converged, report.rank]).toEqual([true, 5]);
      report.values.forEach((s, i) => assertAtMost(Math.abs(s - dense[i]), 1e-9 * dense[0], `value ${i}`));
      const out = new Float64Array(op.rows);
      for (let i = 0; i < 5; i++) {
        void op.apply(report.v.subarray(i * op.columns, (i + 1) * op.columns), out);
        const u = report.u.subarray(i * op.rows, (i + 1) * op.rows);
        const left = Math.sqrt(out.reduce((s, y, j) => s + (y - report.values[i] * u[j]) ** 2, 0));
        assertAtMost(left, 1e-8 * dense[0], `A v − σ u of pair ${i}`);
      }
    }
  });
  it('values of 1e-6 of the norm to 1e-9 relative: squaring would leave 1e-4', async () => {
    const size = 400;
    const d = Float64Array.from({ length: size }, (_, i) => (i === 0 ? 1 : i < 4 ? 1e-6 / i : 0));
    const op = fromMatvecs(size + 20, size, {
      apply: (x, out) => void out.forEach((_, i) => (out[i] = i < size ? d[i] * x[i] : 0)),
      applyTranspose: (y, out) => void out.forEach((_, i) => (out[i] = d[i] * y[i])),
    });
    const report = await svds(op, { k: 6, tol: 1e-14, seed: 2 });
    assertAtMost(Math.abs(report.values[1] / 1e-6 - 1), 1e-8, 'second');
    assertAtMost(Math.abs(report.values[3] / (1e-6 / 3) - 1), 1e-8, 'fourth');
    expect(report.rank).toBe(4);
    expect(Math.max(...report.u.subarray(4 * (size + 20)))).toBe(0);
  });
  for (const [name, m, n, k, exact, entry] of [
    ['ones', 120, 90, 90, 1, () => 1],
    ['ones, wide', 90, 120, 90, 1, () => 1],
    ['ones, never formed', 900, 700, 20, 1, () => 1],
    ['two values by groups', 100, 80, 80, 2, (i: number, j: number) => (i % 2 === j % 2 ? 0.7 : 0.2)],
    ['groups at 1e150', 50, 30, 30, 3, (i: number, j: number) => (i % 3 === j % 3 ? 7e150 : 2e150)],
    ['ones at 1e-150', 50, 30, 30, 1, () => 1e-150],
    ['zeros', 9, 7, 7, 0, () => 0],
    ['order 1', 1, 1, 1, 1, () => 3],
  ] as const) {
    it(`the rank of ${name}, ${m} × ${n}: no value that its residual does not tell from zero`, async () => {
      const low = Float64Array.from({ length: m * n }, (_, p) => entry(Math.floor(p / n), p % n));
      const { rank, converged } = await svds(fromDenseRectangular(low, m, n), { k, seed: 1 });
      expect([rank, converged]).toEqual([exact, true]);
    });
  }
  const hilbert = (i: number, j: number): number => 1 / (i + j + 1);
  const cluster = (i: number, j: number): number => (i !== j || i > 14 ? 0 : i < 5 ? 1 + i : 1e-9 * (1 + i * 1e-3));
  for (const [name, m, n, k, entry] of [
    ['Hilbert', 40, 30, 30, hilbert],
    ['Hilbert, wide', 30, 40, 20, hilbert],
    ['Hilbert, never formed', 700, 600, 30, hilbert],
    ['Hilbert at 1e150', 40, 30, 30, (i: number, j: number) => 1e150 * hilbert(i, j)],
    ['Hilbert at 1e-150', 40, 30, 30, (i: number, j: number) => 1e-150 * hilbert(i, j)],
    ['a cluster at 1e-9', 60, 40, 15, cluster],
    ['a cluster at 1e-9, never formed', 900, 700, 15, cluster],
    ['zeros', 9, 7, 7, () => 0],
    ['order 1', 1, 1, 1, () => 3],
  ] as const) {
    it(`vectors of small values are orthonormal, residuals cover them: ${name}, ${m} × ${n}`, async () => {
      const small = Float64Array.from({ length: m * n }, (_, p) => entry(Math.floor(p / n), p % n));
      const { values, u, v, rank, norm, converged, residualNorms } = await svds(fromDenseRectangular(small, m, n), {
        k,
        seed: 1,
      });
      expect(converged).toBe(true);
      assertAtMost(lossOf(u, rank, m), 1e-13 * m, 'u');
      assertAtMost(lossOf(v, rank, n), 1e-13 * n, 'v');
      for (let q = 0; q < rank; q++) {
        const left = Float64Array.from({ length: m }, (_, i) => (-values[q] / norm) * u[q * m + i]);
        const right = Float64Array.from({ length: n }, (_, j) => (-values[q] / norm) * v[q * n + j]);
        for (let i = 0; i < m; i++) {
          for (let j = 0; j < n; j++) {
            left[i] += (small[i * n + j] / norm) * v[q * n + j];
            right[j] += (small[i * n + j] / norm) * u[q * m + i];
          }
        }
        const squares = [...left, ...right].reduce((s, x) => s + x * x, 0);
        assertAtMost(Math.sqrt(squares / 2), residualNorms[q] / norm + 4 * EPS, `residual of pair ${q}`);
      }
    });
  }
  it('k out of range and operators without a transpose are refused', async () => {
    const op = fromDenseRectangular(a, m, n);
    await expect(svds(op, { k: 181 })).rejects.toThrow(/^svds: k must be an integer in \[1, 180\], got k=181/);
    await expect(svds(op, { k: 2, seed: -1 })).rejects.toThrow(/^svds: seed .*-1/);
    await expect(svds(op, { k: 2, tol: -1 })).rejects.toThrow(/^svds: tol .*-1/);
    await expect(svds({ ...op, applyTranspose: undefined } as never, { k: 1 })).rejects.toThrow(/applyTranspose/);
  });
});

describe('Schatten norms', () => {
  it('of a diagonal: (Σ |λ|ᵖ)^(1/p) without error', async () => {
    const op = diagonal(Float64Array.of(3, -4, 0, 1));
    for (const [p, exact] of [
      [1, 8],
      [2, Math.sqrt(26)],
      [4, (81 + 256 + 1) ** 0.25],
    ] as const) {
      const e = await schattenNorm(op, p, { probes: 4, steps: 4 });
      assertAtMost(Math.abs(e.value - exact), 1e-12, `p=${p}`);
    }
  });
  it('of a rectangle: within their intervals, and 2 is the Frobenius norm', async () => {
    const [m, n] = [60, 90];
    const a = dyadics(5, m * n, 12);
    const { values } = svd(a, m, n);
    for (const p of [1, 2, 3]) {
      const exact = values.reduce((s, x) => s + x ** p, 0) ** (1 / p);
      const e = await schattenNorm(fromDenseRectangular(a, m, n), p, { probes: 20, steps: 50, level: 0.999999 });
      expect(e.low <= exact && exact <= e.high, `${exact} in [${e.low}, ${e.high}]`).toBe(true);
      expect(e.high - e.low).toBeLessThan(0.3 * exact);
      expect(e.matvecs).toBe(2 * 20 * 50);
    }
    await expect(schattenNorm(fromDense(new Float64Array(1), 1), 0)).rejects.toThrow(/p must be > 0 .*got p=0/);
  });
});
