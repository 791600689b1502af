import { describe, expect, it } from 'vitest';
import { stream } from '@hyperribbon/random';
import { cholesky, eigh, eighGeneralised, lstsq, pinv, qr, solveLower, solveLowerTransposed } from '../../src/dense.js';

/** (m, k) times (k, n). */
function times(a: Float64Array, b: Float64Array, m: number, k: number, n: number): Float64Array {
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; i++)
    for (let t = 0; t < k; t++) for (let j = 0; j < n; j++) out[i * n + j] += a[i * k + t] * b[t * n + j];
  return out;
}
function transposed(a: Float64Array, m: number, n: number): Float64Array {
  return Float64Array.from({ length: m * n }, (_, at) => a[(at % m) * n + Math.floor(at / m)]);
}
const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce(
    (most, value, i) => Math.max(most, Math.abs(value - b[i])),
    a.length === b.length ? 0 : Infinity,
  );
function normal(length: number, index: number): Float64Array {
  const x = new Float64Array(length);
  stream({ seed: 3, purpose: 'test/factorizations', index }).normal(x);
  return x;
}

// the matrices and numbers of numpy 1.24.2 and scipy 1.10.1
const A = Float64Array.from({ length: 28 }, (_, at) => {
  const [i, j] = [Math.floor(at / 4), at % 4];
  return Math.cos(i * j + 2 * i - j);
});
const dependent = A.map((value, at) => (at % 4 === 3 ? A[at - 3] - 2 * A[at - 2] : value));
const b = Float64Array.from({ length: 7 }, (_, i) => Math.sin(1 + i));

describe('lstsq and pinv against numpy', () => {
  it('full rank', () => {
    const { x, residualNorms, rank, values } = lstsq(A, 7, 4, b);
    expect(apart(x, [-3.2122949275211274, 4.92375906155142, -4.213537449504596, 0.4100431436495584])).toBeLessThan(
      1e-13,
    );
    expect([rank, residualNorms[0]]).toEqual([4, expect.closeTo(1.42477862966449, 13)]);
    expect(apart(values, [2.613761126114777, 1.9081387342771443, 1.074528458784335, 0.12304055772541835])).toBeLessThan(
      1e-14,
    );
  });
  it('a column that depends on others: the shortest solution', () => {
    const { x, residualNorms, rank } = lstsq(dependent, 7, 4, b);
    expect(apart(x, [-0.6508840045789234, 0.3401333041368739, -2.682048683747666, -1.3311506128526698])).toBeLessThan(
      1e-13,
    );
    expect([rank, residualNorms[0]]).toEqual([3, expect.closeTo(1.4785298758348022, 13)]);
    expect(
      apart(
        pinv(dependent, 7, 4).slice(0, 8),
        [
          0.10390047764253803, -0.738385421909899, 0.20382842738390386, 0.2626101778759988, -0.0014036536091288083,
          -0.35895619364131676, 0.0021835600999177925, 0.4886056460384692,
        ],
      ),
    ).toBeLessThan(1e-14);
  });
  it('A A⁺ A = A and both products symmetric: tall, wide, rank one, huge and tiny', () => {
    for (const [m, n, scale] of [
      [5, 3, 1],
      [3, 5, 1],
      [6, 6, 1e150],
      [4, 2, 1e-150],
    ]) {
      const a = normal(m * n, 10 * m + n).map((value) => value * scale);
      const inverse = pinv(a, m, n);
      expect(apart(times(times(a, inverse, m, n, m), a, m, m, n), a) / scale).toBeLessThan(1e-13);
      for (const [product, size] of [
        [times(a, inverse, m, n, m), m],
        [times(inverse, a, n, m, n), n],
      ] as const)
        expect(apart(product, transposed(product, size, size))).toBeLessThan(1e-13);
    }
    expect(Array.from(pinv(new Float64Array(6), 2, 3))).toEqual([0, 0, 0, 0, 0, 0]);
    expect(Array.from(pinv(Float64Array.of(2, 2), 1, 2))).toEqual([expect.closeTo(0.25, 15), expect.closeTo(0.25, 15)]);
  });
  it('several right sides at once, a wide system, zero, a tolerance that drops values', () => {
    const many = lstsq(
      A,
      7,
      4,
      Float64Array.from({ length: 14 }, (_, at) => (at % 2 === 0 ? b[at >> 1] : 2e100 * b[at >> 1])),
      {
        columns: 2,
      },
    );
    for (let i = 0; i < 4; i++) expect(many.x[2 * i + 1] / 2e100).toBeCloseTo(many.x[2 * i], 12);
    const wide = lstsq(Float64Array.of(1, 1, 1, 1), 1, 4, Float64Array.of(2));
    expect(apart(wide.x, [0.5, 0.5, 0.5, 0.5])).toBeLessThan(1e-15);
    const zero = lstsq(new Float64Array(6), 3, 2, Float64Array.of(3, 0, 4));
    expect([zero.rank, zero.residualNorms[0], ...zero.x]).toEqual([0, 5, 0, 0]);
    expect(lstsq(A, 7, 4, b, { tolerance: 0.1 }).rank).toBe(3);
    expect(() => lstsq(A, 7, 4, b.slice(1))).toThrow(/b.*7/);
    expect(() => pinv(A, 7, 4, { tolerance: -1 })).toThrow(/tolerance/);
  });
});

