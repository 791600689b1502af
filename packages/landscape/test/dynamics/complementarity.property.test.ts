import { eigh } from '@hyperribbon/lanczos';
import { stream } from '@hyperribbon/random';
import { describe, expect, test } from 'vitest';
import { complementarity, type ComplementarityProblem } from '../../src/dynamics.js';

const size = (k: number): number => (k * (k + 1)) / 2;
const inner = (X: Float64Array, Y: Float64Array): number => X.reduce((sum, x, i) => sum + x * Y[i], 0);
const norm = (X: Float64Array): number => Math.sqrt(inner(X, X));

/** Symmetric matrices and their coordinates, written out again. */
function coordinates(X: Float64Array, k: number): Float64Array {
  const out: number[] = [];
  for (let i = 0; i < k; i++)
    for (let j = i; j < k; j++) out.push(i === j ? X[i * k + i] : X[i * k + j] * Math.sqrt(2));
  return Float64Array.from(out);
}
function matrix(x: Float64Array, k: number): Float64Array {
  const X = new Float64Array(k * k);
  let c = 0;
  for (let i = 0; i < k; i++)
    for (let j = i; j < k; j++, c++) X[i * k + j] = X[j * k + i] = i === j ? x[c] : x[c] / Math.sqrt(2);
  return X;
}
function applied(B: Float64Array, x: Float64Array): Float64Array {
  return Float64Array.from(x, (_, i) => inner(B.slice(i * x.length, (i + 1) * x.length) as Float64Array, x));
}

/** A with eigenvalues of both signs, B = G Gᵀ + δ I, with a skew part where it is asked for. */
function problem(seed: number, k: number, skew: number): ComplementarityProblem {
  const draws = stream({ seed, purpose: 'complementarity' });
  const m = size(k);
  const G = draws.normal(new Float64Array(m * m));
  const K = draws.normal(new Float64Array(m * m));
  const B = new Float64Array(m * m);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < m; j++) {
      for (let l = 0; l < m; l++) B[i * m + j] += (G[i * m + l] * G[j * m + l]) / m;
      B[i * m + j] += (i === j ? 0.01 : 0) + skew * (K[i * m + j] - K[j * m + i]);
    }
  return { k, A: matrix(draws.normal(new Float64Array(m)) as Float64Array, k), B };
}

describe('The conditions of Karush, Kuhn and Tucker', () => {
  test.each([
    [1, 0],
    [2, 0],
    [3, 0.3],
    [4, 0],
    [6, 0.1],
  ])('hold for order %i and skew part %f', (k, skew) => {
    for (let seed = 0; seed < 8; seed++) {
      const given = problem(seed, k, skew);
      const { X, slack, residual, converged } = complementarity(given);
      expect(converged).toBe(true);
      expect(residual).toBeLessThan(1e-9);
      const scale = norm(given.A);
      const wanted = matrix(
        applied(given.B, coordinates(X, k)).map((v, i) => v + coordinates(given.A, k)[i]) as Float64Array,
        k,
      );
      slack.forEach((value, i) => expect(Math.abs(value - wanted[i])).toBeLessThan(1e-12 * scale * (1 + norm(X))));
      expect(eigh(X, k).values[k - 1]).toBeGreaterThan(-1e-9 * (1 + norm(X)));
      expect(eigh(slack, k).values[k - 1]).toBeGreaterThan(-1e-8 * scale);
      expect(Math.abs(inner(X, slack))).toBeLessThan(1e-8 * scale * (1 + norm(X)));
    }
  });
});

describe('Brute force', () => {
  test('over active sets finds the same where matrices are diagonal', () => {
    for (let seed = 0; seed < 20; seed++) {
      const k = 4;
      const m = size(k);
      const diagonal = [0, 4, 7, 9];
      const draws = stream({ seed, purpose: 'diagonal' });
      const G = draws.normal(new Float64Array(k * k));
      const a = draws.normal(new Float64Array(k));
      const M = Float64Array.from(G, (_, at) => {
        const [i, j] = [Math.floor(at / k), at % k];
        return inner(G.slice(i * k, i * k + k) as Float64Array, G.slice(j * k, j * k + k) as Float64Array);
      });
      const B = new Float64Array(m * m);
      for (let c = 0; c < m; c++) B[c * m + c] = 1;
      diagonal.forEach((r, i) => diagonal.forEach((c, j) => (B[r * m + c] = M[i * k + j])));
      const A = Float64Array.from({ length: k * k }, (_, at) => (at % (k + 1) === 0 ? a[at / (k + 1)] : 0));
      const { X } = complementarity({ k, A, B });
      const wanted = activeSet(M, a, k);
      wanted.forEach((x, i) => expect(Math.abs(X[i * k + i] - x)).toBeLessThan(1e-6 * (1 + norm(wanted))));
    }
  });

  test('over ranks and directions finds nothing lower for two eigenvalues', () => {
    const reached = new Set<number>();
    for (let seed = 0; seed < 30; seed++) {
      const given = problem(seed, 2, 0);
      const { X } = complementarity(given);
      const objective = (Y: Float64Array): number => {
        const y = coordinates(Y, 2);
        return 0.5 * inner(y, applied(given.B, y)) + inner(coordinates(given.A, 2), y);
      };
      const found = objective(X);
      let best = 0;
      for (let step = 0; step < 4000; step++) {
        const [c, s] = [Math.cos((Math.PI * step) / 4000), Math.sin((Math.PI * step) / 4000)];
        const V = Float64Array.of(c * c, c * s, c * s, s * s);
        const v = coordinates(V, 2);
        const [slope, bend] = [inner(coordinates(given.A, 2), v), inner(v, applied(given.B, v))];
        if (slope < 0) best = Math.min(best, (-slope * slope) / (2 * bend));
      }
      expect(found).toBeLessThan(best + 1e-9 * (1 + Math.abs(best)));
      const [large, small] = eigh(X, 2).values;
      const rank = [large, small].filter((value) => value > 1e-6 * (1 + large)).length;
      reached.add(rank);
      // of rank one nothing else is as low
      if (rank <= 1) expect(Math.abs(found - best)).toBeLessThan(1e-4 * (1 + Math.abs(best)));
    }
    expect([...reached].sort()).toEqual([0, 1, 2]);
  });
});

