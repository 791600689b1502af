import { describe, expect, it } from 'vitest';
import { eigsh } from '@hyperribbon/lanczos';
import { diagonal, fromMatvec } from '@hyperribbon/linop';
import { assertAtMost } from './goldenData.js';

const off = (values: Float64Array, reference: readonly number[]): number =>
  values.length === reference.length ? Math.max(...reference.map((x, i) => Math.abs(x - values[i]))) : NaN;

describe('completeness at both ends', () => {
  // four copies at either end of a bulk: one start vector sees one of each
  const n = 2000;
  const d = Float64Array.from({ length: n }, (_, i) => (i < 4 ? 2 : i < 8 ? -2 : Math.sin(i)));
  it('copies are found at the lower end as at the upper one', async () => {
    for (const which of ['BE', 'LM'] as const) {
      for (let seed = 0; seed < 2; seed++) {
        const report = await eigsh(diagonal(d), { k: 8, which, tol: 1e-9, seed });
        expect(report.converged, report.message).toBe(true);
        assertAtMost(off(report.values, [2, 2, 2, 2, -2, -2, -2, -2]) / 2, 1e-9, 'values');
        // the upper and the lower end were searched
        expect(report.completeness.searches).toBeGreaterThan(1);
      }
    }
  });
});

describe('slow searches at both ends', () => {
  // gaps of 1e-5 of the norm at either end
  const n = 1500;
  const path = fromMatvec(n, (x, out) => {
    for (let i = 0; i < n; i++) out[i] = 0.5 * ((x[i - 1] ?? 0) + (x[i + 1] ?? 0));
  });
  const d = Float64Array.from({ length: n }, (_, i) => Math.cos((Math.PI * (i + 1)) / (n + 1)));
  it('go over to an odd polynomial between the ends; resumed inside with the same bits', async () => {
    for (const which of ['BE', 'LM'] as const) {
      const options = { k: 4, which, tol: 1e-8, seed: 2, maxMatvecs: 30_000 };
      const states: Uint8Array[] = [];
      const report = await eigsh(path, { ...options, checkpointEvery: 700, onCheckpoint: (s) => states.push(s) });
      expect(report.converged, report.message).toBe(true);
      assertAtMost(off(report.values, [d[0], d[1], d[n - 2], d[n - 1]]), 1e-8, 'values');
      const { degree, low, high } = report.filter!;
      expect([degree % 2, low < -0.9, high > 0.9, which === 'BE' || low === -high]).toEqual([1, true, true, true]);
      if (which === 'LM') continue;
      const resumed = await eigsh(path, { ...options, resume: states.at(-1)! });
      expect(resumed.vectors.every((x, i) => Object.is(x, report.vectors[i]))).toBe(true);
      expect([resumed.matvecs, resumed.completeness]).toEqual([report.matvecs, report.completeness]);
    }
  });
  it('also with a threshold: as many as lie above it, or that there are more than k', async () => {
    const above = (d[4] + d[5]) / 2;
    const options = { above, tol: 1e-8, seed: 3, maxMatvecs: 30_000 };
    const report = await eigsh(path, { ...options, k: 12 });
    expect(report.converged, report.message).toBe(true);
    expect(report.filter).not.toBe(null);
    assertAtMost(off(report.values, Array.from(d.subarray(0, 5))), 1e-8, 'values');
    const more = await eigsh(path, { ...options, k: 3 });
    expect([more.converged, more.reason]).toEqual([false, 'more-than-k']);
  });
});