describe('qr', () => {
  it('A P = Q R with orthonormal columns, for all shapes, ranks and scales', () => {
    for (const pivot of [false, true])
      for (const [m, n, rank, scale] of [
        [7, 4, 4, 1],
        [4, 7, 4, 1],
        [6, 6, 2, 1],
        [5, 5, 0, 1],
        [1, 1, 1, -3],
        [1, 3, 1, 1],
        [3, 1, 1, 1],
        [6, 5, 5, 1e150],
        [6, 5, 5, 1e-150],
      ]) {
        const a = times(normal(m * rank, m), normal(rank * n, n), m, rank, n).map((value) => value * scale);
        const k = Math.min(m, n);
        const { q, r, pivots } = qr(a, m, n, { pivot });
        const size = Math.abs(scale) * (1 + Math.max(0, ...a.map((value) => Math.abs(value / scale))));
        const permuted = Float64Array.from({ length: m * n }, (_, at) => a[at - (at % n) + pivots[at % n]]);
        expect(apart(times(q, r, m, k, n), permuted) / size).toBeLessThan(1e-14);
        expect(
          apart(
            times(transposed(q, m, k), q, k, m, k),
            Float64Array.from({ length: k * k }, (_, at) => (at % (k + 1) === 0 ? 1 : 0)),
          ),
        ).toBeLessThan(1e-14);
        for (let i = 0; i < k; i++) for (let j = 0; j < i; j++) expect(r[i * n + j]).toBe(0);
        if (pivot) {
          for (let i = 1; i < k; i++)
            expect(Math.abs(r[i * n + i])).toBeLessThanOrEqual(Math.abs(r[i * n - n + i - 1]) * (1 + 1e-14));
          for (let i = rank; i < k; i++) expect(Math.abs(r[i * n + i]) / size).toBeLessThan(1e-14);
        } else expect(Array.from(pivots)).toEqual(Array.from({ length: n }, (_, j) => j));
      }
  });
  it("pivots and diagonal are LAPACK's", () => {
    const { r, pivots } = qr(A, 7, 4, { pivot: true });
    expect(Array.from(pivots)).toEqual([0, 3, 2, 1]);
    [1.989888425626833, 1.8947882235083862, 0.9921815910679198, 0.1762631340199154].forEach((value, i) =>
      expect(Math.abs(r[i * 4 + i])).toBeCloseTo(value, 14),
    );
  });
});

