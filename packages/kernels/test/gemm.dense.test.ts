import { expect, test } from 'vitest';
import { hasRelaxedSimd } from '../src/modules/relaxedSimd.js';
import type { Dtype } from '../src/index.js';
import { numbers, place, side } from './pairedWorkspaces.js';

/** Unit roundoff of the storage type. */
const UNIT: Readonly<Record<Dtype, number>> = { float32: 2 ** -24, float64: 2 ** -53 };

/** max over entries of |C − AB| / Σ|a||b| in units of roundoff, AB by a plain triple loop in float64. */
function largestError(
  dtype: Dtype,
  deterministic: boolean,
  [m, n, k]: readonly [number, number, number],
  moved = 0,
): number {
  const on = side('wasm', dtype, 1 << 22, deterministic);
  const [a, b, c] = [
    place(on, numbers(m * k, 1), 0),
    place(on, numbers(k * n, 2), 1),
    place(on, new Float64Array(m * n), 2),
  ];
  on.table.gemm(0, 0, m, n, k, 1, a.pointer, k, b.pointer, n, 0, c.pointer, n, 0, 0);
  let largest = 0;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let exact = 0;
      let size = 0;
      for (let p = 0; p < k; p++) {
        const term = a.values[i * k + p]! * b.values[p * n + j]!;
        exact += term;
        size += Math.abs(term);
      }
      largest = Math.max(
        largest,
        Math.abs(c.values[i * n + j]! - exact - moved * UNIT[dtype] * size) / (UNIT[dtype] * size),
      );
    }
  }
  return largest;
}

// Terms of one block of at most 400 steps are added in sequence: random rounding errors grow like its square root, measured 4.1
// at worst here; the bound that always holds is 400 + blocks.
const ROOM = 6;

for (const dtype of ['float32', 'float64'] as const) {
  for (const deterministic of [true, false]) {
    const flavour = deterministic || !hasRelaxedSimd() ? 'deterministic' : 'fast';
    test(`gemm stays within ${ROOM} roundoffs of Σ|a||b| of the triple loop (${dtype}, ${flavour})`, () => {
      for (const shape of [
        [13, 19, 1],
        [31, 33, 399],
        [13, 19, 801],
        [49, 50, 1600],
      ] as const) {
        expect(largestError(dtype, deterministic, shape)).toBeLessThan(ROOM);
      }
      // negative control: the reference moved by ten tolerances
      expect(largestError(dtype, deterministic, [13, 19, 801], 10 * ROOM)).toBeGreaterThan(ROOM);
    });
  }
}

test('long float32 sums are right to the last bit of float64 sums', () => {
  const n = 100_003;
  const on = side('wasm', 'float32', 1 << 20);
  const x = place(on, numbers(n, 1), 1);
  let exact = 0;
  let sequential = 0;
  for (const value of x.values) {
    exact += value * value;
    sequential = Math.fround(sequential + Math.fround(value * value));
  }
  expect(Math.abs(on.table.dot(n, x.pointer, x.pointer) - exact) / exact).toBeLessThan(1e-12);
  // negative control: what summing in float32 would give
  expect(Math.abs(sequential - exact) / exact).toBeGreaterThan(1e-7);
});
