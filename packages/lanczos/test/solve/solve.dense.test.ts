// Oracle: dense solutions by the eigen-decomposition or the singular values of the same matrix, closed forms, and identities of least squares.
import { describe, expect, it } from 'vitest';
import { stream } from '@hyperribbon/random';
import { eigh } from '../../src/index.js';
import {
  cg,
  diagonal,
  fromDense,
  fromDenseRectangular,
  fromMatvec,
  lsqr,
  minres,
  type SolveReport,
} from '../../src/solve.js';
import { svd } from '../../src/svd.js';

const drawn = (length: number, seed: number): Float64Array => {
  const out = new Float64Array(length);
  stream({ seed, purpose: 'test/solve' }).normal(out);
  return out;
};

/** Q diag(values) Qᵀ with a random Q, and the solution of least length. */
function symmetric(values: readonly number[], seed: number) {
  const n = values.length;
  const g = drawn(n * n, seed);
  const { vectors } = eigh(
    g.map((_, at) => g[at] + g[(at % n) * n + Math.floor(at / n)]),
    n,
    { vectors: true },
  );
  const a = new Float64Array(n * n);
  for (let e = 0; e < n; e++)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) a[i * n + j] += values[e] * vectors[e * n + i] * vectors[e * n + j];
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[i * n + j] = a[j * n + i];
  const solution = (b: ArrayLike<number>, shift = 0): Float64Array => {
    const x = new Float64Array(n);
    for (let e = 0; e < n; e++) {
      if (values[e] === shift) continue;
      let share = 0;
      for (let i = 0; i < n; i++) share += vectors[e * n + i] * b[i];
      for (let i = 0; i < n; i++) x[i] += (share / (values[e] - shift)) * vectors[e * n + i];
    }
    return x;
  };
  return { operator: fromDense(a, n), a, solution };
}

const distance = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
  Math.sqrt(Array.from(x).reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0));
const length = (x: ArrayLike<number>): number => distance(x, new Float64Array(x.length));

/** The residual that a report tells is that of its x. */
function expectMeasured(report: SolveReport, a: Float64Array, b: Float64Array, columns: number, shift = 0): void {
  const r = b.map((value, i) => {
    let sum = shift === 0 ? value : value + shift * report.x[i];
    for (let j = 0; j < columns; j++) sum -= a[i * columns + j] * report.x[j];
    return sum;
  });
  const unit = 1e-14 * (length(b) + report.norm * length(report.x));
  expect(Math.abs(report.residualNorm - length(r))).toBeLessThan(unit * 10);
  expect(report.relativeResidual).toBeCloseTo(report.residualNorm / length(b), 12);
}