describe('cholesky and the dense pencil', () => {
  it('L Lᵀ = A, solves, and the pivot that fails', () => {
    for (const n of [0, 1, 2, 17]) {
      const m = normal(n * n, n);
      const a = times(m, transposed(m, n, n), n, n, n);
      for (let i = 0; i < n; i++) a[i * n + i] += 0.1;
      const l = cholesky(a, n);
      expect(apart(times(l, transposed(l, n, n), n, n, n), a)).toBeLessThan(1e-13);
      const x = normal(n, 50);
      const y = times(a, x, n, n, 1);
      solveLower(l, n, y);
      solveLowerTransposed(l, n, y);
      expect(apart(x, y)).toBeLessThan(1e-9);
    }
    expect(() => cholesky(Float64Array.of(1, 0, 2, 3), 2)).toThrow(/pivot 1 of 2 is -1/);
    expect(() => cholesky(new Float64Array(4), 2)).toThrow(/pivot 0 of 2 is 0/);
    expect(() => cholesky(Float64Array.of(1, NaN, NaN, 1), 2)).toThrow(/finite/);
    // the upper triangle is not read
    expect(Array.from(cholesky(Float64Array.of(1, NaN, 0, 1), 2))).toEqual([1, 0, 0, 1]);
    // Gram matrices of integers of rank n − 1, exact: all but a few last pivots are rounding
    let refused = 0;
    for (let n = 3; n < 40; n++) {
      const m = normal(n * (n - 1), n + 300).map((value) => Math.round(4 * value));
      try {
        cholesky(times(m, transposed(m, n, n - 1), n, n - 1, n), n);
      } catch {
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(30);
  });
  it('eighGeneralised: A x = λ B x, Xᵀ B X = 1, graded and scaled B, B = 1 as eigh', () => {
    for (const [n, spread, scale] of [
      [1, 0, 1],
      [9, 0, 1],
      [40, 6, 1],
      [9, 0, 1e140],
      [9, 0, 1e-140],
    ]) {
      const [a, m] = [normal(n * n, n + 100), normal(n * n, n + 200)];
      for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[j * n + i] = a[i * n + j];
      const grade = Float64Array.from({ length: n }, (_, i) => 10 ** ((spread * i) / n));
      const metric = times(m, transposed(m, n, n), n, n, n).map(
        (value, at) => scale * (value + (at % (n + 1) === 0 ? n : 0)) * grade[at % n] * grade[Math.floor(at / n)],
      );
      const { values, vectors } = eighGeneralised(a, metric, n, { vectors: true });
      const right = (x: Float64Array): Float64Array =>
        times(
          metric.map((value) => value / scale),
          x,
          n,
          n,
          1,
        );
      const size = Math.max(Math.abs(values[0]), Math.abs(values[n - 1])) * scale;
      for (let i = 0; i < n; i++) {
        const x = vectors.slice(i * n, (i + 1) * n).map((value) => value * Math.sqrt(scale));
        const [ax, bx] = [times(a, x, n, n, 1), right(x)];
        const bound =
          Math.max(...bx.map((value) => Math.abs(value))) * size + x.reduce((sum, value) => sum + Math.abs(value), 0);
        expect(
          apart(
            ax,
            bx.map((value) => value * values[i] * scale),
          ),
        ).toBeLessThan(1e-11 * bound);
        expect(x.reduce((sum, value, j) => sum + value * bx[j], 0)).toBeCloseTo(1, 11);
      }
    }
    const a = normal(25, 7);
    const one = Float64Array.from({ length: 25 }, (_, at) => (at % 6 === 0 ? 1 : 0));
    expect(apart(eighGeneralised(a, one, 5).values, eigh(a, 5).values)).toBeLessThan(1e-15);
    // upper triangles are not read
    const half = one.map((value, at) => (at % 5 > Math.floor(at / 5) ? NaN : value));
    expect(Array.from(eighGeneralised(half, half, 5).values)).toEqual([1, 1, 1, 1, 1]);
    expect(() =>
      eighGeneralised(
        one.map(() => NaN),
        one,
        5,
      ),
    ).toThrow(/^eighGeneralised: a must be finite, got NaN at \(0, 0\)/);
    expect(() => eighGeneralised(one, new Float64Array(25), 5)).toThrow(
      /^eighGeneralised: b must be positive definite: pivot 0 of 5 is 0/,
    );
    expect(() => eighGeneralised(one, Float64Array.of(...one.slice(0, 24), -1), 5)).toThrow(/pivot 4 of 5 is -1/);
  });
});
