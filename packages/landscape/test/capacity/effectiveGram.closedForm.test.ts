import { eigh } from '@hyperribbon/lanczos';
import { stream } from '@hyperribbon/random';
import { describe, expect, test } from 'vitest';
import { effectiveGram } from '../../src/capacity.js';

const [n, d] = [6, 4];
const inputs = stream({ seed: 1, purpose: 'inputs' }).normal(new Float64Array(n * d));
const residual = stream({ seed: 1, purpose: 'residual' }).normal(new Float64Array(n));
const kernel = gram(inputs, n, d);

function gram(x: Float64Array, rows: number, columns: number): Float64Array {
  return Float64Array.from({ length: rows * rows }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += x[Math.floor(at / rows) * columns + k] * x[(at % rows) * columns + k];
    return sum;
  });
}

/** Residuals of linear regression after gradient flow on some rows, by Runge and Kutta on the weights. */
function residualsAfter(time: number, among: readonly number[]): Float64Array {
  const slope = (w: Float64Array): Float64Array => {
    const out = new Float64Array(d);
    for (const i of among) {
      let r = residual[i];
      for (let k = 0; k < d; k++) r += w[k] * inputs[i * d + k];
      for (let k = 0; k < d; k++) out[k] -= (r * inputs[i * d + k]) / among.length;
    }
    return out;
  };
  const steps = 2000;
  const h = time / steps;
  let w = new Float64Array(d);
  const at = (s: Float64Array, by: number): Float64Array => w.map((x, k) => x + by * s[k]);
  for (let step = 0; step < steps; step++) {
    const k1 = slope(w);
    const k2 = slope(at(k1, h / 2));
    const k3 = slope(at(k2, h / 2));
    const k4 = slope(at(k3, h));
    w = w.map((x, k) => x + (h / 6) * (k1[k] + 2 * k2[k] + 2 * k3[k] + k4[k]));
  }
  return residual.map((r, i) => w.reduce((sum, weight, k) => sum + weight * inputs[i * d + k], r));
}

const all = Array.from({ length: n }, (_, i) => i);

describe('The quadratic form is the gap between leaving out and training on', () => {
  test('linear regression that is trained n times without an example, and once with all', () => {
    for (const time of [0.3, 2, 15]) {
      const found = effectiveGram(kernel, residual, { time });
      const trained = residualsAfter(time, all);
      let [out, own] = [0, 0];
      for (const i of all) {
        out +=
          residualsAfter(
            time,
            all.filter((j) => j !== i),
          )[i] **
            2 /
          (2 * n);
        own += trained[i] ** 2 / (2 * n);
      }
      expect(found.leaveOneOut).toBeCloseTo(out, 9);
      expect(found.training).toBeCloseTo(own, 9);
      let quadratic = 0;
      for (const i of all) for (const j of all) quadratic += residual[i] * found.matrix[i * n + j] * residual[j];
      expect(quadratic).toBeCloseTo(found.gap, 12);
      expect(found.gap).toBeCloseTo(out - own, 9);
    }
  });

  test('at the end of interpolation an example left out differs by (K⁻¹r)ᵢ/(K⁻¹)ᵢᵢ', () => {
    const full = kernel.map((entry, at) => entry + (Math.floor(at / n) === at % n ? 0.5 : 0));
    const { values, vectors } = eigh(full, n, { vectors: true });
    const inverse = (i: number, j: number): number =>
      values.reduce((sum, value, k) => sum + (vectors[k * n + i] * vectors[k * n + j]) / value, 0);
    const wanted = all.reduce((sum, i) => {
      const away = all.reduce((total, j) => total + inverse(i, j) * residual[j], 0) / inverse(i, i);
      return sum + away ** 2 / (2 * n);
    }, 0);
    const found = effectiveGram(full, residual, { time: Infinity });
    expect(found.leaveOneOut).toBeCloseTo(wanted, 11);
    expect(found.training).toBeLessThan(1e-28);
  });

  test('outputs that share a kernel are as many gaps', () => {
    const two = new Float64Array(4 * n * n);
    for (const i of all)
      for (const j of all) for (const o of [0, 1]) two[(2 * i + o) * 2 * n + 2 * j + o] = kernel[i * n + j];
    const other = stream({ seed: 2, purpose: 'residual' }).normal(new Float64Array(n));
    const both = Float64Array.from({ length: 2 * n }, (_, at) => (at % 2 === 0 ? residual : other)[at >> 1]);
    const found = effectiveGram(two, both, { time: 2, outputs: 2 });
    const alone = [residual, other].map((r) => effectiveGram(kernel, r, { time: 2 }).gap);
    expect(found.gap).toBeCloseTo(alone[0] + alone[1], 11);
  });
});