describe('symmetric systems', () => {
  for (let seed = 0; seed < 12; seed++) {
    const n = 3 + 4 * seed;
    const b = drawn(n, 100 + seed);
    const positive = Array.from({ length: n }, (_, i) => 0.05 + i ** 1.3);
    const indefinite = positive.map((value, i) => (i % 3 === 0 ? -value : value));

    it(`of order ${n}, positive definite: cg and minres agree with the dense solution`, async () => {
      const { operator, a, solution } = symmetric(positive, seed);
      for (const solve of [cg, minres]) {
        const report = await solve(operator, b, { tol: 1e-12 });
        expect(report.reason).toBe('converged');
        expectMeasured(report, a, b, n);
        expect(distance(report.x, solution(b))).toBeLessThan(1e-12 * 25 * length(b) + 1e-13 * length(solution(b)));
        // both estimates from below
        expect(report.norm).toBeLessThan(positive[n - 1] * (1 + 1e-12));
        expect(report.condition).toBeLessThan((positive[n - 1] / positive[0]) * (1 + 1e-6));
      }
    });

    it(`of order ${n}, indefinite and shifted: minres agrees, cg refuses what it may not solve`, async () => {
      const { operator, a, solution } = symmetric(indefinite, seed);
      const report = await minres(operator, b, { tol: 1e-12, shift: 0.3 });
      expect(report.reason).toBe('converged');
      expectMeasured(report, a, b, n, 0.3);
      expect(distance(report.x, solution(b, 0.3)) / length(solution(b, 0.3))).toBeLessThan(1e-9);
      expect((await cg(operator, b)).reason).toBe('not-positive-definite');
    });

    it(`of order ${n}, singular: the shortest solution, or a least-squares solution that says so`, async () => {
      const values = indefinite.map((value, i) => (i === 1 || i === n - 1 ? 0 : value));
      const { operator, a, solution } = symmetric(values, seed);
      const inRange = new Float64Array(n);
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) inRange[i] += a[i * n + j] * b[j];
      const consistent = await minres(operator, inRange, { tol: 1e-11 });
      expect(consistent.reason).toBe('converged');
      expect(distance(consistent.x, solution(inRange)) / length(solution(inRange))).toBeLessThan(1e-8);
      const report = await minres(operator, b);
      expect(report.reason).toBe('least-squares');
      expect(report.converged).toBe(true);
      expectMeasured(report, a, b, n);
      const least = b.map((value, i) => {
        let sum = value;
        for (let j = 0; j < n; j++) sum -= a[i * n + j] * solution(b)[j];
        return sum;
      });
      expect(report.residualNorm / length(least)).toBeCloseTo(1, 12);
      expect(report.normalResidualNorm! / (report.norm * report.residualNorm)).toBeLessThan(1e-7);
    });
  }
});

describe('least squares', () => {
  for (const [m, n, rank, seed] of [
    [9, 4, 4, 0],
    [4, 9, 4, 1],
    [30, 12, 7, 2],
    [12, 30, 7, 3],
    [1, 1, 1, 4],
    [25, 25, 25, 5],
  ] as const)
    it(`of ${m} × ${n} with rank ${rank}: lsqr finds the shortest solution`, async () => {
      const [left, right] = [drawn(m * rank, 2 * seed), drawn(rank * n, 2 * seed + 1)];
      const a = new Float64Array(m * n);
      for (let i = 0; i < m; i++)
        for (let j = 0; j < n; j++)
          for (let r = 0; r < rank; r++) a[i * n + j] += left[i * rank + r] * right[r * n + j];
      const b = drawn(m, 50 + seed);
      const { values, u, v } = svd(a, m, n, { vectors: true });
      const x = new Float64Array(n);
      for (let r = 0; r < rank; r++) {
        let share = 0;
        for (let i = 0; i < m; i++) share += u[r * m + i] * b[i];
        for (let j = 0; j < n; j++) x[j] += (share / values[r]) * v[r * n + j];
      }
      const report = await lsqr(fromDenseRectangular(a, m, n), b, { tol: 1e-12 });
      expect(report.reason).toBe(rank === m ? 'converged' : 'least-squares');
      expectMeasured(report, a, b, n);
      expect(distance(report.x, x) / length(x)).toBeLessThan(1e-9);
      expect(report.norm).toBeLessThan(values[0] * (1 + 1e-12));

      // (AᵀA + damp²) x = Aᵀb, by singular values
      const damped = await lsqr(fromDenseRectangular(a, m, n), b, { tol: 1e-12, damp: 0.7 });
      const shrunk = new Float64Array(n);
      for (let r = 0; r < rank; r++) {
        let share = 0;
        for (let i = 0; i < m; i++) share += u[r * m + i] * b[i];
        for (let j = 0; j < n; j++) shrunk[j] += ((share * values[r]) / (values[r] ** 2 + 0.49)) * v[r * n + j];
      }
      expect(damped.reason).toBe('least-squares');
      expect(distance(damped.x, shrunk) / length(shrunk)).toBeLessThan(1e-9);
    });
});

