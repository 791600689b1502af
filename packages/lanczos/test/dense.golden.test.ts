import { describe, expect, it } from 'vitest';
import { eigh, tridiagonalEigen } from '@hyperribbon/lanczos';
import { dyadics } from './goldenOperators.js';
import { assertAtMost, nearest, readGolden, type GoldenNumber } from './goldenData.js';

const EPS = 2 ** -52;
const FLOOR = 8 * 2 ** -1074;

interface Case {
  name: string;
  n: number;
  d: number[];
  e: number[];
  lower: number[];
  eig: GoldenNumber[];
  norm2: number;
}

/** Largest |λ − ref|, ascending reference against descending values. */
function worst(values: Float64Array, eig: GoldenNumber[]): number {
  let most = values.length === eig.length ? 0 : NaN;
  for (let i = 0; i < eig.length; i++) most = Math.max(most, Math.abs(values[eig.length - 1 - i] - nearest(eig[i])));
  return most;
}

/** ‖A V' − V' Λ‖₁/(n ‖A‖₁ eps) and ‖V V' − I‖₁/(n eps) with A given by its product, entries of order one. */
export function ratios(
  n: number,
  product: (x: Float64Array) => Float64Array,
  norm1: number,
  values: Float64Array,
  v: Float64Array,
): [number, number] {
  let residual = 0;
  let orthogonality = 0;
  for (let i = 0; i < n; i++) {
    const row = v.subarray(i * n, (i + 1) * n);
    const y = product(row);
    let s = 0;
    for (let j = 0; j < n; j++) s += Math.abs(y[j] - values[i] * row[j]);
    residual = Math.max(residual, s);
    let o = 0;
    for (let k = 0; k < n; k++) {
      let dot = k === i ? -1 : 0;
      for (let j = 0; j < n; j++) dot += row[j] * v[k * n + j];
      o += Math.abs(dot);
    }
    orthogonality = Math.max(orthogonality, o);
  }
  return [residual / (n * norm1 * EPS), orthogonality / (n * EPS)];
}

function full(lower: number[], n: number): Float64Array {
  const a = new Float64Array(n * n);
  for (let i = 0, p = 0; i < n; i++) for (let j = 0; j <= i; j++, p++) a[i * n + j] = a[j * n + i] = lower[p];
  return a;
}

const norm1Of = (a: Float64Array, n: number): number =>
  Math.max(...Array.from({ length: n }, (_, i) => a.subarray(i * n, i * n + n).reduce((s, x) => s + Math.abs(x), 0)));

function tridiagonalFull(d: number[], e: number[]): Float64Array {
  const n = d.length;
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) a[i * n + i] = d[i];
  for (let i = 0; i < n - 1; i++) a[i * n + i + 1] = a[(i + 1) * n + i] = e[i];
  return a;
}

function times(a: Float64Array, n: number, x: Float64Array): Float64Array {
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) y[i] += a[i * n + j] * x[j];
  return y;
}

/** Scale by a power of two to order one: the residual test itself must not overflow. */
function normalised(a: Float64Array, norm: number): { a: Float64Array; by: (x: number) => number } {
  const e = norm === 0 ? 0 : Math.floor(Math.log2(norm));
  const by = (x: number): number => x * 2 ** -Math.trunc(e / 2) * 2 ** -(e - Math.trunc(e / 2));
  return { a: a.map(by), by };
}

describe('tridiagonalEigen against certified eigenvalues', () => {
  for (const c of readGolden<{ cases: Case[] }>('tridiag.json').cases) {
    it(`${c.name}: |λ − ref| ≤ 30 eps ‖T‖, with and without vectors; residual and orthogonality ratios ≤ 10`, () => {
      const d = Float64Array.from(c.d);
      const e = Float64Array.from(c.e);
      const limit = 30 * EPS * c.norm2 + FLOOR;
      const plain = tridiagonalEigen(d, e);
      const withVectors = tridiagonalEigen(d, e, { vectors: true });
      assertAtMost(worst(plain.values, c.eig), limit, 'values');
      assertAtMost(worst(withVectors.values, c.eig), limit, 'values with vectors');
      const { a, by } = normalised(tridiagonalFull(c.d, c.e), c.norm2);
      const [residual, orthogonality] = ratios(
        c.n,
        (x) => times(a, c.n, x),
        norm1Of(a, c.n) || 1,
        withVectors.values.map(by),
        withVectors.vectors!,
      );
      if (c.norm2 > 1e-290) assertAtMost(residual, 10, 'residual ratio');
      assertAtMost(orthogonality, 10, 'orthogonality ratio');
      if (c.norm2 > 0) {
        const moved = c.eig.map((x, i) => nearest(x) + (i === 0 ? 10 * limit : 0));
        expect(worst(plain.values, moved)).toBeGreaterThan(limit);
      }
    });
  }
});

