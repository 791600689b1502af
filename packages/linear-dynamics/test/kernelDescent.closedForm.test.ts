// Oracle: the iterations themselves, run step by step, and sums over random features (B10 and section 3 of the sheet).
import { kernelDescent, kernelMatrix, predictedWidths, trajectoryCovariance } from '@hyperribbon/linear-dynamics';
import { exampleJacobian, gramMatrix } from '@hyperribbon/curvature';
import { mlp } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { describe, expect, test } from 'vitest';

const normals = (n: number, index: number): Float64Array =>
  stream({ seed: 6, purpose: 'test', index }).normal(new Float64Array(n));
const worst = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a, (value, i) => Math.abs(value - b[i])).reduce((x, y) => Math.max(x, y), 0);

describe('kernel matrices', () => {
  const [features, count, rows] = [3, 5, 4];
  const [inputs, others] = [normals(15, 0), normals(12, 1)];
  const at = (x: Float64Array, i: number) => Array.from(x.subarray(i * features, (i + 1) * features));
  const dot = (x: number[], z: number[]) => x.reduce((sum, value, k) => sum + value * z[k], 0);
  const angle = (x: number[], z: number[]) => Math.acos(dot(x, z) / Math.sqrt(dot(x, x) * dot(z, z)));
  const lengths = (x: number[], z: number[]) => Math.sqrt(dot(x, x) * dot(z, z));
  const cases = [
    [
      { kind: 'rbf', lengthScale: 0.7 },
      (x: number[], z: number[]) => Math.exp(-x.reduce((sum, value, k) => sum + (value - z[k]) ** 2, 0) / (2 * 0.49)),
    ],
    [
      { kind: 'polynomial', degree: 3, scale: 0.5, offset: 2 },
      (x: number[], z: number[]) => (0.5 * dot(x, z) + 2) ** 3,
    ],
    [{ kind: 'arcCosine', order: 0 }, (x: number[], z: number[]) => 1 - angle(x, z) / Math.PI],
    [
      { kind: 'arcCosine', order: 1 },
      (x: number[], z: number[]) =>
        (lengths(x, z) / Math.PI) * (Math.sin(angle(x, z)) + (Math.PI - angle(x, z)) * Math.cos(angle(x, z))),
    ],
    [
      { kind: 'arcCosine', order: 2 },
      (x: number[], z: number[]) => {
        const t = angle(x, z);
        return (
          (lengths(x, z) ** 2 / Math.PI) * (3 * Math.sin(t) * Math.cos(t) + (Math.PI - t) * (1 + 2 * Math.cos(t) ** 2))
        );
      },
    ],
  ] as const;
  test.each(cases)('%o', (kernel, value) => {
    const cross = kernelMatrix(kernel, { inputs, count, features, others });
    const direct = Float64Array.from({ length: rows * count }, (_, i) =>
      value(at(inputs, i % count), at(others, Math.floor(i / count))),
    );
    expect(worst(cross, direct)).toBeLessThan(1e-13 * Math.max(...direct));
    const gram = kernelMatrix(kernel, { inputs, count, features });
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < count; j++) {
        expect(gram[i * count + j]).toBe(gram[j * count + i]);
        if (i !== j) expect(gram[i * count + j]).toBeCloseTo(value(at(inputs, i), at(inputs, j)), 12);
      }
    }
  });
  test('arc-cosine: the same input has angle 0, nearly parallel ones keep eight digits of theirs', () => {
    const pair = Float64Array.of(1, 0, 1, 1e-7);
    const gram = kernelMatrix({ kind: 'arcCosine', order: 0 }, { inputs: pair, count: 2, features: 2 });
    expect(gram[0]).toBe(1);
    expect((1 - gram[1]) * Math.PI).toBeCloseTo(1e-7, 15);
  });
  test('arc-cosine: order 1 is the covariance of infinitely many ReLU units', () => {
    const [x, z] = [at(inputs, 0), at(inputs, 1)];
    const units = 100_000;
    const w = normals(units * 3, 2);
    let sum = 0;
    for (let u = 0; u < units; u++) sum += Math.max(0, dot(x, at(w, u))) * Math.max(0, dot(z, at(w, u)));
    // Cho and Saul's normalisation is twice the mean
    const gram = kernelMatrix({ kind: 'arcCosine', order: 1 }, { inputs, count, features });
    expect((2 * sum) / units / gram[1]).toBeCloseTo(1, 1.5);
  });
});