describe('preconditioners', () => {
  const n = 120;
  const values = Float64Array.from({ length: n }, (_, i) => 10 ** (i / 15));
  const b = drawn(n, 7);

  it('that are near the inverse save products, and the solution stays', async () => {
    const near = (r: Float64Array, out: Float64Array): void => void out.set(r.map((x, i) => x / (1.1 * values[i] + 1)));
    const [plain, better] = [await cg(diagonal(values), b), await cg(diagonal(values), b, { preconditioner: near })];
    expect(better.reason).toBe('converged');
    expect(better.matvecs).toBeLessThan(plain.matvecs / 4);
    for (let i = 0; i < n; i++) expect(better.x[i] * values[i]).toBeCloseTo(b[i], 5);
    const signs = values.map((x, i) => (i % 2 === 0 ? x : -x));
    const report = await minres(diagonal(signs), b, { preconditioner: near });
    expect(report.reason).toBe('converged');
    expect(report.matvecs).toBeLessThan(60);
    for (let i = 0; i < n; i++) expect(report.x[i] * signs[i]).toBeCloseTo(b[i], 5);
  });

  it('may come later, and of any size', async () => {
    const preconditioner = async (r: Float64Array, out: Float64Array): Promise<void> => {
      await Promise.resolve();
      out.set(r.map((x, i) => (1e-250 * x) / values[i]));
    };
    const report = await cg(diagonal(values), b, { preconditioner });
    expect(report.reason).toBe('converged');
    expect(report.iterations).toBeLessThan(4);
  });

  it('that are not positive definite end the solve, and say so', async () => {
    const preconditioner = (r: Float64Array, out: Float64Array): void => void out.set(r.map((x) => -x));
    for (const solve of [cg, minres]) {
      const report = await solve(diagonal(values), b, { preconditioner });
      expect([report.reason, report.converged]).toEqual(['preconditioner', false]);
    }
  });
});

