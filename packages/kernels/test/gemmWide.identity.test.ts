import { expect, test, vi } from 'vitest';
import { enableExperimentalSimd } from '../src/index.js';
import { wideTiles } from '../src/modules/experimentalSimd.js';
import { expectSameBits, sparseA } from './matrixProduct.js';

// Tiles of twice the columns run where the engine joins 128-bit operations; here they are forced, with or without that engine.
vi.mock('../src/modules/experimentalSimd.js', async (original) => ({
  ...(await original<object>()),
  wideTiles: () => true,
}));

for (const dtype of ['float32', 'float64'] as const) {
  test(`wide tiles keep every bit of gemm (${dtype})`, () => {
    expect(wideTiles()).toBe(true);
    for (const m of [1, 5, 6, 7, 13]) {
      for (const n of [1, 4, 7, 8, 9, 15, 16, 17, 31, 33]) {
        expectSameBits(dtype, { transA: m & 1, transB: n & 1, m, n, k: 11, odd: (m + n) % 3, beta: n % 2 });
      }
    }
    expectSameBits(dtype, { transA: 0, transB: 0, m: 197, n: 391, k: 401, alpha: 0.7, bias: true });
    expectSameBits(dtype, { transA: 1, transB: 1, m: 7, n: 775, k: 5 });
    // records of zeros are dropped, whole wide panels and a narrow one at the end
    for (const n of [64, 71, 73, 95]) {
      expectSameBits(dtype, { transA: n & 1, transB: 0, m: 14, n, k: 401, beta: 1, entryA: sparseA(0.6) });
    }
    // panels of the largest size: scratch holds them, or the first array behind it would change
    expectSameBits(dtype, { transA: 0, transB: 0, m: 101, n: 769, k: 400 });
  });
}

test('enabling experimental SIMD reports what the engine has', () => {
  const { relaxedSimd, revectorized } = enableExperimentalSimd();
  const major = Number.parseInt(process.versions.node, 10);
  expect(relaxedSimd).toBe(true);
  expect(revectorized).toBe(major >= 24 && process.arch === 'x64');
});
