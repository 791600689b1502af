import { describe, expect, it } from 'vitest';
import { eigsh } from '@hyperribbon/lanczos';
import { diagonal, fromMatvec, lobpcg, type LinearOperator, type LobpcgReport } from '../../src/lobpcg.js';

const side = 24;
const n = side * side;
/** Laplacian of a grid, zero around it. */
function grid(scale = 1, dtype: 'float64' | 'float32' = 'float64'): LinearOperator {
  return fromMatvec(
    n,
    (x, out) => {
      for (let i = 0; i < side; i++)
        for (let j = 0; j < side; j++) {
          const p = i * side + j;
          const beside = (j > 0 ? x[p - 1] : 0) + (j < side - 1 ? x[p + 1] : 0);
          out[p] = scale * (4 * x[p] - beside - (i > 0 ? x[p - side] : 0) - (i < side - 1 ? x[p + side] : 0));
        }
    },
    { dtype },
  );
}
/** ascending */
const modes = Array.from({ length: n }, (_, p) => {
  const [i, j] = [Math.floor(p / side) + 1, (p % side) + 1];
  return 4 - 2 * Math.cos((Math.PI * i) / (side + 1)) - 2 * Math.cos((Math.PI * j) / (side + 1));
}).sort((a, b) => a - b);
/** (D + L) D⁻¹ (D + Lᵀ) of the grid, solved. */
function sweeps(r: Float64Array, z: Float64Array): void {
  for (let p = 0; p < n; p++) {
    const j = p % side;
    z[p] = (r[p] + (j > 0 ? z[p - 1] : 0) + (p >= side ? z[p - side] : 0)) / 4;
  }
  for (let p = 0; p < n; p++) z[p] *= 4;
  for (let p = n - 1; p >= 0; p--) {
    const j = p % side;
    z[p] = (z[p] + (j < side - 1 ? z[p + 1] : 0) + (p < n - side ? z[p + side] : 0)) / 4;
  }
}
function looked(A: LinearOperator, report: LobpcgReport, B?: LinearOperator): number {
  const { values, vectors } = report;
  const size = A.size;
  const rows = Array.from(values, (_, i) => Float64Array.from(vectors.subarray(i * size, (i + 1) * size)));
  let worst = 0;
  rows.forEach((x, i) => {
    const [a, b] = [new Float64Array(size), x.slice()];
    void A.apply(x, a);
    if (B !== undefined) void B.apply(x, b);
    const left = Math.hypot(...a.map((value, t) => value - values[i] * b[t]));
    worst = Math.max(worst, Math.abs(left - report.residualNorms[i]) / report.norm);
    rows.forEach((y, j) => {
      worst = Math.max(worst, Math.abs(y.reduce((sum, value, t) => sum + value * b[t], i === j ? -1 : 0)));
    });
  });
  return worst;
}

