import { describe, expect, it } from 'vitest';
import { eigsh, fromMatvec } from '@hyperribbon/lanczos';
import { householderProduct } from '../goldenOperators.js';

const n = 1500;
const values = Float64Array.from({ length: n }, (_, i) => (i < 4 ? 5 : i < 8 ? 4 - i / 100 : i / n));
const A = fromMatvec(n, householderProduct(values, 2, 5));
const options = { k: 8, denseBelow: 0 } as const;

describe('start vectors in a block', () => {
  it('eigenvectors that are given are found with few products, and what is missing among them all the same', async () => {
    const plain = await eigsh(A, options);
    const again = await eigsh(A, { ...options, v0: plain.vectors });
    expect([plain.converged, again.converged]).toEqual([true, true]);
    expect(2 * again.matvecs).toBeLessThan(plain.matvecs);
    again.values.forEach((value, i) => expect(value).toBeCloseTo(plain.values[i], 10));
    // two of four copies, and one of the single ones
    const some = await eigsh(A, { ...options, v0: plain.vectors.slice(2 * n, 7 * n) });
    expect(some.converged).toBe(true);
    some.values.forEach((value, i) => expect(value).toBeCloseTo(plain.values[i], 7));
  });
  it('rows that depend on each other or are zero are replaced by random ones', async () => {
    const v0 = new Float64Array(4 * n);
    v0.fill(1, 0, 2 * n);
    v0[3 * n] = 1;
    const report = await eigsh(A, { ...options, v0 });
    expect(report.converged).toBe(true);
    report.values.forEach((value, i) => expect(value).toBeCloseTo(i < 4 ? 5 : 4 - i / 100, 7));
  });
  it('one vector starts as ever, and lengths that are no rows are refused', async () => {
    const v0 = Float64Array.from({ length: n }, (_, i) => Math.sin(i));
    const [one, two] = [await eigsh(A, { ...options, v0 }), await eigsh(A, { ...options, v0, blockSize: 1 })];
    expect(one.values).toEqual(two.values);
    expect(one.matvecs).toBe(two.matvecs);
    for (const [given, said] of [
      [{ v0: new Float64Array(n + 1) }, /v0 must be rows of n=1500 numbers, got 1501/],
      [{ v0: new Float64Array(0) }, /v0 must be rows of n=1500 numbers, got 0/],
      [{ v0: new Float64Array(2 * n).fill(NaN) }, /v0/],
      [{ v0: new Float64Array(2 * n), blockSize: 1 }, /blockSize/],
    ] as const)
      await expect(eigsh(A, { ...options, ...given })).rejects.toThrow(said);
  });
});