describe('Degenerate kernels and residuals', () => {
  test('orthogonal examples learn nothing of each other', () => {
    const identity = Float64Array.from({ length: 9 }, (_, at) => (at % 4 === 0 ? 2 : 0));
    const found = effectiveGram(identity, Float64Array.of(1, 2, 3), { time: 1.5 });
    expect(found.leaveOneOut).toBeCloseTo(14 / 6, 13);
    expect(found.training).toBeCloseTo((14 / 6) * Math.exp(-2), 12);
  });

  test('nothing is trained by a kernel of zeros, and there is no gap', () => {
    const found = effectiveGram(new Float64Array(9), Float64Array.of(1, 2, 3), { time: Infinity });
    expect([found.training, ...found.matrix]).toEqual([14 / 6, ...new Float64Array(9)]);
    expect(Math.abs(found.gap)).toBeLessThan(1e-15);
  });

  test('equal examples know each other', () => {
    const found = effectiveGram(new Float64Array(4).fill(3), Float64Array.of(1, 1), { time: Infinity });
    expect(Math.abs(found.leaveOneOut)).toBeLessThan(1e-28);
  });

  test('sizes 1e±150 change nothing but time', () => {
    const plain = effectiveGram(kernel, residual, { time: 2 });
    for (const scale of [2 ** -498, 2 ** 498]) {
      const found = effectiveGram(
        kernel.map((x) => x * scale),
        residual,
        { time: 2 / scale },
      );
      expect(found.gap).toBeCloseTo(plain.gap, 11);
    }
  });

  test('shares of the residual sum to one; of none they are no numbers', () => {
    const found = effectiveGram(kernel, residual, { time: 2 });
    const total = (shares: Float64Array): number => shares.reduce((sum, share) => sum + share, 0);
    expect(total(found.alignment)).toBeCloseTo(1, 12);
    expect(total(found.alignmentAtTime)).toBeCloseTo(1, 12);
    expect([...found.eigenvalues]).toEqual([...found.eigenvalues].toSorted((a, b) => a - b));
    expect(effectiveGram(kernel, new Float64Array(n), { time: 1 }).alignment[0]).toBeNaN();
  });

  test('one example, wrong lengths, negative eigenvalues, no time', () => {
    const asked =
      (k: Float64Array, r: Float64Array, options = { time: 1 }) =>
      () =>
        effectiveGram(k, r, options);
    expect(asked(Float64Array.of(1), Float64Array.of(1))).toThrow(/two examples are needed/u);
    expect(asked(kernel, residual.subarray(1))).toThrow(/kernel/u);
    expect(asked(Float64Array.of(1, 0, 0, -1), Float64Array.of(1, 1))).toThrow(
      /positive semidefinite, got an eigenvalue -1/u,
    );
    expect(asked(Float64Array.of(1, NaN, NaN, 1), Float64Array.of(1, 1))).toThrow(/kernel/u);
    expect(asked(kernel, residual, { time: 0 })).toThrow(/time must be positive, got 0/u);
    expect(asked(kernel, residual, { time: 1, outputs: 4 } as { time: number })).toThrow(
      /4 numbers for each example, got 6/u,
    );
  });
});
