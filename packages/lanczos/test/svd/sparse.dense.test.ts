import { describe, expect, it } from 'vitest';
import { rank } from '@hyperribbon/lanczos/rank';
import { svd, svds } from '@hyperribbon/lanczos/svd';
import { coo, toDense } from '@hyperribbon/linop/sparse';
import { stream } from '@hyperribbon/random';

/** 5 % of (m, n), at random places. */
function scattered(m: number, n: number, dtype: 'float64' | 'float32') {
  const count = Math.round(0.05 * m * n);
  const draw = stream({ seed: 8, purpose: 'test/sparse', index: m });
  const [places, numbers] = [new Float64Array(count), new Float64Array(count)];
  draw.uniform(places);
  draw.normal(numbers);
  // no place twice
  const at = [...new Set(Array.from(places, (u) => Math.floor(u * m * n)))];
  const values = numbers.slice(0, at.length);
  return coo({
    rows: m,
    columns: n,
    rowIndices: Int32Array.from(at, (p) => Math.floor(p / n)),
    columnIndices: Int32Array.from(at, (p) => p % n),
    values: dtype === 'float64' ? values : Float32Array.from(values),
  });
}

describe('singular values of sparse matrices', () => {
  for (const [m, n, dtype] of [
    [220, 180, 'float64'],
    [150, 260, 'float64'],
    [220, 180, 'float32'],
  ] as const)
    it(`${m} × ${n}, ${dtype}: largest, smallest and rank are those of the dense matrix`, async () => {
      const A = scattered(m, n, dtype);
      const all = svd(Float64Array.from(toDense(A)), m, n).values;
      const off = dtype === 'float64' ? 1e-7 : 1e-4;
      const largest = await svds(A, { k: 4 });
      const smallest = await svds(A, { k: 3, which: 'SA' });
      expect([largest.converged, smallest.converged]).toEqual([true, true]);
      largest.values.forEach((value, i) => expect(Math.abs(value - all[i])).toBeLessThan(off * all[0]));
      smallest.values.forEach((value, i) =>
        expect(Math.abs(value - all[all.length - 3 + i])).toBeLessThan(off * all[0]),
      );
      const found = await rank(A);
      const threshold = Math.max(m, n) * (dtype === 'float64' ? 2 ** -52 : 2 ** -23) * all[0];
      expect(found.rank).toBe(all.filter((value) => value > threshold).length);
    });
});
