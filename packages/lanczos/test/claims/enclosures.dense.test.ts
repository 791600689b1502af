import { describe, expect, it } from 'vitest';
import { eigh, eigsh, fromDense, fromMatvec, type EigenReport } from '@hyperribbon/lanczos';
import { assertAtMost } from '../goldenData.js';

/** Copies of W21+, whose entries are |10 − i| beside ones, in a row, joined by entries of `glue`: every eigenvalue of W21+ becomes a cluster of so many. */
function gluedWilkinson(copies: number, glue: number): Float64Array {
  const n = 21 * copies;
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    a[i * n + i] = Math.abs(10 - (i % 21));
    if (i > 0) a[i * n + i - 1] = a[(i - 1) * n + i] = i % 21 === 0 ? glue : 1;
  }
  return a;
}

function assertEnclosed({ values, enclosures }: EigenReport, all: Float64Array, wanted: ArrayLike<number>): void {
  values.forEach((value, i) => {
    const nearest = all.reduce((least, x) => Math.min(least, Math.abs(x - value)), Infinity);
    assertAtMost(nearest, enclosures.radius[i], `an eigenvalue near value ${i}`);
    assertAtMost(Math.abs(wanted[i] - value), enclosures.ordered[i], `eigenvalue ${i}`);
  });
}

describe('enclosures', () => {
  const n = 420;
  const a = gluedWilkinson(20, 1e-8);
  const all = eigh(a, n).values;
  const op = fromDense(a, n);

  it('of glued Wilkinson matrices: an eigenvalue in each radius, that of its place in each ordered one', async () => {
    let apart = 0;
    for (let seed = 0; seed < 6; seed++) {
      for (const [which, wanted] of [
        ['LA', all.slice(0, 5)],
        ['SA', all.slice(-5)],
      ] as const) {
        const report = await eigsh(op, { k: 5, which, seed, denseBelow: 0, maxMatvecs: 20000 });
        if (!report.converged) continue;
        assertEnclosed(report, all, wanted);
        report.values.forEach((value, i) => {
          if (Math.abs(value - wanted[i]) > report.enclosures.radius[i]) apart++;
        });
      }
    }
    // radius alone would not hold them
    expect(apart).toBeGreaterThan(0);
  });
  it('of small orders and of ends with gaps are tight in both', async () => {
    const small = gluedWilkinson(2, 1e-8);
    const report = await eigsh(fromDense(small, 42), { k: 6 });
    assertEnclosed(report, eigh(small, 42).values, eigh(small, 42).values);
    assertAtMost(Math.max(...report.enclosures.ordered), 1e-12 * report.norm, 'ordered');
    const isolated = fromMatvec(1400, (x, out) => {
      for (let i = 0; i < 1400; i++) out[i] = (i < 4 ? 9 - i : i / 1400) * x[i];
    });
    const gaps = await eigsh(isolated, { k: 4, tol: 1e-6, denseBelow: 0 });
    expect(Array.from(gaps.enclosures.ordered.slice(0, 3))).toEqual(Array.from(gaps.enclosures.radius.slice(0, 3)));
    expect(gaps.enclosures.ordered[3]).toBeGreaterThanOrEqual(1e-6 * gaps.norm);
  });
  it('claim no place without proof', async () => {
    const report = await eigsh(op, { k: 5, maxMatvecs: 30, denseBelow: 0 });
    expect([report.converged, Array.from(report.enclosures.ordered)]).toEqual([
      false,
      Array.from({ length: 5 }, () => Infinity),
    ]);
  });
});
