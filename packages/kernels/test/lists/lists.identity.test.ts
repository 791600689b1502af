import { expect, test } from 'vitest';
import { type Dtype, listBytes } from '../../src/index.js';
import { firstDifference, numbers, place, side } from '../pairedWorkspaces.js';

const dtypes: readonly Dtype[] = ['float32', 'float64'];

interface Case {
  readonly transA: 0 | 1;
  readonly transB: 0 | 1;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly alpha: number;
  readonly beta: number;
  readonly bias: boolean;
  readonly share: number;
  /** what is put into B at this place */
  readonly entry?: readonly [number, number];
}

/** gemm and the product with the list of its A, on one side. */
function both(engine: 'wasm' | 'typescript', dtype: Dtype, given: Case, deterministic = true) {
  const { transA, transB, m, n, k, alpha, beta, bias, share, entry } = given;
  const on = side(engine, dtype, 1 << 22, deterministic);
  const draws = numbers(m * k, 4);
  const [lda, ldb, ldc] = [(transA ? m : k) + 1, (transB ? k : n) + 2, n + 3];
  const values = numbers((transA ? k : m) * lda, 1).map((x, i) => (Math.abs(draws[i % (m * k)] ?? 0) < share ? x : 0));
  const a = place(on, values, 1);
  const b = place(on, numbers((transB ? n : k) * ldb, 2), 2);
  if (entry !== undefined) b.values[entry[0]] = entry[1];
  const [c, own] = [place(on, numbers(m * ldc, 3), 3), place(on, numbers(m * ldc, 3), 3)];
  const row = bias ? place(on, numbers(n, 5), 1).pointer : 0;
  const entries = a.values.filter((x) => x !== 0).length;
  const bytes = listBytes(m, k, entries, dtype);
  const list = on.space.allocate(bytes + 8);
  const guard = on.space.int32View(list + 4 * Math.ceil(bytes / 4), 1);
  guard[0] = 12345;
  on.table.listEntries(transA, m, k, a.pointer, lda, list);
  expect(guard[0]).toBe(12345);
  const done = on.table.listedProduct(transB, m, n, k, alpha, list, b.pointer, ldb, beta, own.pointer, ldc, row);
  on.table.gemm(transA, transB, m, n, k, alpha, a.pointer, lda, b.pointer, ldb, beta, c.pointer, ldc, row, 0);
  expect([a, b, c, own].every((array) => array.intact())).toBe(true);
  return { done, expected: c.values, found: own.values, before: numbers(m * ldc, 3), size: m * n };
}

const shapes = [
  [1, 1, 1],
  [5, 33, 7],
  [7, 32, 401],
  [3, 31, 810],
  [2, 800, 40],
  [6, 48, 64],
  [0, 5, 3],
  [3, 5, 0],
  [3, 0, 5],
] as const;

for (const dtype of dtypes) {
  test(`products with lists have the bits of gemm, and of their twins (${dtype})`, () => {
    for (const [m, n, k] of shapes) {
      for (const [transA, transB, alpha, beta, bias, share] of [
        [0, 0, 1, 0, true, 0.2],
        [1, 0, 1, 1, false, 0.2],
        [0, 1, -0.7, -1.3, true, 0.5],
        [1, 1, 0.3, 0, false, 0],
        [1, 0, 2, 0, true, 1],
      ] as const) {
        const given = { transA, transB, m, n, k, alpha, beta, bias, share };
        for (const engine of ['wasm', 'typescript'] as const) {
          const { done, expected, found } = both(engine, dtype, given);
          expect([done, engine, given, firstDifference(expected, found)]).toEqual([1, engine, given, -1]);
        }
        const twin = both('typescript', dtype, given).found;
        expect([given, firstDifference(both('wasm', dtype, given).found, twin)]).toEqual([given, -1]);
      }
    }
  });

  test(`the fast flavour is within rounding of gemm (${dtype})`, () => {
    const given = { transA: 1, transB: 0, m: 9, n: 70, k: 500, alpha: 1, beta: 1, bias: false, share: 0.2 } as const;
    const { done, expected, found } = both('wasm', dtype, given, false);
    expect(done).toBe(1);
    const tolerance = 500 * (dtype === 'float32' ? 2 ** -24 : 2 ** -53);
    const apart = (factor: number): number =>
      Math.max(...found.map((x, i) => Math.abs(factor * x - expected[i]!) / (1 + Math.abs(expected[i]!))));
    expect(apart(1)).toBeLessThan(tolerance);
    expect(apart(1 + 10 * tolerance)).toBeGreaterThan(tolerance);
  });

  test(`where B is not finite C is left alone, and says so (${dtype})`, () => {
    const given = { transA: 0, transB: 0, m: 4, n: 37, k: 9, alpha: 1, beta: 1, bias: true, share: 0.3 } as const;
    for (const engine of ['wasm', 'typescript'] as const) {
      for (const value of [NaN, Infinity, -Infinity]) {
        for (const at of [0, 36, 8 * 39 + 36]) {
          const { done, found, before } = both(engine, dtype, { ...given, entry: [at, value] });
          expect([done, firstDifference(found, dtype === 'float32' ? Float32Array.from(before) : before)]).toEqual([
            0, -1,
          ]);
        }
        // between the rows of B
        expect(both(engine, dtype, { ...given, entry: [37, value] }).done).toBe(1);
      }
    }
  });
}
