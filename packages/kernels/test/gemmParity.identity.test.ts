import { expect, test } from 'vitest';
import { Activation, type Dtype } from '../src/index.js';
import { expectSameBits, multiplyInWasm, type Product } from './matrixProduct.js';

const dtypes: readonly Dtype[] = ['float32', 'float64'];
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
      expect(multiplyInWasm(dtype, product).some(Number.isNaN)).toBe(false);
      expect(multiplyInWasm(dtype, { ...product, beta: 1 }).every(Number.isNaN)).toBe(true);
      expectSameBits(dtype, product);
    }
  });

  test(`padding between rows of C is left alone (${dtype})`, () => {
    const c = multiplyInWasm(dtype, { transA: 0, transB: 0, m: 7, n: 9, k: 5, odd: 3, fillC: 0.5 });
    for (let i = 0; i < 7; i++) expect(Array.from(c.subarray(i * 12 + 9, i * 12 + 12))).toEqual([0.5, 0.5, 0.5]);
  });
}
