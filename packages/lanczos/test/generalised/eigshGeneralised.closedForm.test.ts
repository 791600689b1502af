import { describe, expect, it } from 'vitest';
import { type Metric, eigshGeneralised, fromMatvec, type LinearOperator } from '../../src/generalised.js';

/** Linear finite elements of −u'' = λ u on (0, 1), n inner points: stiffness and mass matrices of which λ is known. */
const n = 120;
const h = 1 / (n + 1);
const tridiagonal = (main: number, beside: number, size = n): LinearOperator =>
  fromMatvec(size, (x, out) => {
    for (let i = 0; i < size; i++) out[i] = main * x[i] + beside * ((x[i - 1] ?? 0) + (x[i + 1] ?? 0));
  });
const stiffness = tridiagonal(2 / h, -1 / h);
const mass = tridiagonal((4 * h) / 6, h / 6);
/** descending */
const modes = Array.from({ length: n }, (_, j) => {
  const c = Math.cos(Math.PI * (n - j) * h);
  return (6 / (h * h)) * ((1 - c) / (2 + c));
});
const massMatrix = (scale = 1): Float64Array =>
  Float64Array.from({ length: n * n }, (_, at) => {
    const apart = Math.abs((at % n) - Math.floor(at / n));
    return apart === 0 ? (4 * h * scale) / 6 : apart === 1 ? (h * scale) / 6 : 0;
  });

/** B x = b of the mass matrix: elimination, which needs no pivots. */
function massSolve(b: Float64Array, x: Float64Array): void {
  const [a, c] = [(4 * h) / 6, h / 6];
  const upper = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const pivot = a - (i > 0 ? c * upper[i - 1] : 0);
    upper[i] = c / pivot;
    x[i] = (b[i] - (i > 0 ? c * x[i - 1] : 0)) / pivot;
  }
  for (let i = n - 2; i >= 0; i--) x[i] -= upper[i] * x[i + 1];
}

/** Largest of ‖A x − λ B x‖ and |xᵀ B y − δ| by products. */
function looked(
  A: LinearOperator,
  B: LinearOperator,
  report: { values: Float64Array; vectors: ArrayLike<number> },
): number {
  const size = A.size;
  const rows = Array.from(report.values, (_, i) =>
    Float64Array.from({ length: size }, (_, j) => report.vectors[i * size + j]),
  );
  let worst = 0;
  rows.forEach((x, i) => {
    const [a, b] = [new Float64Array(size), new Float64Array(size)];
    void A.apply(x, a);
    void B.apply(x, b);
    worst = Math.max(worst, Math.hypot(...a.map((value, j) => value - report.values[i] * b[j])) / report.values[0]);
    rows.forEach((y, k) => {
      worst = Math.max(worst, Math.abs(y.reduce((sum, value, j) => sum + value * b[j], 0) - (i === k ? 1 : 0)));
    });
  });
  return worst;
}