describe('B10: kernel gradient descent', () => {
  const n = 15;
  const x = Float64Array.from({ length: n }, (_, i) => -1 + (2 * i) / (n - 1));
  const kernels = [
    { kind: 'rbf', lengthScale: 0.3 },
    { kind: 'polynomial', degree: 4 },
    { kind: 'arcCosine', order: 1 },
  ] as const;
  test.each(kernels)('%o: closed forms are the iteration, in training, dual and test points', (kernel) => {
    const inputs = Float64Array.from({ length: 2 * n }, (_, i) => (i % 2 === 0 ? x[i / 2] : 1));
    const gram = kernelMatrix(kernel, { inputs, count: n, features: 2 });
    const targets = Float64Array.from({ length: 2 * n }, (_, i) =>
      i % 2 === 0 ? Math.sin(3 * x[i / 2]) : x[(i - 1) / 2] ** 2,
    );
    const initial = normals(2 * n, 3);
    const others = Float64Array.of(0.123, 1, 0.77, 1);
    const cross = kernelMatrix(kernel, { inputs, count: n, features: 2, others });
    const largest = kernelDescent({ gram, count: n, targets, outputs: 2, learningRate: 1e-3 }).eigenvalues[0];
    const learningRate = 0.9 / largest;
    const machine = kernelDescent({ gram, count: n, targets, outputs: 2, initial, learningRate });
    const f = Float64Array.from(initial);
    const dual = new Float64Array(2 * n);
    for (let t = 0; t <= 200; t++) {
      if (t % 40 === 0) {
        expect(worst(machine.train(t), f)).toBeLessThan(1e-13 * 4);
        // dual weights grow with t: relative to the largest
        const size = dual.reduce((a, b) => Math.max(a, Math.abs(b)), 1);
        expect(worst(machine.dual(t), dual)).toBeLessThan(1e-13 * size);
        const there = Float64Array.from({ length: 4 }, (_, at) =>
          Array.from({ length: n }, (_, j) => cross[Math.floor(at / 2) * n + j] * dual[j * 2 + (at % 2)]).reduce(
            (a, b) => a + b,
          ),
        );
        expect(worst(machine.predict(t, cross), there)).toBeLessThan(1e-12 * size);
        expect(
          worst(
            machine.predict(t, cross, Float64Array.of(1, 2, 3, 4)),
            there.map((value, i) => value + i + 1),
          ),
        ).toBeLessThan(1e-12 * size);
      }
      const r = f.map((value, i) => value - targets[i]);
      for (let i = 0; i < n; i++) {
        for (let c = 0; c < 2; c++) {
          dual[i * 2 + c] -= (learningRate / n) * r[i * 2 + c];
          let sum = 0;
          for (let j = 0; j < n; j++) sum += gram[i * n + j] * r[j * 2 + c];
          f[i * 2 + c] -= (learningRate / n) * sum;
        }
      }
    }
  });
  test('a singular kernel leaves what it cannot see and its dual stays finite', () => {
    const machine = kernelDescent({
      gram: Float64Array.of(1, 1, 1, 1),
      count: 2,
      targets: Float64Array.of(1, -1),
      learningRate: 0.5,
    });
    expect(worst(machine.train(1000), [0, 0])).toBeLessThan(1e-12);
    expect(worst(machine.dual(1000), [250, -250])).toBeLessThan(1e-10);
  });
  test('gradient flow is the limit of small steps', () => {
    const gram = kernelMatrix(kernels[0], { inputs: x, count: n, features: 1 });
    const targets = x.map((value) => Math.sin(3 * value));
    const at = (options: { dynamics?: 'flow'; learningRate: number }, step: number) =>
      kernelDescent({ gram, count: n, targets, ...options }).train(step);
    const flow = at({ dynamics: 'flow', learningRate: 0.5 }, 20);
    const errors = [1, 10].map((k) => worst(at({ learningRate: 0.5 / (100 * k) }, 2000 * k), flow));
    expect(errors[1]).toBeLessThan(1e-4);
    expect(errors[0] / errors[1]).toBeCloseTo(10, 0);
  });
  test('an empirical tangent kernel drives it like any other', () => {
    const network = mlp([2, 8, 2], { activation: 'tanh' });
    const params = Float64Array.from(network.init(3, 'float64'));
    const count = 6;
    const inputs = normals(2 * count, 5);
    const examples = { inputs, labels: new Int32Array(count), count, features: 2, classes: 2 };
    const gram = gramMatrix(network, params, examples, { of: 0 }).map((value) => value * count);
    // the rows of the Jacobian, one by one
    const jacobian = exampleJacobian(network, params, examples, { of: 0, dtype: 'float64' });
    const J = Array.from({ length: count }, (_, i) => {
      const row = new Float64Array(network.size);
      jacobian.applyTransposed(
        Float64Array.from({ length: count }, (_, j) => Number(i === j)),
        row,
      );
      return row;
    });
    const product = Float64Array.from({ length: count * count }, (_, at) =>
      J[Math.floor(at / count)].reduce((sum, value, k) => sum + value * J[at % count][k], 0),
    );
    expect(worst(gram, product)).toBeLessThan(1e-12);
    const machine = kernelDescent({ gram, count, targets: normals(count, 6), learningRate: 0.01 });
    const { widths } = predictedWidths({
      eigenvalues: machine.eigenvalues,
      learningRate: 0.01,
      steps: 100,
      initialScale: 1,
      target: machine.target,
      targetExponent: 0,
    });
    expect(widths.every((value, k) => value > 0 && (k === 0 || value <= widths[k - 1]))).toBe(true);
  });
  test('its trajectories are those of section 3: the cloud of f_t/√n over random starts, by sums', () => {
    const gram = kernelMatrix(kernels[0], { inputs: x.subarray(0, 6), count: 6, features: 1 });
    const targets = normals(6, 7);
    const machine = kernelDescent({ gram, count: 6, targets, learningRate: 1 });
    const T = 12;
    const { eigenvalues: l, vectors } = machine;
    const closed = trajectoryCovariance({
      eigenvalues: l,
      learningRate: 1,
      steps: T,
      initialScale: 0.4,
      target: machine.target,
      targetExponent: 0,
    });
    // E[(f_t − mean)(…)ᵀ]/n from f_t = y + Σ (1 − l)ᵗ v vᵀ (f₀ − y), cov f₀ = σ² K
    const points = Array.from({ length: T }, (_, t) => machine.train(t));
    const centre = points[0].map((_, i) => points.reduce((sum, point) => sum + point[i], 0) / T);
    for (let p = 0; p < 6; p++) {
      for (let q = 0; q < 6; q++) {
        let sum = 0;
        for (const point of points) {
          let [u, w] = [0, 0];
          for (let i = 0; i < 6; i++) {
            u += vectors[p * 6 + i] * (point[i] - centre[i]);
            w += vectors[q * 6 + i] * (point[i] - centre[i]);
          }
          sum += (u * w) / (6 * T);
        }
        if (p === q) for (let t = 0; t < T; t++) sum += (0.16 * l[p] * (1 - l[p]) ** (2 * t)) / T;
        expect(closed.covariance[p * 6 + q]).toBeCloseTo(sum, 14);
      }
    }
  });
});
