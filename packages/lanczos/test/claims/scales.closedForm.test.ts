import { describe, expect, it } from 'vitest';
import { diagonal, eigsh, initialize, krylovSteps, type EigenReport } from '@hyperribbon/lanczos';
import { spectralDensity } from '@hyperribbon/lanczos/density';
import { fromMatvecs, svds } from '@hyperribbon/lanczos/svd';
import { matrixFunction } from '@hyperribbon/lanczos/trace';
import { assertAtMost } from '../goldenData.js';

const outliers = (n: number, size: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => size * (i < 3 ? 9 - i : i / n));
const assertTop = ({ values, converged, norm }: EigenReport, size: number, tol: number, what: string): void => {
  expect(converged, what).toBe(true);
  expect(values.length, what).toBe(3);
  [9, 8, 7].forEach((x, i) => assertAtMost(Math.abs(values[i] / size - x), tol, `${what}, value ${i}`));
  assertAtMost(Math.abs(norm / size - 9), 1e-5, `${what}, norm`);
};

describe('vectors stored as float32', () => {
  it('of operators beyond the range of float32 have the values they have at 1, thresholds and known pairs too', async () => {
    for (const n of [20, 1500]) {
      for (const size of [1, 3e-58, 3e40, 1e-300, 1e300, 1e-40, 1e30]) {
        const op = diagonal(outliers(n, size));
        const what = `n = ${n}, ${size}`;
        const report = await eigsh(op, { k: 3, storage: 'float32', seed: 1 });
        assertTop(report, size, 1e-5, what);
        const { enclosures, residualNorms, resolution } = report;
        report.values.forEach((x, i) => assertAtMost(Math.abs(x / size - (9 - i)), enclosures.ordered[i] / size, what));
        assertAtMost(Math.max(...residualNorms) / size, 1e-4, what);
        assertAtMost(Math.abs(resolution / size / (90 * 2 ** -23) - 1), 3, `${what}, resolution`);
        assertTop(await eigsh(op, { above: 6.5 * size, storage: 'float32', seed: 1 }), size, 1e-5, `${what}, above`);
        const next = await eigsh(op, { k: 1, deflate: report, storage: 'float32', tol: 1e-3 });
        assertAtMost(Math.abs(next.values[0] / size - (n - 1) / n), 0.01, `${what}, the next`);
      }
    }
  });
  it('resume where they were stopped', async () => {
    const op = diagonal(outliers(1500, 3e-58));
    let state: Uint8Array | undefined;
    const options = { k: 3, storage: 'float32', seed: 1, onCheckpoint: (x: Uint8Array) => void (state = x) } as const;
    const part = await eigsh(op, { ...options, maxMatvecs: 9 });
    expect(part.converged).toBe(false);
    const whole = await eigsh(op, options);
    expect((await eigsh(op, { ...options, resume: state! })).values).toEqual(whole.values);
  });
  it('singular values as well', async () => {
    for (const size of [1e-60, 1e50]) {
      const op = fromMatvecs(40, 30, {
        apply: (x, out) => void out.forEach((_, i) => (out[i] = i < 30 ? (size * x[i]) / (1 + i) : 0)),
        applyTranspose: (y, out) => void out.forEach((_, i) => (out[i] = (size * y[i]) / (1 + i))),
      });
      const { values, converged } = await svds(op, { k: 3, storage: 'float32' });
      expect(converged).toBe(true);
      values.forEach((x, i) => assertAtMost(Math.abs(x / size - 1 / (1 + i)), 1e-5, `value ${i}`));
    }
  });
});

describe('a first product near zero, of a vector near the null space', () => {
  const scales: [dtype: typeof Float64Array | typeof Float32Array, small: number, big: number][] = [
    [Float64Array, 1e-200, 1],
    [Float64Array, 1, 1e200],
    [Float64Array, 1e-200, 1e200],
    [Float64Array, 1e-30, 1],
    [Float32Array, 1e-30, 1],
    [Float32Array, 1e-37, 1000],
    [Float32Array, 1, 1e37],
  ];
  for (const [Numbers, small, big] of scales) {
    const eps = Numbers === Float64Array ? 2 ** -52 : 2 ** -23;
    const entries = (n: number): Float32Array | Float64Array =>
      new Numbers(Array.from({ length: n }, (_, i) => (i === 0 ? small : big * (1 + i / n))));
    const unit = (n: number): Float32Array | Float64Array => {
      const x = new Numbers(n);
      x[0] = 1;
      return x;
    };
    const what = `${Numbers.name}, ${small} beside ${big}`;
    it(`${what}: eigenvalues`, async () => {
      const n = 1200;
      for (const which of ['LA', 'SA', 'BE'] as const) {
        const report = await eigsh(diagonal(entries(n)), { k: 2, which, v0: unit(n), denseBelow: 0, seed: 1 });
        expect(report.converged, report.message).toBe(true);
        const exact = { LA: [2 - 1 / n, 2 - 2 / n], SA: [1 + 1 / n, small / big], BE: [2 - 1 / n, small / big] }[which];
        exact.forEach((x, i) => assertAtMost(Math.abs(report.values[i] / big - x), 100 * eps + 1e-8, `${which} ${i}`));
        assertAtMost(Math.abs(report.norm / big - 2), 1e-2, 'norm');
      }
    });
    it(`${what}: functions, steps by hand, densities`, async () => {
      const square = matrixFunction(diagonal(entries(4)), (x) => x, 4);
      const [first, out] = [new Numbers(4), new Numbers(4)];
      await square.apply(unit(4), first);
      await square.apply(new Numbers(4).fill(1), out);
      assertAtMost(Math.abs(first[0] / small - 1), 1e3 * eps, 'near zero');
      out.forEach((x, i) => assertAtMost(Math.abs(x / big - entries(4)[i] / big), 100 * eps, `entry ${i}`));
      const steps = [];
      for await (const { alpha, beta } of krylovSteps(initialize(diagonal(entries(4)), { v0: unit(4) })))
        steps.push(alpha, beta);
      expect(steps).toEqual([Math.fround(small) === small || eps < 1e-10 ? small : Math.fround(small), 0]);
      const { trace } = await spectralDensity(diagonal(entries(4)), { probes: 2 });
      const exact = [0, 1.25, 1.5, 1.75].reduce((s, x) => s + x, small / big);
      assertAtMost(Math.abs(trace((x) => x).value / big - exact), 100 * eps, 'trace');
    });
  }
});
