// The workers run what is built: tsc -b comes before the tests.
import { coo, csr, inThreads } from '@hyperribbon/linop/sparse';
import { drawn } from './drawn.js';
import { afterAll, describe, expect, it } from 'vitest';
import { splitByEntries } from '../../src/sparse/rowShard.js';

const [rows, columns, nnz] = [300, 211, 4000];
const random = drawn(3);
const at = (below: number): Int32Array =>
  Int32Array.from(random.uniform(new Float64Array(nnz)), (u) => Math.floor(u * u * below));
const parts = {
  rows,
  columns,
  rowIndices: at(rows),
  columnIndices: at(columns),
  values: random.normal(new Float64Array(nnz)),
};
const open: { close(): Promise<void> }[] = [];
afterAll(() => Promise.all(open.map((operator) => operator.close())));

describe('sparse products in threads', () => {
  for (const workers of [0, 1, 3]) {
    it(`${workers} workers: the bits of one thread, there and back, one product after another`, async () => {
      const A = coo(parts);
      const B = inThreads(A, { workers });
      open.push(B);
      const x = random.normal(new Float64Array(3 * columns));
      const outs = [0, 1, 2].map(() => new Float64Array(rows));
      await Promise.all(outs.map((out, c) => B.apply(x.subarray(c * columns, (c + 1) * columns), out)));
      const one = new Float64Array(rows);
      for (const [c, out] of outs.entries()) {
        A.apply(x.subarray(c * columns, (c + 1) * columns), one);
        expect(out).toEqual(one);
      }
      const [back, alone] = [new Float64Array(columns), new Float64Array(columns)];
      await B.applyTranspose(one, back);
      A.applyTranspose(one, alone);
      expect(back).toEqual(alone);
    });
  }

  it('a symmetric matrix in float32 with fewer rows than threads', async () => {
    const A = csr(
      {
        rows: 2,
        columns: 2,
        offsets: Int32Array.of(0, 1, 2),
        indices: Int32Array.of(1, 0),
        values: Float32Array.of(3, 3),
      },
      { symmetric: 'full' },
    );
    const B = inThreads(A, { workers: 3 });
    open.push(B);
    const out = new Float32Array(2);
    await B.apply(Float32Array.of(1, 2), out);
    expect(out).toEqual(Float32Array.of(6, 3));
    await expect(B.apply(new Float32Array(3), out)).rejects.toThrow(/x must have length 2/);
    await B.close();
    await expect(B.apply(Float32Array.of(1, 2), out)).rejects.toThrow(/closed/);
  });

  it('refuses half storage and numbers of workers that are none; a worker that cannot be loaded rejects', async () => {
    const square = coo({ ...parts, columns: rows });
    const half = csr(
      { rows: 1, columns: 1, offsets: Int32Array.of(0, 1), indices: Int32Array.of(0), values: Float64Array.of(1) },
      { symmetric: 'full', storage: 'half' },
    );
    expect(() => inThreads(half, { workers: 1 })).toThrow(/storage: 'full'/);
    expect(() => inThreads(square, { workers: 1.5 })).toThrow(/workers must be an integer in \[0, 64\]/);
    const lost = inThreads(square, { workers: 1, workerUrl: new URL('nowhere.js', import.meta.url) });
    open.push(lost);
    await expect(lost.apply(new Float64Array(rows), new Float64Array(rows))).rejects.toMatchObject({ reason: 'start' });
  });

  it('parts rows by entries', () => {
    const lengths = [10, 0, 0, 1, 1, 8, 4, 4, 2];
    const offsets = new Int32Array(10);
    lengths.forEach((length, i) => (offsets[i + 1] = offsets[i] + length));
    const a = { rows: 9, columns: 1, offsets, indices: new Int32Array(30), values: new Float64Array(30) };
    expect(splitByEntries(a, 3)).toEqual([0, 1, 6, 9]);
    expect(splitByEntries(a, 1)).toEqual([0, 9]);
  });
});
