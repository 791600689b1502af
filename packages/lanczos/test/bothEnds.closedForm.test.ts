import { describe, expect, it } from 'vitest';
import { eigsh } from '@hyperribbon/lanczos';
import { diagonal } from '@hyperribbon/linop';
import { assertAtMost } from './goldenData.js';

const off = (values: Float64Array, reference: readonly number[]): number =>
  values.length === reference.length ? Math.max(...reference.map((x, i) => Math.abs(x - values[i]))) : NaN;

describe('completeness at both ends', () => {
  // four copies at either end of a bulk: one start vector sees one of each
  const n = 2000;
  const d = Float64Array.from({ length: n }, (_, i) => (i < 4 ? 2 : i < 8 ? -2 : Math.sin(i)));
  it('copies are found at the lower end as at the upper one', async () => {
    for (const which of ['BE', 'LM'] as const) {
      for (let seed = 0; seed < 4; seed++) {
        const report = await eigsh(diagonal(d), { k: 8, which, tol: 1e-9, seed });
        expect(report.converged, report.message).toBe(true);
        assertAtMost(off(report.values, [2, 2, 2, 2, -2, -2, -2, -2]) / 2, 1e-9, 'values');
        // the upper and the lower end were searched
        expect(report.completeness.searches).toBeGreaterThan(1);
      }
    }
  });
});