describe('eigh against exact eigenvalues', () => {
  for (const c of readGolden<{ cases: Case[] }>('dense.json').cases) {
    it(`${c.name}: |λ − ref| ≤ 30 eps ‖A‖, ratios ≤ 10`, () => {
      const a = full(c.lower, c.n);
      const limit = 30 * EPS * c.norm2 + FLOOR;
      assertAtMost(worst(eigh(a, c.n).values, c.eig), limit, 'values');
      const { values, vectors } = eigh(a, c.n, { vectors: true });
      assertAtMost(worst(values, c.eig), limit, 'values with vectors');
      const unit = normalised(a, c.norm2);
      const [residual, orthogonality] = ratios(
        c.n,
        (x) => times(unit.a, c.n, x),
        norm1Of(unit.a, c.n) || 1,
        values.map(unit.by),
        vectors!,
      );
      assertAtMost(residual, 10, 'residual ratio');
      assertAtMost(orthogonality, 10, 'orthogonality ratio');
    });
  }
});

/** How many entries differ. */
const differing = (x: Float64Array, y: Float64Array): number => x.filter((value, i) => value !== y[i]).length;

describe('exact relations', () => {
  it('T 2^k has the eigenvalues λ 2^k bit for bit', () => {
    const d = Float64Array.of(1.25, -0.5, 3.7, 0.1);
    const e = Float64Array.of(0.3, -2.2, 1e-3);
    const base = tridiagonalEigen(d, e).values;
    for (const k of [-900, -37, 1, 450, 900]) {
      const scaled = tridiagonalEigen(
        d.map((x) => x * 2 ** k),
        e.map((x) => x * 2 ** k),
      ).values;
      expect(Array.from(scaled)).toEqual(Array.from(base, (x) => x * 2 ** k));
    }
  });
  for (const n of [40, 96, 97, 131, 200]) {
    it(`order ${n}: A V = V Λ; only the lower triangle is read; A 2^k has λ 2^k and the same vectors, bit for bit`, () => {
      const a = dyadics(n, n * n, 12);
      const mirrored = a.map((x, p) => (p % n > Math.floor(p / n) ? a[(p % n) * n + Math.floor(p / n)] : x));
      const options = { vectors: true, deterministic: true };
      const { values, vectors } = eigh(mirrored, n, options);
      const [residual, orthogonality] = ratios(n, (x) => times(mirrored, n, x), norm1Of(mirrored, n), values, vectors!);
      assertAtMost(residual, 10, 'residual ratio');
      assertAtMost(orthogonality, 10, 'orthogonality ratio');
      const lower = mirrored.map((x, p) => (p % n > Math.floor(p / n) ? NaN : x));
      const again = eigh(lower, n, options);
      expect([differing(again.values, values), differing(again.vectors!, vectors!)]).toEqual([0, 0]);
      for (const k of [-1000, -70, 3, 70, 1000]) {
        const scaled = eigh(
          mirrored.map((x) => x * 2 ** k),
          n,
          options,
        );
        const expected = values.map((x) => x * 2 ** k);
        expect([differing(scaled.values, expected), differing(scaled.vectors!, vectors!)]).toEqual([0, 0]);
      }
      lower[n * n - 2] = NaN;
      expect(() => eigh(lower, n)).toThrow(/^eigh: every entry must be finite, found NaN/);
    });
  }
  it('orders 0, 1, 2 work; NaN, wrong lengths are refused with the value shown', () => {
    expect(eigh(new Float64Array(0), 0, { vectors: true })).toEqual({
      values: new Float64Array(0),
      vectors: new Float64Array(0),
    });
    expect(tridiagonalEigen(new Float64Array(0), new Float64Array(0)).values.length).toBe(0);
    expect(Array.from(eigh(Float64Array.of(-4), 1).values)).toEqual([-4]);
    expect(Array.from(eigh(Float64Array.of(2, 99, 1, 2), 2).values, (x) => Math.round(x * 1e12) / 1e12)).toEqual([
      3, 1,
    ]);
    expect(() => eigh(Float64Array.of(NaN), 1)).toThrow(/^eigh: .*NaN/);
    expect(() => eigh(new Float64Array(3), 2)).toThrow(/^eigh: a must have length 4, got 3/);
    expect(() => tridiagonalEigen(new Float64Array(3), new Float64Array(3))).toThrow(
      /^tridiagonalEigen: .*length 2.*got 3/,
    );
  });
});