/** x ≥ 0, a + M x ≥ 0, one of them 0: tries every set of entries that are not 0. */
function activeSet(M: Float64Array, a: Float64Array, k: number): Float64Array {
  for (let set = 0; set < 1 << k; set++) {
    const active = Array.from({ length: k }, (_, i) => i).filter((i) => (set >> i) & 1);
    const x = new Float64Array(k);
    const solved = gauss(
      active.map((i) => active.map((j) => M[i * k + j])),
      active.map((i) => -a[i]),
    );
    active.forEach((i, at) => (x[i] = solved[at]));
    const slack = a.map((value, i) => value + inner(M.slice(i * k, i * k + k) as Float64Array, x));
    if (x.every((value) => value >= -1e-12) && slack.every((value) => value >= -1e-9)) return x;
  }
  throw new Error('no active set fits');
}

function gauss(A: number[][], b: number[]): number[] {
  const n = b.length;
  for (let c = 0; c < n; c++)
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const factor = A[r][c] / A[c][c];
      for (let j = c; j < n; j++) A[r][j] -= factor * A[c][j];
      b[r] -= factor * b[c];
    }
  return b.map((value, i) => value / A[i][i]);
}

describe('Degenerate problems', () => {
  test('nothing violated, no order and zero matrices have X = 0', () => {
    const B = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
    const positive = complementarity({ k: 2, A: Float64Array.of(2, 1, 1, 2), B });
    expect([positive.reason, positive.iterations, [...positive.X]]).toEqual(['nothing-violated', 0, [0, 0, 0, 0]]);
    const zero = complementarity({ k: 2, A: new Float64Array(4), B: new Float64Array(9) });
    expect([zero.residual, zero.converged, [...zero.X]]).toEqual([0, true, [0, 0, 0, 0]]);
    expect(complementarity({ k: 0, A: new Float64Array(0), B: new Float64Array(0) }).converged).toBe(true);
  });

  test('one eigenvalue has a closed form', () => {
    const one = (a: number, b: number) => complementarity({ k: 1, A: Float64Array.of(a), B: Float64Array.of(b) });
    expect([...one(-3, 4).X]).toEqual([0.75]);
    expect([...one(3, 4).X]).toEqual([0]);
    expect(one(-3, 4).reason).toBe('closed-form');
    for (const b of [0, -1]) {
      const { reason, converged, X } = one(-3, b);
      expect([reason, converged, [...X]]).toEqual(['no-solution-found', false, [0]]);
    }
  });

  test('problems without a solution say so', () => {
    const A = Float64Array.of(-1, 0, 0, -1);
    const nothing = complementarity({ k: 2, A, B: new Float64Array(9) });
    expect([nothing.converged, nothing.reason]).toEqual([false, 'no-solution-found']);
    // X moves the first entry alone: the second stays below 0
    const B = new Float64Array(9);
    B[0] = 1;
    const half = complementarity({ k: 2, A, B });
    expect([half.converged, half.reason]).toEqual([false, 'no-solution-found']);
    expect(half.residual).toBeGreaterThan(1e-3);
  });

  test('a singular B that can do it does it', () => {
    const B = new Float64Array(9);
    B[0] = 1;
    const { X, converged } = complementarity({ k: 2, A: Float64Array.of(-1, 0, 0, 1), B });
    expect(converged).toBe(true);
    expect(Math.abs(X[0] - 1)).toBeLessThan(1e-8);
  });

  test.each([1e-150, 1e150])('scales of A and B of %s change X by their ratio alone', (scale) => {
    const given = problem(5, 3, 0.1);
    const { X } = complementarity(given);
    const scaled = complementarity({ ...given, A: given.A.map((v) => v * scale) });
    expect(scaled.converged).toBe(true);
    scaled.X.forEach((x, i) => expect(Math.abs(x / scale - X[i])).toBeLessThan(1e-7 * norm(X)));
    const slow = complementarity({ ...given, B: given.B.map((v) => v * scale) });
    expect(slow.converged).toBe(true);
    slow.X.forEach((x, i) => expect(Math.abs(x * scale - X[i])).toBeLessThan(1e-7 * norm(X)));
  });

  test('what is no problem is refused by name', () => {
    const B = Float64Array.of(1);
    expect(() => complementarity({ k: 1, A: Float64Array.of(NaN), B })).toThrow(/complementarity: A must be finite/);
    expect(() => complementarity({ k: 1, A: B, B: Float64Array.of(Infinity) })).toThrow(/B must be finite/);
    expect(() => complementarity({ k: 2, A: B, B })).toThrow(/A/);
    expect(() => complementarity({ k: 1, A: B, B }, { tol: 0 })).toThrow(/tol/);
  });
});
