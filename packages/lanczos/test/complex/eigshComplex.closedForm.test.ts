import { describe, expect, it } from 'vitest';
import { stream } from '@hyperribbon/random';
import { type ComplexOperator, eigshComplex, fromComplexDense, fromComplexMatvec } from '../../src/complex.js';

/** A ring of n sites with flux: H x_j = 2 x_j − e^{iθ} x_{j+1} − e^{−iθ} x_{j−1}, with eigenvalues 2 − 2 cos(2πm/n + θ). */
function ring(n: number, theta: number, scale = 1, dtype: 'float64' | 'float32' = 'float64'): ComplexOperator {
  const [c, s] = [Math.cos(theta), Math.sin(theta)];
  return fromComplexMatvec(
    n,
    (x, out) => {
      for (let j = 0; j < n; j++) {
        const [l, r] = [2 * ((j + n - 1) % n), 2 * ((j + 1) % n)];
        out[2 * j] = scale * (2 * x[2 * j] - c * (x[l] + x[r]) + s * (x[r + 1] - x[l + 1]));
        out[2 * j + 1] = scale * (2 * x[2 * j + 1] - c * (x[l + 1] + x[r + 1]) - s * (x[r] - x[l]));
      }
    },
    { dtype },
  );
}

const ringValues = (n: number, theta: number): number[] =>
  Array.from({ length: n }, (_, m) => 2 - 2 * Math.cos((2 * Math.PI * m) / n + theta)).sort((a, b) => b - a);

/** H = U D Uᴴ of n complex components, U a complex reflection. */
function rotated(values: ArrayLike<number>, dtype: 'float64' | 'float32' = 'float64'): ComplexOperator {
  const n = values.length;
  const h = new Float64Array(2 * n);
  stream({ seed: 5, purpose: 'test/complex' }).normal(h);
  const size = h.reduce((sum, x) => sum + x * x, 0);
  const reflect = (x: Float64Array): Float64Array => {
    let [re, im] = [0, 0];
    for (let i = 0; i < 2 * n; i += 2) {
      re += h[i] * x[i] + h[i + 1] * x[i + 1];
      im += h[i] * x[i + 1] - h[i + 1] * x[i];
    }
    const y = x.slice();
    for (let i = 0; i < 2 * n; i += 2) {
      y[i] -= (2 * (re * h[i] - im * h[i + 1])) / size;
      y[i + 1] -= (2 * (re * h[i + 1] + im * h[i])) / size;
    }
    return y;
  };
  const apply = (x: ArrayLike<number>): Float64Array =>
    reflect(reflect(Float64Array.from(x)).map((value, i) => values[i >> 1] * value));
  return fromComplexMatvec(n, (x: Float64Array, out: Float64Array) => out.set(apply(x)), { dtype } as object);
}

/** Largest residual and loss of orthogonality, by products. */
function looked(op: ComplexOperator, report: { values: Float64Array; vectors: ArrayLike<number> }): number {
  const length = 2 * op.size;
  let worst = 0;
  const rows = Array.from(report.values, (_, i) =>
    Float64Array.from({ length }, (_, j) => report.vectors[i * length + j]),
  );
  rows.forEach((v, i) => {
    const y = new Float64Array(length);
    void op.apply(v, y);
    worst = Math.max(worst, Math.hypot(...y.map((value, j) => value - report.values[i] * v[j])));
    rows.forEach((w, k) => {
      let [re, im] = [i === k ? -1 : 0, 0];
      for (let j = 0; j < length; j += 2) {
        re += v[j] * w[j] + v[j + 1] * w[j + 1];
        im += v[j] * w[j + 1] - v[j + 1] * w[j];
      }
      worst = Math.max(worst, Math.abs(re), Math.abs(im));
    });
  });
  return worst;
}