describe('lobpcg', () => {
  it('both ends of a grid, double values included; a preconditioner saves products', async () => {
    const A = grid();
    const plain = await lobpcg(A, { k: 6 });
    const fast = await lobpcg(A, { k: 6, preconditioner: sweeps });
    for (const report of [plain, fast]) {
      expect([report.reason, report.converged]).toEqual(['converged', true]);
      report.values.forEach((value, i) => expect(value).toBeCloseTo(modes[5 - i], 10));
      expect(looked(A, report)).toBeLessThan(1e-13);
      report.residualNorms.forEach((r) => expect(r).toBeLessThanOrEqual(2e-8 * report.norm));
    }
    expect(2 * fast.matvecs).toBeLessThan(plain.matvecs);
    expect(fast.preconditionings).toBeGreaterThan(0);
    const largest = await lobpcg(A, { k: 3, which: 'LA' });
    largest.values.forEach((value, i) => expect(value).toBeCloseTo(modes[n - 1 - i], 10));
  });
  it('what it found is proven by eigsh with known pairs, and what it skipped is found', async () => {
    const A = grid();
    const report = await lobpcg(A, { k: 6, preconditioner: sweeps, tol: 1e-9 });
    const edge = report.values[0] + 1e-4;
    const proof = await eigsh(A, { below: edge, deflate: report });
    expect([proof.converged, proof.values.length]).toEqual([true, 0]);
    // the second of a pair taken away
    const fewer = {
      values: report.values.filter((_, i) => i !== 3),
      vectors: report.vectors.filter((_, t) => Math.floor(t / n) !== 3),
    };
    const missing = await eigsh(A, { below: edge, deflate: fewer });
    expect([missing.converged, missing.values.length]).toEqual([true, 1]);
    expect(missing.values[0]).toBeCloseTo(report.values[3], 8);
  });
  it('A x = λ B x, and constraints in B', async () => {
    const [A, B] = [grid(), fromMatvec(n, (x, out) => out.set(x.map((value, i) => (1 + (i % 3)) * value)))];
    const report = await lobpcg(A, { k: 3, metric: B, preconditioner: sweeps });
    expect(report.converged).toBe(true);
    expect(looked(A, report, B)).toBeLessThan(1e-12);
    // the same as D^−½ A D^−½
    const root = (i: number): number => Math.sqrt(1 + (i % 3));
    const C = fromMatvec(n, (x, out) => {
      void A.apply(
        x.map((value, i) => value / root(i)),
        out,
      );
      out.forEach((value, i) => (out[i] = value / root(i)));
    });
    const same = await eigsh(C, { k: 4, which: 'SA' });
    report.values.forEach((value, i) => expect(value).toBeCloseTo(same.values[i + 1], 8));
    const next = await lobpcg(A, { k: 1, metric: B, preconditioner: sweeps, constraints: report.vectors });
    expect(next.values[0]).toBeCloseTo(same.values[0], 8);
  });
  it('starts from vectors that are given, and is done at once where they are eigenvectors', async () => {
    const A = grid();
    const first = await lobpcg(A, { k: 2, preconditioner: sweeps, tol: 1e-9 });
    const again = await lobpcg(A, { k: 2, start: first.vectors, preconditioner: sweeps, tol: 1e-8 });
    expect([again.converged, again.iterations]).toEqual([true, 0]);
  });
  it('zero, the identity, n = 1, k = n, repeated values, and numbers from 1e-200 to 1e200', async () => {
    for (const [entries, k] of [
      [[0, 0, 0, 0], 2],
      [[1, 1, 1, 1, 1], 3],
      [[-4], 1],
      [[3, 1, 2], 3],
      [[1e200, 2e200, 3e200, 3e200, 9e200], 4],
      [[1e-200, 2e-200, 2e-200, 5e-200], 2],
    ] as const) {
      const report = await lobpcg(diagonal(Float64Array.from(entries)), { k });
      const wanted = [...entries]
        .sort((a, b) => a - b)
        .slice(0, k)
        .toReversed();
      const size = Math.max(...entries.map((value) => Math.abs(value))) || 1;
      expect(report.converged).toBe(true);
      report.values.forEach((value, i) => expect(value / size).toBeCloseTo(wanted[i] / size, 13));
    }
    const tiny = await lobpcg(grid(1e-180), { k: 2, preconditioner: sweeps });
    tiny.values.forEach((value, i) => expect(value / 1e-180).toBeCloseTo(modes[1 - i], 10));
  });
  it('float32 to its precision, and says so where more is asked', async () => {
    const report = await lobpcg(grid(1, 'float32'), { k: 2 });
    expect([report.converged, report.vectors instanceof Float32Array]).toEqual([true, true]);
    report.values.forEach((value, i) => expect(value).toBeCloseTo(modes[1 - i], 4));
    const more = await lobpcg(grid(1, 'float32'), { k: 2, tol: 1e-12, maxMatvecs: 4000 });
    expect(more.converged).toBe(false);
  });
  it('ends where products run out or the signal is aborted, with what there is', async () => {
    const few = await lobpcg(grid(), { k: 3, maxMatvecs: 60 });
    expect([few.reason, few.converged, few.values.length]).toEqual(['max-matvecs', false, 3]);
    expect(few.matvecs).toBeLessThanOrEqual(60);
    const controller = new AbortController();
    let products = 0;
    const A = grid();
    const counted: LinearOperator = {
      ...A,
      apply(x, out) {
        if (++products === 50) controller.abort();
        return A.apply(x, out);
      },
    };
    const ended = await lobpcg(counted, { k: 3, signal: controller.signal });
    expect([ended.reason, ended.values.length]).toEqual(['aborted', 3]);
  });
  it('refuses what it cannot use by its name', async () => {
    const A = grid();
    const minus = fromMatvec(n, (x, out) => out.set(x.map((value) => -value)));
    for (const [options, said] of [
      [{}, /k must be a number/],
      [{ k: n + 1 }, /k must be an integer/],
      [{ k: 2, which: 'LM' }, /which must be one of/],
      [{ k: 2, blockSize: 1 }, /blockSize/],
      [{ k: 2, shift: 1 }, /shift/],
      [{ k: 2, start: new Float64Array(n + 1) }, /start must be rows of n=576/],
      [{ k: 2, blockSize: 2, start: new Float64Array(3 * n) }, /start must be at most blockSize=2 rows, got 3/],
      [{ k: 2, constraints: new Float64Array(n) }, /constraints must be independent/],
      [{ k: 2, metric: minus }, /metric must be positive definite/],
      [{ k: 2, metric: diagonal(new Float64Array(3)) }, /metric must be of order 576/],
      [{ k: 2, preconditioner: 3 }, /preconditioner/],
    ] as const)
      await expect(lobpcg(A, options as never)).rejects.toThrow(said);
  });
});
