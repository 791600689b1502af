import { expect, test } from 'vitest';
import { type Dtype } from '../src/index.js';
import { expectSameBits, multiply, multiplyInWasm, sparseA, type Product } from './matrixProduct.js';
import { firstDifference, numbers, place, side, type Side } from './pairedWorkspaces.js';

// gemm drops records of zeros (one step, all rows of a panel of A: 5 in the deterministic flavour, 6 in the fast one) where C has at least 64 columns; the twin and narrower products drop none.
const WIDE_ENOUGH = 64;
const LISTS = 19 * 1604;
const dtypes: readonly Dtype[] = ['float32', 'float64'];

/** Columns from..to of the product, as a product of its own. */
const columns = (product: Product, from: number, to: number): Product => ({
  ...product,
  n: to - from,
  odd: 0,
  entryB: (p, j) => valueB(product, p, from + j),
});

const drawsB = numbers(8191, 9);
const valueB = ({ entryB }: Product, p: number, j: number): number => {
  const value = drawsB[(p * 97 + j) % 8191]!;
  return entryB === undefined ? value : entryB(p, j, value);
};

/** The product in one go has the bits of its products with fewer columns than it takes to drop anything. */
function expectBitsOfStrips(on: Side, product: Product): void {
  const { m, n } = product;
  const whole = multiply(on, columns(product, 0, n));
  for (let from = 0; from < n; from += WIDE_ENOUGH - 1) {
    const to = Math.min(n, from + WIDE_ENOUGH - 1);
    const strip = multiply(on, columns(product, from, to));
    const same = Float64Array.from(strip, (_, at) => {
      const width = to - from;
      return whole[Math.floor(at / width) * n + from + (at % width)]!;
    });
    expect([m, n, from, firstDifference(same, strip)]).toEqual([m, n, from, -1]);
  }
}

for (const dtype of dtypes) {
  test(`gemm has the bits of its twin at any share of zeros in A (${dtype})`, () => {
    for (const share of [0, 0.05, 0.2, 0.5, 0.9, 1]) {
      for (const [transA, transB] of [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ] as const) {
        const entryA = sparseA(share);
        expectSameBits(dtype, { transA, transB, m: 19, n: 75, k: 103, odd: 1, entryA });
        expectSameBits(dtype, { transA, transB, m: 11, n: 66, k: 401, alpha: -0.7, beta: 1, bias: true, entryA });
        expectSameBits(dtype, { transA, transB, m: 6, n: 64, k: 5, beta: -1.3, activation: 1, entryA });
      }
    }
  });

  test(`gemm has the same bits with zeros dropped as without (${dtype})`, () => {
    for (const deterministic of [true, false]) {
      const on = side('wasm', dtype, 1 << 26, deterministic);
      for (const share of [0.3, 0.9]) {
        const entryA = sparseA(share);
        expectBitsOfStrips(on, { transA: 0, transB: 0, m: 199, n: 71, k: 801, entryA });
        expectBitsOfStrips(on, { transA: 1, transB: 1, m: 101, n: 129, k: 397, beta: 0.3, fillC: 0.25, entryA });
      }
      expectBitsOfStrips(on, { transA: 0, transB: 0, m: 13, n: 775, k: 33, entryA: sparseA(0.6) });
    }
  });

  test(`what is no number in B reaches C through zeros of A (${dtype})`, () => {
    for (const wrong of [NaN, Infinity, -Infinity]) {
      for (const [at, column] of [
        [0, 0],
        [398, 64],
        [402, 5],
        [800, 69],
      ] as const) {
        const product: Product = {
          transA: 0,
          transB: 1,
          m: 8,
          n: 70,
          k: 801,
          entryA: () => 0,
          entryB: (p, j, value) => (p === at && j === column ? wrong : value),
        };
        const c = multiplyInWasm(dtype, product);
        for (let i = 0; i < c.length; i++) expect(c[i]).toBe(i % 70 === column ? NaN : 0);
        expectSameBits(dtype, { ...product, entryA: sparseA(0.5), beta: 1 });
      }
    }
  });

  test(`signed zeros, infinities and NaN in A stay what they were (${dtype})`, () => {
    for (const special of [-0, NaN, Infinity, -Infinity, dtype === 'float32' ? 2 ** -149 : 5e-324]) {
      for (const share of [0.4, 1]) {
        const zeros = sparseA(share);
        const entryA = (i: number, p: number, value: number): number =>
          (i * 7 + p) % 41 === 3 ? special : zeros(i, p, value);
        expectSameBits(dtype, { transA: 0, transB: 0, m: 13, n: 65, k: 90, entryA });
        // negative zeros alone, against both signs and zeros of B
        expectSameBits(dtype, {
          transA: 1,
          transB: 0,
          m: 7,
          n: 67,
          k: 20,
          alpha: -1,
          beta: 1,
          fillC: -0,
          entryA: () => (special === 0 ? -0 : 0),
          entryB: (_row, j, value) => (j % 3 === 0 ? -0 : value),
        });
      }
    }
  });

  test.each([true, false])(
    `records of zeros are dropped, all others stay, and lists end where scratch does (${dtype}, deterministic: %s)`,
    (deterministic) => {
      const on = side('wasm', dtype, 1 << 23, deterministic);
      const start = on.space.allocate(0);
      const lists = on.space.int32View(start - Math.ceil(LISTS / 64) * 64, LISTS / 4);
      const R = on.space.info.flavour === 'fast' ? 6 : 5;
      // of a block
      const panels = Math.floor((dtype === 'float32' ? 96 : 48) / R);
      const [m, n, k] = [panels * R, 64, 400];
      const first = place(on, [1, 2, 3], 0);
      const a = place(on, numbers(m * k, 1), 0);
      const b = place(on, numbers(k * n, 2), 0);
      const c = place(on, new Float64Array(m * n), 0);
      const run = (): void => on.table.gemm(0, 0, m, n, k, 1, a.pointer, k, b.pointer, n, 0, c.pointer, n, 0, 0);
      run();
      expect(lists.every((word) => word === 0)).toBe(true);
      // one entry is left in steps 0, 3, 6, ... of each panel, whatever its row; a record of -0 counts as zeros
      for (let at = 0; at < a.values.length; at++) {
        const [i, p] = [Math.floor(at / k), at % k];
        if (p % 3 !== 0 || i % R !== Math.floor(p / 3) % R) a.values[at] = p % 2 === 0 ? 0 : -0;
      }
      run();
      for (let panel = 0; panel < panels; panel++) {
        expect(lists[panel * 401]).toBe(134);
        for (let s = 0; s < 134; s++) expect(lists[panel * 401 + 1 + s]).toBe(96 * s);
      }
      // as many records as a list holds but where it was looked at: nothing is written behind it
      a.values.fill(1);
      for (let p = 0; p < k; p++) if (p % 2 === 0) for (let i = 0; i < R; i++) a.values[i * k + p] = 0;
      for (let at = 0; at < panels * k; at += 61) {
        for (let i = 0; i < R; i++) a.values[(Math.floor(at / k) * R + i) * k + (at % k)] = 0;
      }
      run();
      expect(lists[(panels - 1) * 401]).toBeGreaterThan(390);
      expect([first.intact(), a.intact(), c.intact()]).toEqual([true, true, true]);
    },
  );
}
