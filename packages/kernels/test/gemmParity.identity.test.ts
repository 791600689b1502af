import { expect, test } from 'vitest';
import { Activation, type Dtype } from '../src/index.js';
import { firstDifference, numbers, place, side, type Side } from './pairedWorkspaces.js';

const dtypes: readonly Dtype[] = ['float32', 'float64'];

interface Product {
  readonly transA: number;
  readonly transB: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly alpha?: number;
  readonly beta?: number;
  readonly bias?: boolean;
  readonly activation?: number;
  /** added to each leading dimension, and words off alignment */
  readonly odd?: number;
  readonly fillC?: number;
}

/** Runs one product on one side and returns C with its padding, checking the guards. */
function multiply(on: Side, product: Product): Float64Array {
  const { transA, transB, m, n, k, alpha = 1, beta = 0, bias = false, activation = 0, odd = 0 } = product;
  const [rowsA, columnsA] = transA ? [k, m] : [m, k];
  const [rowsB, columnsB] = transB ? [n, k] : [k, n];
  const [lda, ldb, ldc] = [columnsA + odd, columnsB + odd, n + odd];
  const a = place(on, numbers(rowsA * lda, 1), odd % 4);
  const b = place(on, numbers(rowsB * ldb, 2), (odd + 1) % 4);
  const oldC = numbers(m * ldc, 3);
  if (product.fillC !== undefined) oldC.fill(product.fillC);
  const c = place(on, oldC, (odd + 2) % 4);
  const row = place(on, numbers(n, 4), 1);
  const bytes = c.values.BYTES_PER_ELEMENT;
  expect(a.pointer % bytes).toBe(0);
  on.table.gemm(
    transA,
    transB,
    m,
    n,
    k,
    alpha,
    a.pointer,
    lda,
    b.pointer,
    ldb,
    beta,
    c.pointer,
    ldc,
    bias ? row.pointer : 0,
    activation,
  );
  expect([a, b, c, row].map((array) => array.intact())).toEqual([true, true, true, true]);
  return Float64Array.from(c.values);
}

const BYTES = 1 << 24;
// one pair of workspaces for all products of a dtype: arrays are laid out one after the other
const pairs = new Map(
  dtypes.map((dtype) => [dtype, { wasm: side('wasm', dtype, BYTES), twin: side('typescript', dtype, BYTES) }]),
);

function expectSameBits(dtype: Dtype, product: Product): void {
  const pair = pairs.get(dtype)!;
  const wasm = multiply(pair.wasm, product);
  const twin = multiply(pair.twin, product);
  const at = firstDifference(wasm, twin);
  expect(at < 0 ? 'same bits' : `${JSON.stringify(product)} [${at}]: ${wasm[at]} and ${twin[at]}`).toBe('same bits');
}

const sizes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 17, 35];

for (const dtype of dtypes) {
  test(`gemm has the bits of its twin at every edge of its tiles (${dtype})`, () => {
    for (const m of sizes) {
      for (const n of sizes) expectSameBits(dtype, { transA: m & 1, transB: n & 1, m, n, k: 7, odd: (m + n) % 3 });
    }
  });

  test(`gemm has the bits of its twin around its blocks of the sum (${dtype})`, () => {
    for (const k of [0, 1, 3, 4, 5, 257, 399, 400, 401, 799, 801, 1203]) {
      for (const [transA, transB] of [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ] as const) {
        expectSameBits(dtype, { transA, transB, m: 13, n: 19, k, alpha: 0.7, beta: -1.3, odd: 1 });
      }
    }
  });

  test(`gemm has the bits of its twin past its blocks of rows and columns (${dtype})`, () => {
    const [m, n] = dtype === 'float32' ? [389, 33] : [197, 33];
    expectSameBits(dtype, { transA: 0, transB: 0, m, n, k: 9 });
    expectSameBits(dtype, {
      transA: 1,
      transB: 1,
      m: 5,
      n: dtype === 'float32' ? 1031 : 519,
      k: 9,
      beta: 1,
      bias: true,
    });
  });

  test(`gemm folds bias and activation in with the bits of its twin (${dtype})`, () => {
    for (const activation of [Activation.none, Activation.relu, Activation.tanh, Activation.sigmoid]) {
      expectSameBits(dtype, { transA: 0, transB: 1, m: 7, n: 11, k: 33, bias: true, activation, odd: 2 });
      expectSameBits(dtype, { transA: 0, transB: 1, m: 7, n: 11, k: 33, beta: 2, activation });
      expectSameBits(dtype, { transA: 0, transB: 1, m: 7, n: 11, k: 0, bias: true, activation });
    }
  });

  test(`with beta = 0 the old C is never read, with beta = 1 NaN stays (${dtype})`, () => {
    for (const k of [0, 5, 801]) {
      const product: Product = { transA: 0, transB: 0, m: 7, n: 9, k, fillC: NaN };
      expect(multiply(pairs.get(dtype)!.wasm, product).some(Number.isNaN)).toBe(false);
      expect(multiply(pairs.get(dtype)!.wasm, { ...product, beta: 1 }).every(Number.isNaN)).toBe(true);
      expectSameBits(dtype, product);
    }
  });

  test(`padding between rows of C is left alone (${dtype})`, () => {
    const c = multiply(pairs.get(dtype)!.wasm, { transA: 0, transB: 0, m: 7, n: 9, k: 5, odd: 3, fillC: 0.5 });
    for (let i = 0; i < 7; i++) expect(Array.from(c.subarray(i * 12 + 9, i * 12 + 12))).toEqual([0.5, 0.5, 0.5]);
  });
}