describe('what is unusual', () => {
  const n = 50;
  const laplacian = (scale: number, dtype: 'float32' | 'float64' = 'float64') =>
    fromMatvec(
      n,
      (x, out) => {
        for (let i = 0; i < n; i++) out[i] = scale * (2 * x[i] - (x[i - 1] ?? 0) - (x[i + 1] ?? 0));
      },
      { dtype },
    );
  /** of the Laplacian for b = 1: x_i = i (n + 1 − i)/2 */
  const parabola = Float64Array.from({ length: n }, (_, i) => ((i + 1) * (n - i)) / 2);
  const ones = new Float64Array(n).fill(1);

  it.each([1, 1e-150, 1e150, 1e-300, 1e300])('operators and right-hand sides of size %d', async (size) => {
    for (const solve of [cg, minres]) {
      const [large, right] = [
        await solve(laplacian(size), ones),
        await solve(
          laplacian(1),
          ones.map((x) => x * size),
        ),
      ];
      expect([large.reason, right.reason]).toEqual(['converged', 'converged']);
      for (let i = 0; i < n; i++) {
        expect((large.x[i] * size) / parabola[i]).toBeCloseTo(1, 6);
        expect(right.x[i] / size / parabola[i]).toBeCloseTo(1, 6);
      }
      expect(large.norm / size).toBeLessThan(4);
      expect(large.norm / size).toBeGreaterThan(1);
    }
  });

  it('a solution beyond the largest number is refused', async () => {
    await expect(
      cg(
        laplacian(1e-300),
        ones.map((x) => x * 1e100),
      ),
    ).rejects.toThrow(/cg: b is too large/u);
  });

  it('zero right-hand sides, zero operators, order 1', async () => {
    for (const solve of [cg, minres]) {
      const zero = await solve(laplacian(1), new Float64Array(n));
      expect([zero.reason, zero.matvecs, length(zero.x)]).toEqual(['converged', 0, 0]);
      expect((await solve(diagonal(Float64Array.of(4)), [6])).x[0]).toBe(1.5);
    }
    const nothing = diagonal(new Float64Array(3));
    expect((await cg(nothing, [1, 2, 3])).reason).toBe('not-positive-definite');
    expect(await minres(nothing, [1, 2, 3])).toMatchObject({ reason: 'least-squares', relativeResidual: 1 });
    expect((await minres(diagonal(Float64Array.of(-3)), [6])).x[0]).toBe(-2);
    const none = await lsqr(fromDenseRectangular(new Float64Array(6), 3, 2), [1, 2, 3]);
    expect([none.reason, ...none.x]).toEqual(['least-squares', 0, 0]);
  });

  it('float32 operators: a tolerance below their rounding is a noise floor', async () => {
    const report = await minres(laplacian(1, 'float32'), ones, { tol: 1e-4 });
    expect(report.reason).toBe('converged');
    expect(report.x).toBeInstanceOf(Float32Array);
    const beyond = await cg(laplacian(1, 'float32'), drawn(n, 3), { tol: 1e-12 });
    expect([beyond.reason, beyond.converged]).toEqual(['noise-floor', false]);
    expect(beyond.relativeResidual).toBeLessThan(1e-3);
  });

  it('a start is gone on from; the products that ran out leave a start', async () => {
    for (const solve of [cg, minres]) {
      const first = await solve(laplacian(1), drawn(n, 4), { maxMatvecs: 12 });
      expect([first.reason, first.matvecs]).toEqual(['max-matvecs', 12]);
      const second = await solve(laplacian(1), drawn(n, 4), { start: first.x });
      expect(second.reason).toBe('converged');
      const again = await solve(laplacian(1), drawn(n, 4), { start: second.x });
      expect([again.reason, again.iterations]).toEqual(['converged', 0]);
      expect([...again.x]).toEqual([...second.x]);
    }
    const scaled = await minres(laplacian(1e-200), ones, { start: parabola.map((x) => x * 1e200) });
    expect([scaled.reason, scaled.iterations]).toEqual(['converged', 0]);
  });

  it('an aborted solve returns what it has', async () => {
    const end = new AbortController();
    let made = 0;
    const slow = fromMatvec(n, (x, out) => {
      if (++made === 20) end.abort();
      for (let i = 0; i < n; i++) out[i] = 2 * x[i] - (x[i - 1] ?? 0) - (x[i + 1] ?? 0);
    });
    const report = await minres(slow, ones, { signal: end.signal });
    expect([report.reason, report.converged]).toEqual(['aborted', false]);
    expect(report.relativeResidual).toBeLessThan(1);
    expect(length(report.x)).toBeGreaterThan(1);
  });

  it('bad arguments are named', async () => {
    const A = laplacian(1);
    await expect(cg(A, [1, 2])).rejects.toThrow(/cg: b must have length 50, got 2/u);
    await expect(minres(A, ones.with(3, Number.NaN))).rejects.toThrow(/minres: b must be finite, got b\[3\]=NaN/u);
    await expect(cg(A, ones, { tol: 0 })).rejects.toThrow(/cg: tol must be finite and > 0/u);
    await expect(cg(A, ones, { maxMatvecs: 0 })).rejects.toThrow(/cg: maxMatvecs/u);
    await expect(minres(A, ones, { shift: Infinity })).rejects.toThrow(/minres: shift must be finite/u);
    await expect(minres(A, ones, { start: Float64Array.of(1) })).rejects.toThrow(/minres: start must have length 50/u);
    await expect(cg(A, ones, { toll: 1 } as never)).rejects.toThrow(/there is no option toll/u);
    await expect(cg(A, ones, { preconditioner: 3 as never })).rejects.toThrow(/cg: preconditioner must be a function/u);
    await expect(lsqr(A as never, ones)).rejects.toThrow(/lsqr/u);
    await expect(lsqr(fromDenseRectangular(new Float64Array(6), 3, 2), [1, 2, 3], { damp: -1 })).rejects.toThrow(
      /lsqr: damp must be finite and >= 0/u,
    );
    await expect(cg(A, ones, { preconditioner: () => undefined })).rejects.toThrow(/cg: preconditioner/u);
  });
});
