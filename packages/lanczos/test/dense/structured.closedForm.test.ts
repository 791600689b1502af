import { describe, expect, it } from 'vitest';
import { eigh } from '@hyperribbon/lanczos';
import { svd } from '@hyperribbon/lanczos/svd';
import { orthogonalityLoss } from '../../src/eigsh/orthogonality.js';
import { assertAtMost } from '../goldenData.js';

const EPS = 2 ** -52;

/** Rows: edges, −1 and 1 at their ends. */
function incidence(n: number, edges: readonly (readonly [number, number])[]): Float64Array {
  const a = new Float64Array(edges.length * n);
  edges.forEach(([from, to], i) => {
    a[i * n + from] = -1;
    a[i * n + to] = 1;
  });
  return a;
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
/** a shuffled order of 0 … n − 1, n and step coprime */
const shuffled = (n: number, step: number): number[] => range(n).map((i) => (i * step) % n);

interface Case {
  readonly name: string;
  readonly m: number;
  readonly n: number;
  readonly a: Float64Array;
  /** singular values, in any order */
  readonly exact: readonly number[];
}

/** Graphs whose Laplacian, the Gram matrix of the incidence, has a spectrum in closed form, and a matrix of one large and many small rows. */
function cases(): Case[] {
  const list: Case[] = [];
  for (const n of [5, 31, 64, 97, 101, 127]) {
    const order = shuffled(n, n === 5 ? 2 : 3);
    const cycle = range(n).map((i) => [order[i], order[(i + 1) % n]] as const);
    list.push({
      name: `cycle ${n}`,
      m: n,
      n,
      a: incidence(n, cycle),
      exact: range(n).map((k) => 2 * Math.sin((Math.PI * k) / n)),
    });
    const path = cycle.slice(0, -1);
    list.push({
      name: `path ${n}`,
      m: n - 1,
      n,
      a: incidence(n, path),
      exact: range(n - 1).map((k) => 2 * Math.sin((Math.PI * (k + 1)) / (2 * n))),
    });
    const star = range(n - 1).map((i) => [order[0], order[i + 1]] as const);
    list.push({
      name: `star ${n}`,
      m: n - 1,
      n,
      a: incidence(n, star),
      exact: [Math.sqrt(n), ...range(n - 2).map(() => 1)],
    });
    // c I + ones of rank one, with a large row before it: [[L, 0], [0, c I + ones]]
    const a = new Float64Array((n + 1) ** 2);
    a[0] = 900;
    for (let i = 1; i <= n; i++) for (let j = 1; j <= n; j++) a[i * (n + 1) + j] = (i === j ? 1 : 0) + 0.01;
    list.push({
      name: `large row ${n}`,
      m: n + 1,
      n: n + 1,
      a: hidden(a, n + 1),
      exact: [900, 1 + 0.01 * n, ...range(n - 1).map(() => 1)],
    });
  }
  return list;
}

/** H A with the reflection H of a vector of ones: the singular values stay. */
function hidden(a: Float64Array, n: number): Float64Array {
  const sums = range(n).map((j) => range(n).reduce((s, i) => s + a[i * n + j], 0));
  return a.map((x, p) => x - (2 / n) * sums[p % n]);
}

describe('structured matrices', () => {
  it('singular values are within 30 eps ‖A‖, vectors orthonormal within 1e-13 n, at every scale', () => {
    for (const { name, m, n, a, exact } of cases()) {
      const sorted = exact.toSorted((x, y) => y - x);
      for (const size of [1, 2 ** 990, 2 ** -990]) {
        const { values, u, v } = svd(
          a.map((x) => x * size),
          m,
          n,
          { vectors: true },
        );
        sorted.forEach((x, i) =>
          assertAtMost(Math.abs(values[i] / size - x), 30 * EPS * sorted[0], `${name}, value ${i}`),
        );
        assertAtMost(orthogonalityLoss(u, values.length, m), 1e-13 * m, `${name}, u`);
        assertAtMost(orthogonalityLoss(v, values.length, n), 1e-13 * n, `${name}, v`);
      }
    }
  });
  it('so are eigenvalues and eigenvectors of their Gram matrices', () => {
    for (const { name, m, n, a, exact } of cases()) {
      const gram = new Float64Array(n * n);
      for (let r = 0; r < m; r++)
        for (let i = 0; i < n; i++)
          if (a[r * n + i] !== 0) for (let j = 0; j < n; j++) gram[i * n + j] += a[r * n + i] * a[r * n + j];
      const squares = [...exact, ...range(n - exact.length).map(() => 0)].map((x) => x * x).sort((x, y) => y - x);
      const { values, vectors } = eigh(gram, n, { vectors: true });
      // forming the Gram matrix rounds as well
      squares.forEach((x, i) => assertAtMost(Math.abs(values[i] - x), 30 * EPS * squares[0], `${name}, value ${i}`));
      assertAtMost(orthogonalityLoss(vectors, n, n), 1e-13 * n, `${name}, vectors`);
    }
    expect(cases().length).toBe(24);
  });
});
