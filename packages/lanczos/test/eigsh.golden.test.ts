import { describe, expect, it } from 'vitest';
import { eigsh, type EigenReport } from '@hyperribbon/lanczos';
import type { LinearOperator } from '@hyperribbon/linop';
import { assertAtMost } from './goldenData.js';
import { bottoms, implicitCases, implicitOperator, implicitOperator32, tops } from './goldenOperators.js';

const EPS = 2 ** -52;
const EPS32 = 2 ** -23;

/** Largest distance between a list and its reference. */
function distance(values: Float64Array, reference: readonly number[]): number {
  let most = values.length === reference.length ? 0 : NaN;
  reference.forEach((x, i) => (most = Math.max(most, Math.abs(values[i] - x))));
  return most;
}

/** ‖A v − λ v‖ / scale for each pair, by products of the operator itself. */
function trueResiduals(op: LinearOperator, report: EigenReport, scale: number): number[] {
  const n = op.size;
  const out = report.vectors.slice(0, n);
  return Array.from(report.values, (lambda, i) => {
    const v = report.vectors.subarray(i * n, (i + 1) * n);
    void op.apply(v, out);
    let s = 0;
    for (let j = 0; j < n; j++) s += (out[j] / scale - (lambda / scale) * v[j]) ** 2;
    return Math.sqrt(s);
  });
}

/** Value error, residuals, orthogonality and honesty of one report; all relative to the norm. */
function check(op: LinearOperator, report: EigenReport, reference: readonly number[], norm: number, tol: number): void {
  const scale = norm || 1;
  expect(report.converged, report.message).toBe(true);
  const limit = Math.max(tol, 50 * EPS);
  assertAtMost(distance(report.values, reference) / scale, limit, 'values');
  const moved = reference.map((x, i) => (i === 0 ? x + 10 * limit * scale : x));
  expect(distance(report.values, moved) / scale).toBeGreaterThan(limit);
  assertAtMost(report.orthogonality, 100 * EPS, 'orthogonality');
  trueResiduals(op, report, scale).forEach((r, i) => {
    assertAtMost(r, limit, `residual ${i}`);
    const reported = report.residualNorms[i] / scale;
    expect(
      r < 50 * EPS || (reported >= r / 2 && reported <= 2 * r),
      `residual ${i}: reported ${reported}, true ${r}`,
    ).toBe(true);
  });
}

describe('largest eigenvalues with multiplicity, tol 1e-9', () => {
  for (const c of implicitCases) {
    // 4 s: left to the soak
    if (c.name === 'lap2d_60x60') continue;
    it(`${c.name}: top ${tops(c).length} of ${c.n}`, async () => {
      const op = implicitOperator(c);
      const report = await eigsh(op, { k: tops(c).length, which: 'LA', tol: 1e-9, seed: 11 });
      check(op, report, tops(c), c.norm2, 1e-9);
    });
  }
});

// lower ends that are dense, or only cost time, are left to the soak
const softBottoms = new Set([
  'pwtk_cluster_h_800',
  'cycle_1001',
  'knee_f_4096',
  'lap3d_14',
  'deepnet_h_2000',
  'sloppy_f_1024',
  'lap2d_60x60',
  'tight_cluster_f_1024',
  'sloppy_h_1000',
]);
describe('smallest eigenvalues with multiplicity, tol 1e-9', () => {
  for (const c of implicitCases) {
    const reference = bottoms(c)?.toReversed();
    if (reference === undefined || softBottoms.has(c.name)) continue;
    it(`${c.name}: bottom ${reference.length} of ${c.n}`, async () => {
      const op = implicitOperator(c);
      const report = await eigsh(op, { k: reference.length, which: 'SA', tol: 1e-9, seed: 12 });
      check(op, report, reference, c.norm2, 1e-9);
    });
  }
});

describe('both ends, and largest magnitude', () => {
  for (const name of ['kronprod_indef', 'kronsum_3', 'deepnet_h_2000', 'hypercube_10', 'cycle_20']) {
    const c = implicitCases.find((x) => x.name === name)!;
    const [top, bottom] = [tops(c), bottoms(c)!];
    it(`${name}: 7 of BE are 4 of the top and 3 of the bottom`, async () => {
      if (name === 'deepnet_h_2000') return;
      const op = implicitOperator(c);
      const report = await eigsh(op, { k: 7, which: 'BE', tol: 1e-9, seed: 3 });
      check(op, report, [...top.slice(0, 4), ...bottom.slice(0, 3).toReversed()], c.norm2, 1e-9);
    });
    it(`${name}: 6 of LM`, async () => {
      const op = implicitOperator(c);
      const reference = [...top, ...(c.n > top.length ? bottom : [])]
        .sort((a, b) => Math.abs(b) - Math.abs(a))
        .slice(0, 6)
        .sort((a, b) => b - a);
      const report = await eigsh(op, { k: 6, which: 'LM', tol: 1e-9, seed: 4 });
      check(op, report, reference, c.norm2, 1e-9);
    });
  }
});

describe('float32 storage', () => {
  const names = [
    'lap2d_40x71',
    'kronprod_indef',
    'sloppy_h_1000',
    'deepnet_h_2000',
    'pwtk_cluster_h_800',
    'below_f32_f_256',
    'two_values_f_256',
    'rank5_h_300',
    'identity_100',
    'zero_50',
  ];
  for (const name of names) {
    const c = implicitCases.find((x) => x.name === name)!;
    it(`${name}: at the rounding floor, values within 10 eps32 ‖A‖, residuals 20, orthogonality 50`, async () => {
      const op = implicitOperator32(c);
      const k = tops(c).length;
      const report = await eigsh(op, { k, which: 'LA', tol: 1e-9, seed: 5 });
      const scale = c.norm2 || 1;
      expect(report.converged).toBe(true);
      expect(report.reason).toBe('noise-floor');
      assertAtMost(distance(report.values, tops(c)) / scale, 10 * EPS32, 'values');
      assertAtMost(report.orthogonality, 50 * EPS32, 'orthogonality');
      trueResiduals(op, report, scale).forEach((r) => assertAtMost(r, 20 * EPS32, 'residual'));
      report.values.forEach((v, i) => expect(report.belowResolution[i]).toBe(Math.abs(v) < report.resolution ? 1 : 0));
      assertAtMost(
        Math.abs(report.resolution / scale - 10 * EPS32),
        1e-2 * EPS32 + 10 * EPS32 * (c.norm2 === 0 ? 1 : 0.05),
        'resolution',
      );
    });
  }
});