describe('eigshGeneralised', () => {
  const ways: [string, Metric][] = [
    ['a matrix', { matrix: massMatrix() }],
    ['products and a solve', { product: mass, solve: massSolve }],
  ];
  for (const [name, B] of ways)
    it(`finite elements, B by ${name}`, async () => {
      for (const [which, wanted] of [
        ['LA', modes.slice(0, 4)],
        ['BE', [...modes.slice(0, 2), ...modes.slice(-2)]],
      ] as const) {
        const report = await eigshGeneralised(stiffness, B, { k: 4, which });
        expect(report.reason).toBe('converged');
        report.values.forEach((value, i) => expect(Math.abs(value - wanted[i]) / modes[0]).toBeLessThan(1e-8));
        expect(looked(stiffness, mass, report)).toBeLessThan(1e-8);
        expect(report.condition).toBeGreaterThan(2.5);
        expect(report.condition).toBeLessThan(20);
      }
      const above = await eigshGeneralised(stiffness, B, { above: modes[6] - 1 });
      expect([above.converged, above.values.length]).toEqual([true, 7]);
      expect((await eigshGeneralised(stiffness, B, { above: modes[6] - 1, k: 5 })).reason).toBe('more-than-k');
    });
  it('the smallest order forms the matrix of B, and the answer is the same', async () => {
    const small = 12;
    const [A, B] = [tridiagonal(2, -1, small), tridiagonal(4, 1, small)];
    const solve = (b: Float64Array, x: Float64Array): void => {
      // Jacobi's iteration, which halves the error
      x.fill(0);
      for (let sweep = 0; sweep < 80; sweep++) {
        const y = x.slice();
        for (let i = 0; i < small; i++) x[i] = (b[i] - (y[i - 1] ?? 0) - (y[i + 1] ?? 0)) / 4;
      }
    };
    const report = await eigshGeneralised(A, { product: B, solve }, { k: 12 });
    const wanted = Array.from({ length: small }, (_, j) => {
      const c = Math.cos((Math.PI * (small - j)) / (small + 1));
      return (2 - 2 * c) / (4 + 2 * c);
    });
    expect(report.completeness.method).toBe('dense');
    report.values.forEach((value, i) => expect(value).toBeCloseTo(wanted[i], 12));
  });
  it('a diagonal from 1e-12 to 1e12: A = √D C √D has the values of C', async () => {
    const size = 300;
    const d = Float64Array.from({ length: size }, (_, i) => 10 ** (24 * ((i * 0.618) % 1) - 12));
    const values = (i: number): number => (i < 3 ? 5 : (i % 7) / 10);
    const A = fromMatvec(size, (x, out) => out.set(x.map((value, i) => values(i) * d[i] * value)));
    const report = await eigshGeneralised(A, { diagonal: d }, { k: 4 });
    expect(report.converged).toBe(true);
    [5, 5, 5, 0.6].forEach((value, i) => expect(report.values[i]).toBeCloseTo(value, 8));
    expect(report.condition).toBe(1);
  });
  it('scales from 1e-150 to 1e150, of A and of B, thresholds included', async () => {
    for (const [a, b] of [
      [1e150, 1e100],
      [1e-150, 1e-100],
      [1e-100, 1e60],
    ]) {
      const A = fromMatvec(n, (x, out) => {
        for (let i = 0; i < n; i++) out[i] = (a / h) * (2 * x[i] - (x[i - 1] ?? 0) - (x[i + 1] ?? 0));
      });
      const B = fromMatvec(n, (x, out) => {
        for (let i = 0; i < n; i++) out[i] = ((b * h) / 6) * (4 * x[i] + (x[i - 1] ?? 0) + (x[i + 1] ?? 0));
      });
      const solve = (r: Float64Array, x: Float64Array): void => {
        massSolve(r, x);
        for (let i = 0; i < n; i++) x[i] /= b;
      };
      for (const given of [{ matrix: massMatrix(b) }, { product: B, solve }] as Metric[]) {
        const report = await eigshGeneralised(A, given, { k: 3 });
        expect(report.converged).toBe(true);
        report.values.forEach((value, i) => expect(value / (a / b) / modes[i]).toBeCloseTo(1, 8));
        const above = await eigshGeneralised(A, given, { above: (a / b) * (modes[3] - 1) });
        expect([above.converged, above.values.length]).toEqual([true, 4]);
      }
    }
  });
  it('A = 0, A = B, A = −B: multiplicity n', async () => {
    for (const [name, B] of ways)
      for (const factor of [0, 1, -1]) {
        const A = tridiagonal((factor * 4 * h) / 6, (factor * h) / 6);
        const report = await eigshGeneralised(A, B, { k: 3 });
        expect([name, report.converged]).toEqual([name, true]);
        report.values.forEach((value) => expect(value).toBeCloseTo(factor, 10));
      }
    const one = await eigshGeneralised(tridiagonal(6, 0, 1), { diagonal: Float64Array.of(3) }, { k: 1 });
    expect(one.converged).toBe(true);
    expect(one.values[0]).toBeCloseTo(2, 14);
  });
  it('κ(B) of 1e12 without a diagonal that mends it: the noise says so', async () => {
    // [[1, 1 − ε], [1 − ε, 1]] beside the identity
    const size = 60;
    const matrix = new Float64Array(size * size);
    for (let i = 0; i < size; i++) matrix[i * size + i] = 1;
    matrix[1] = matrix[size] = 1 - 1e-12;
    const A = fromMatvec(size, (x, out) => out.set(x.map((value, i) => (i + 1) * value)));
    const report = await eigshGeneralised(A, { matrix }, { k: 2 });
    expect(report.condition).toBeGreaterThan(1e11);
    expect(report.noise).toBeGreaterThan(1e-5);
    expect(report.reason).toBe('noise-floor');
  });
  it('a solve of something else, or a rough one, is told', async () => {
    const rough = (b: Float64Array, x: Float64Array): void => {
      massSolve(b, x);
      for (let i = 0; i < n; i++) x[i] *= 1 + 1e-5 * Math.sin(i);
    };
    const report = await eigshGeneralised(stiffness, { product: mass, solve: rough }, { k: 3 });
    expect([report.reason, report.converged]).toEqual(['inexact-solve', false]);
    expect(report.message).toMatch(/Solve more exactly/);
    const other = (b: Float64Array, x: Float64Array): void => {
      massSolve(b, x);
      for (let i = 0; i < n; i++) x[i] *= 2;
    };
    expect((await eigshGeneralised(stiffness, { product: mass, solve: other }, { k: 3 })).reason).toBe('inexact-solve');
  });
  it('refuses a B that is not positive definite, or no B, by what is wrong', async () => {
    const diagonal = new Float64Array(n).fill(1);
    diagonal[7] = 0;
    const indefinite = massMatrix();
    indefinite[1] = indefinite[n] = 5 * h;
    const lopsided = massMatrix();
    lopsided[1] = 0;
    const negative = tridiagonal((-4 * h) / 6, -h / 6);
    const minus = (b: Float64Array, x: Float64Array): void => {
      massSolve(b, x);
      for (let i = 0; i < n; i++) x[i] *= -1;
    };
    for (const [B, said] of [
      [{ diagonal }, /B\.diagonal must be above zero, got 0 at position 7/],
      [{ matrix: indefinite }, /B\.matrix must be positive definite: pivot 1 of 120 is -/],
      [{ matrix: lopsided }, /B\.matrix must be symmetric, but entries \(1, 0\) and \(0, 1\)/],
      [{ product: negative, solve: minus }, /B must be positive definite/],
      [{ product: mass }, /B\.solve must be a function/],
      [{}, /\{ diagonal \}, \{ matrix \} or \{ product, solve \}/],
      [{ diagonal: new Float64Array(3) }, /B\.diagonal.*120/],
    ] as const)
      await expect(eigshGeneralised(stiffness, B as never, { k: 2 })).rejects.toThrow(said);
    await expect(eigshGeneralised(stiffness, ways[0][1], { k: 2, v0: diagonal } as never)).rejects.toThrow(
      /v0 is no option/,
    );
    await expect(
      eigshGeneralised(stiffness, { product: mass, solve: massSolve }, { k: 2, filter: 'auto' }),
    ).rejects.toThrow(/filter 'auto' goes with a diagonal or a matrix/);
    await expect(eigshGeneralised(stiffness, ways[0][1], { k: 200 })).rejects.toThrow(/eigshGeneralised: k/);
  });
  it('a signal ends each way with a report', async () => {
    for (const [name, B] of ways)
      for (const at of [0, 30]) {
        const controller = new AbortController();
        let products = 0;
        const counted: LinearOperator = {
          ...stiffness,
          apply(x, out) {
            if (++products === at) controller.abort();
            return stiffness.apply(x, out);
          },
        };
        if (at === 0) controller.abort();
        const report = await eigshGeneralised(counted, B, { k: 2, denseBelow: 0, signal: controller.signal });
        expect([name, report.reason, report.converged]).toEqual([name, 'aborted', false]);
      }
  });
  it('a wait for a product or a solve that never comes ends with the signal', async () => {
    const never = (): Promise<void> => new Promise(() => {});
    for (const which of ['A', 'product', 'solve']) {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 20);
      const [A, product] = [stiffness, mass].map((op, i) =>
        which === ['A', 'product'][i] ? { ...op, apply: never } : op,
      );
      const solve = which === 'solve' ? never : massSolve;
      const report = await eigshGeneralised(A, { product, solve }, { k: 2, signal: controller.signal });
      expect([which, report.reason, report.values.length]).toEqual([which, 'aborted', 0]);
    }
  });
  it('products that run out give way to the matrix up to denseBelow, and say what else would do', async () => {
    const B = { product: mass, solve: massSolve };
    const formed = await eigshGeneralised(stiffness, B, { k: 3, which: 'SA', maxMatvecs: 400, basisSize: 12 });
    const slow = await eigshGeneralised(stiffness, B, {
      k: 3,
      which: 'SA',
      maxMatvecs: 60,
      basisSize: 12,
      denseBelow: 0,
    });
    expect([formed.converged, slow.reason]).toEqual([true, 'max-matvecs']);
    formed.values.forEach((value, i) => expect(value).toBeCloseTo(modes[n - 3 + i], 4));
    expect(slow.message).toMatch(/largest of B x = μ A x/);
  });
  it('the same seed, the same bits', async () => {
    for (const [, B] of ways) {
      const [one, two] = [
        await eigshGeneralised(stiffness, B, { k: 3, seed: 4 }),
        await eigshGeneralised(stiffness, B, { k: 3, seed: 4 }),
      ];
      expect(one.values).toEqual(two.values);
      expect(one.vectors).toEqual(two.vectors);
    }
  });
});