describe('eigshComplex', () => {
  it('a ring with flux, once each, at all ends and beyond a threshold', async () => {
    const [n, theta] = [60, 0.03];
    const all = ringValues(n, theta);
    const H = ring(n, theta);
    for (const [which, wanted] of [
      ['LA', all.slice(0, 5)],
      ['SA', all.slice(-5)],
      ['BE', [...all.slice(0, 3), ...all.slice(-2)]],
    ] as const) {
      const report = await eigshComplex(H, { k: 5, which });
      expect(report.reason).toBe('converged');
      expect(Math.max(...report.values.map((value, i) => Math.abs(value - wanted[i])))).toBeLessThan(1e-8);
      expect(looked(H, report)).toBeLessThan(4e-8);
    }
    const above = await eigshComplex(H, { above: 3.9 });
    expect([above.converged, above.values.length]).toEqual([true, all.filter((value) => value > 3.9).length]);
    const most = await eigshComplex(H, { below: 0.5, k: 3 });
    expect(most.reason).toBe('more-than-k');
  });
  it('multiplicity is that of H: three copies cut through by k, a whole cluster, the identity', async () => {
    const values = [7, 7, 7, 5, 5, ...Array.from({ length: 55 }, (_, i) => i / 60)];
    const H = rotated(values);
    for (const denseBelow of [0, 1024])
      for (const k of [1, 2, 3, 4, 5, 6]) {
        const report = await eigshComplex(H, { k, denseBelow });
        expect(report.converged).toBe(true);
        expect(Array.from(report.values, (v) => Math.round(v * 60) / 60)).toEqual(
          [...values].sort((a, b) => b - a).slice(0, k),
        );
        expect(looked(H, report)).toBeLessThan(1e-6);
      }
    const identity = fromComplexMatvec(30, (x, out) => out.set(x));
    expect((await eigshComplex(identity, { k: 4 })).values.every((value) => Math.abs(value - 1) < 1e-14)).toBe(true);
  });
  it('eigenvalues of ± one size are told apart in LM', async () => {
    const report = await eigshComplex(rotated([3, -3, -2, 2, ...Array.from({ length: 60 }, (_, i) => i / 100)]), {
      k: 4,
      which: 'LM',
    });
    expect(Array.from(report.values, (v) => Math.round(v * 1e6) / 1e6)).toEqual([3, 2, -2, -3]);
  });
  it('n = 1, zero, k = n, σ_y, and numbers from 1e-150 to 1e150', async () => {
    expect(Array.from((await eigshComplex(fromComplexDense(1, Float64Array.of(-4, 0)), { k: 1 })).values)).toEqual([
      -4,
    ]);
    const zero = await eigshComplex(
      fromComplexMatvec(20, (_, out) => void out.fill(0)),
      { k: 2 },
    );
    expect([zero.converged, ...zero.values.map((v) => v + 0)]).toEqual([true, 0, 0]);
    const sigmaY = await eigshComplex(fromComplexDense(2, Float64Array.of(0, 0, 0, -1, 0, 1, 0, 0)), { k: 2 });
    expect(sigmaY.values[0]).toBeCloseTo(1, 14);
    expect(sigmaY.values[1]).toBeCloseTo(-1, 14);
    for (const scale of [1e-150, 1e150]) {
      const report = await eigshComplex(ring(60, 0.03, scale), { k: 3 });
      expect(report.converged).toBe(true);
      const wanted = ringValues(60, 0.03);
      report.values.forEach((value, i) => expect(value / scale).toBeCloseTo(wanted[i], 7));
    }
  });
  it('float32', async () => {
    const report = await eigshComplex(ring(60, 0.03, 1, 'float32'), { k: 3 });
    expect([report.converged, report.vectors instanceof Float32Array]).toEqual([true, true]);
    report.values.forEach((value, i) => expect(value).toBeCloseTo(ringValues(60, 0.03)[i], 4));
  });
  it('an operator that is not linear over the complex numbers, or not Hermitian, is told', async () => {
    const conjugate = fromComplexMatvec(20, (x, out) => out.set(x.map((value, i) => (i % 2 === 0 ? value : -value))));
    await expect(eigshComplex(conjugate, { k: 2 })).rejects.toThrow(/H \(i x\) is not i H x/);
    const skew = fromComplexMatvec(20, (x, out) => out.set(x.map((_, i) => (i % 2 === 0 ? -x[i + 1] : x[i - 1]))));
    expect((await eigshComplex(skew, { k: 2 })).reason).toBe('not-symmetric');
    await expect(eigshComplex({ size: 3, dtype: 'float64', apply() {} } as never, { k: 1 })).rejects.toThrow(
      /fromComplexMatvec/,
    );
    for (const [options, said] of [
      [{}, /k must be a number/],
      [{ k: 61 }, /k must be an integer in .*60.*got k=61/],
      [{ k: 1, deflate: {} }, /deflate is no option/],
      [{ k: 1, tol: 2 }, /^eigshComplex: tol/],
    ] as const)
      await expect(eigshComplex(ring(60, 0), options as never)).rejects.toThrow(said);
    expect(() => fromComplexDense(2, new Float64Array(4))).toThrow(/8/);
  });
  it('a signal ends it, and it goes on with the same bits', async () => {
    const controller = new AbortController();
    let products = 0;
    let state: Uint8Array | undefined;
    const H = ring(600, 0.03);
    const counted: ComplexOperator = {
      ...H,
      apply(x, out) {
        if (++products === 60) controller.abort();
        return H.apply(x, out);
      },
    };
    const options = { k: 2, denseBelow: 0, maxMatvecs: 20000, filter: 'off', basisSize: 80, tol: 1e-4 } as const;
    const ended = await eigshComplex(counted, {
      ...options,
      signal: controller.signal,
      onCheckpoint: (saved) => (state = saved),
    });
    expect([ended.reason, ended.converged, ended.values.length]).toEqual(['aborted', false, 0]);
    const [resumed, whole] = [await eigshComplex(H, { ...options, resume: state! }), await eigshComplex(H, options)];
    expect(resumed.converged).toBe(true);
    expect(resumed.values).toEqual(whole.values);
  });
  it('a wait for a product that never comes ends with the signal, in the search and in what follows it', async () => {
    const H = ring(60, 0.03);
    for (const from of [1, 50, 125]) {
      const controller = new AbortController();
      let products = 0;
      const slow: ComplexOperator = {
        ...H,
        apply(x, out) {
          if (++products < from) return H.apply(x, out);
          setTimeout(() => controller.abort(), 10);
          return new Promise(() => {});
        },
      };
      const report = await eigshComplex(slow, { k: 2, signal: controller.signal });
      expect([from, report.reason, report.values.length]).toEqual([from, 'aborted', 0]);
    }
  });
});
