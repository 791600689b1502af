import { createSparseWorkspace, type SparseKernels } from '@hyperribbon/kernels/sparse';
import { numbers } from '../pairedWorkspaces.js';
import { describe, expect, it } from 'vitest';

const lengths = [0, 1, 3, 4, 5, 11, 257];
const columns = 300;

/** Runs all kernels of an engine on the same numbers; guard words stand around what they write. */
function results(engine: 'wasm' | 'typescript', dtype: 'float32' | 'float64', first: number): number[] {
  const space = createSparseWorkspace({ bytes: 1 << 18, engine });
  const width = dtype === 'float32' ? 4 : 8;
  const view = (pointer: number, length: number): Float32Array | Float64Array =>
    dtype === 'float32' ? space.float32View(pointer, length) : space.float64View(pointer, length);
  const kernels: SparseKernels = space[dtype];
  const rows = lengths.length;
  const nnz = lengths.reduce((sum, length) => sum + length);
  const [offsets, indices, values, x, out, sums] = [rows + 1, nnz, 2 * nnz, 8 * columns, 8 * columns, 2 * columns].map(
    (words) => space.allocate(8 * words),
  );
  const starts = space.int32View(offsets, rows + 1);
  starts[0] = first;
  lengths.forEach((length, i) => (starts[i + 1] = starts[i] + length));
  let draws = 0;
  const draw = (length: number): Float64Array => numbers(length, ++draws);
  // ascending columns from the row on: an upper triangle too
  lengths.forEach((length, i) =>
    space.int32View(indices + 4 * (starts[i] - first), length).set(Array.from({ length }, (_, p) => i + p + (p >> 4))),
  );
  view(values, nnz).set(draw(nnz));
  view(x, 4 * columns).set(draw(4 * columns));
  const got: number[] = [];
  const take = (length: number, run: (to: number) => void): void => {
    view(out + 8 - width, length + 2).fill(777);
    run(out + 8);
    got.push(...view(out + 8 - width, length + 2));
  };
  take(rows, (to) => kernels.csrProduct(rows, offsets, indices, values, x, to));
  take(4 * rows, (to) => kernels.csrProducts(rows, offsets, indices, values, x, to));
  take(columns, (to) =>
    kernels.csrTransposed(rows, columns, offsets, indices, values, x, dtype === 'float32' ? sums : to, to),
  );
  if (first === 0) {
    // further rows are empty
    const all = space.allocate(4 * (columns + 1));
    space.int32View(all, columns + 1).fill(nnz);
    space.int32View(all, rows + 1).set(starts);
    take(columns, (to) => kernels.csrMirrored(columns, all, indices, values, x, dtype === 'float32' ? sums : to, to));
  }
  return got;
}

describe('kernels of compressed rows', () => {
  for (const dtype of ['float32', 'float64'] as const) {
    for (const first of [0, 7]) {
      it(`WebAssembly and its twin give the same bits in ${dtype}, rows of ${lengths.join(', ')} entries, offsets from ${first}`, () => {
        const wasm = results('wasm', dtype, first);
        const twin = results('typescript', dtype, first);
        expect(wasm.length).toBe(twin.length);
        expect(wasm.findIndex((value, i) => !Object.is(value, twin[i]))).toBe(-1);
        expect(wasm[0]).toBe(777);
        expect(wasm[lengths.length + 1]).toBe(777);
        expect(wasm.slice(1, 5).some((value) => value !== 0)).toBe(true);
      });
    }
  }
});
