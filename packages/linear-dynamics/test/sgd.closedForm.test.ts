// Oracle: the iterations themselves, run step by step; limits; stationarity (B10 and section 4 of the sheet).
import type { Progress } from '@hyperribbon/contract';
import {
  finiteMoments,
  freshMoments,
  kernelDescent,
  kernelMatrix,
  noiseFloor,
  predictedWidths,
  sgdStepLimit,
  trajectoryCovariance,
} from '@hyperribbon/linear-dynamics';
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

describe('SGD on fresh inputs', () => {
  const lambda = [1, 0.4, 0.15, 0.05];
  const target = [1, -0.5, 0.8, 0.3];
  /** the matrix recursion as it stands in the sheet */
  function recursion({
    eta,
    batch,
    noise,
    scale,
    steps,
  }: {
    eta: number;
    batch: number;
    noise: number;
    scale: number;
    steps: number;
  }) {
    const d = lambda.length;
    let s = Float64Array.from(
      { length: d * d },
      (_, at) => target[Math.floor(at / d)] * target[at % d] + (at % (d + 1) === 0 ? scale * scale : 0),
    );
    let m = target.map((value) => -value);
    const sum = new Float64Array(d * d);
    const meanSum = new Float64Array(d);
    for (let t = 0; t < steps; t++) {
      s.forEach((value, at) => (sum[at] += value / steps));
      m.forEach((value, i) => (meanSum[i] += value / steps));
      const trace = lambda.reduce((total, value, i) => total + value * s[i * d + i], 0);
      s = s.map((value, at) => {
        const [i, j] = [Math.floor(at / d), at % d];
        const own = i === j ? (eta * eta * lambda[i] * (trace + noise * noise)) / batch : 0;
        return value * (1 - eta * (lambda[i] + lambda[j]) + eta * eta * (1 + 1 / batch) * lambda[i] * lambda[j]) + own;
      });
      m = m.map((value, i) => value * (1 - eta * lambda[i]));
    }
    return {
      covariance: sum.map((value, at) => value - meanSum[Math.floor(at / d)] * meanSum[at % d]),
      last: s,
      mean: meanSum.map((value, i) => value + target[i]),
    };
  }
  for (const setting of [
    { eta: 0.3, batch: 2, noise: 0.2, scale: 0.5, steps: 40 },
    { eta: 1.2, batch: 20, noise: 0, scale: 0.1, steps: 333 },
    { eta: 0.01, batch: 1, noise: 1, scale: 0, steps: 1000 },
  ]) {
    test(`is the matrix recursion, ${JSON.stringify(setting)}`, () => {
      const { eta: learningRate, batch, noise: labelNoise, scale: initialScale, steps } = setting;
      const reference = recursion(setting);
      const options = { eigenvalues: lambda, learningRate, steps, batch, labelNoise, target, initialScale };
      const moments = freshMoments({ ...options, exponent: 0 });
      expect(worst(moments.covariance, reference.covariance)).toBeLessThan(1e-13);
      expect(worst(moments.finalSecondMoment, reference.last)).toBeLessThan(1e-13);
      expect(worst(moments.mean, reference.mean)).toBeLessThan(1e-13);
      const weighted = freshMoments(options);
      weighted.covariance.forEach((value, at) =>
        expect(value).toBeCloseTo(moments.covariance[at] * Math.sqrt(lambda[Math.floor(at / 4)] * lambda[at % 4]), 14),
      );
    });
  }
  test('tends to gradient descent for large batches', () => {
    const options = { eigenvalues: lambda, learningRate: 0.5, steps: 30, target, initialScale: 0.3 };
    const descent = trajectoryCovariance(options).covariance;
    const distances = [1e3, 1e6].map((batch) =>
      worst(freshMoments({ ...options, batch, labelNoise: 0.1 }).covariance, descent),
    );
    expect(distances[1]).toBeLessThan(2e-6);
    expect(distances[0] / distances[1]).toBeCloseTo(1000, -1);
  });
  test('B10: 1e5 simulated paths agree within 1 %', () => {
    const [d, paths, T, eta, batch, noise, scale] = [4, 100_000, 40, 0.3, 2, 0.2, 0.5];
    const { covariance } = freshMoments({
      eigenvalues: lambda,
      learningRate: eta,
      steps: T,
      batch,
      labelNoise: noise,
      target,
      initialScale: scale,
      exponent: 0,
    });
    const random = stream({ seed: 8, purpose: 'test/paths' });
    const w = random.normal(new Float64Array(paths * d)).map((value) => value * scale);
    const draw = new Float64Array(paths * (d + 1));
    const second = new Float64Array(d * d);
    const first = new Float64Array(d);
    const roots = lambda.map(Math.sqrt);
    const step = new Float64Array(paths * d);
    for (let t = 0; t < T; t++) {
      for (let p = 0; p < paths; p++) {
        for (let i = 0; i < d; i++) {
          first[i] += w[p * d + i];
          for (let j = 0; j <= i; j++) second[i * d + j] += w[p * d + i] * w[p * d + j];
        }
      }
      step.fill(0);
      for (let k = 0; k < batch; k++) {
        random.normal(draw);
        for (let p = 0; p < paths; p++) {
          const [at, from] = [p * d, p * (d + 1)];
          let r = -noise * draw[from + d];
          for (let i = 0; i < d; i++) r += roots[i] * draw[from + i] * (w[at + i] - target[i]);
          for (let i = 0; i < d; i++) step[at + i] += (r * roots[i] * draw[from + i]) / batch;
        }
      }
      for (let at = 0; at < step.length; at++) w[at] -= eta * step[at];
    }
    let [error, size] = [0, 0];
    for (let i = 0; i < d; i++) {
      for (let j = 0; j <= i; j++) {
        const simulated = second[i * d + j] / (paths * T) - (first[i] / (paths * T)) * (first[j] / (paths * T));
        error += (i === j ? 1 : 2) * (simulated - covariance[i * d + j]) ** 2;
        size += (i === j ? 1 : 2) * covariance[i * d + j] ** 2;
      }
    }
    expect(Math.sqrt(error / size)).toBeLessThan(0.01);
    // without the noise of batches the same simulation would be off by more than ten times that
    const descent = trajectoryCovariance({
      eigenvalues: lambda,
      learningRate: eta,
      steps: T,
      target,
      initialScale: scale,
      exponent: 0,
    }).covariance;
    expect(worst(descent, covariance)).toBeGreaterThan(0.01 * Math.sqrt(size));
  });
});

describe('noise floor', () => {
  const lambda = [1, 0.3, 0.1, 0.02];
  test('is where the recursion stops moving', () => {
    const options = { eigenvalues: lambda, learningRate: 0.4, batch: 3, labelNoise: 0.7 };
    const floor = noiseFloor(options);
    const { finalSecondMoment } = freshMoments({ ...options, steps: 20_000, target: [1, 1, 1, 1] });
    floor.variances.forEach((value, i) => expect(finalSecondMoment[i * 5] / value).toBeCloseTo(1, 12));
  });
  test('is η s²/(2B) in every direction for small steps, + 2 % at η = .01 as the sheet found', () => {
    const { variances, smallStep } = noiseFloor({
      eigenvalues: [1, 0.4, 0.15, 0.05],
      learningRate: 0.01,
      labelNoise: 0.2,
    });
    expect(smallStep).toBeCloseTo((0.01 * 0.04) / 2, 16);
    variances.forEach((value) => expect(value / smallStep).toBeGreaterThan(1));
    expect(variances[0] / smallStep).toBeCloseTo(1.02, 2);
  });
  test('falls as the spectrum does in predictions: no plateau', () => {
    const { predictionVariances } = noiseFloor({ eigenvalues: lambda, learningRate: 1e-6, labelNoise: 1 });
    predictionVariances.forEach((value, i) => expect(value / predictionVariances[0]).toBeCloseTo(lambda[i], 5));
  });
  test('grows without bound towards the step limit, which for one mode is 2/(1 + 2/B)/λ', () => {
    expect(sgdStepLimit([2], 1)).toBeCloseTo(1 / 3, 14);
    expect(sgdStepLimit([2], 4)).toBeCloseTo(1 / 1.5, 14);
    const limit = sgdStepLimit(lambda, 2);
    expect(limit).toBeLessThan(2);
    expect(
      noiseFloor({ eigenvalues: lambda, learningRate: limit * (1 - 1e-6), batch: 2, labelNoise: 1 }).variances[0],
    ).toBeGreaterThan(1e5);
    expect(() =>
      noiseFloor({ eigenvalues: lambda, learningRate: limit * (1 + 1e-6), batch: 2, labelNoise: 1 }),
    ).toThrow(/learningRate must be below/);
    expect(sgdStepLimit(lambda, 1e9)).toBeCloseTo(2, 6);
  });
});

describe('SGD on a finite data set', () => {
  const [d, n] = [3, 6];
  const inputs = normals(n * d, 20).map((value, at) => value * [1, 0.6, 0.3][at % d]);
  const target = [1, -0.5, 0.8];
  /** every batch of every step, enumerated: the exact expectation over two steps */
  function enumerate(residuals: ArrayLike<number>, eta: number, batches: number[][], steps: number) {
    const y = Array.from(
      { length: n },
      (_, r) => residuals[r] + target.reduce((sum, value, k) => sum + value * inputs[r * d + k], 0),
    );
    // starts ± √d σ e_k have mean 0 and covariance σ² I
    const scale = 0.4;
    let points = Array.from({ length: 2 * d }, (_, s) =>
      Array.from({ length: d }, (_, k) => (k === s >> 1 ? (s & 1 ? -1 : 1) * scale * Math.sqrt(d) : 0)),
    );
    const all: number[][][] = [points];
    for (let t = 0; t < steps; t++) {
      points = points.flatMap((w) =>
        batches.map((batch) =>
          w.map(
            (value, k) =>
              value -
              (eta / batch.length) *
                batch.reduce(
                  (sum, r) =>
                    sum + inputs[r * d + k] * (w.reduce((dot, v, j) => dot + v * inputs[r * d + j], 0) - y[r]),
                  0,
                ),
          ),
        ),
      );
      all.push(points);
    }
    const e = points.map((w) => w.map((value, k) => value - target[k]));
    const last = Array.from(
      { length: d * d },
      (_, at) => e.reduce((sum, v) => sum + v[Math.floor(at / d)] * v[at % d], 0) / e.length,
    );
    const recorded = all.slice(0, steps);
    const over = (f: (w: number[]) => number) =>
      recorded.reduce((sum, group) => sum + group.reduce((s, w) => s + f(w), 0) / group.length, 0) / steps;
    const mean = Array.from({ length: d }, (_, k) => over((w) => w[k]));
    const covariance = Array.from(
      { length: d * d },
      (_, at) => over((w) => w[Math.floor(at / d)] * w[at % d]) - mean[Math.floor(at / d)] * mean[at % d],
    );
    return { last, covariance, mean };
  }
  const pairs = Array.from({ length: n * n }, (_, k) => [Math.floor(k / n), k % n]);
  const without = pairs.filter(([a, b]) => a !== b);
  /** noise made orthogonal to the inputs by three rounds of projection on normal equations */
  function orthogonal(): Float64Array {
    const r = normals(n, 21);
    for (let round = 0; round < 4000; round++) {
      const cross = [0, 1, 2].map((k) => Array.from(r).reduce((sum, value, i) => sum + value * inputs[i * d + k], 0));
      for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) r[i] -= 0.1 * inputs[i * d + k] * cross[k];
    }
    return r;
  }
  const settings = { inputs, count: n, features: d, target, learningRate: 0.5, initialScale: 0.4, steps: 2, batch: 2 };
  test.each([
    ['interpolating', new Float64Array(n), true],
    ['with residuals', orthogonal(), true],
    ['with residuals, batches without replacement', orthogonal(), false],
  ] as const)('%s: the moments are those of all paths enumerated', async (_, residuals, replacement) => {
    const reference = enumerate(residuals, 0.5, replacement ? pairs : without, 2);
    const moments = await finiteMoments({ ...settings, residuals, replacement });
    expect(moments.status).toBe('reconstruction');
    expect(worst(moments.finalSecondMoment, reference.last)).toBeLessThan(1e-13);
    expect(worst(moments.covariance, reference.covariance)).toBeLessThan(1e-13);
    expect(worst(moments.mean, reference.mean)).toBeLessThan(1e-13);
  });
  test('reports every step and rejects with AbortError', async () => {
    const controller = new AbortController();
    const heard: Progress[] = [];
    const onProgress = (progress: Progress): void => void (heard.push(progress) === 2 && controller.abort('enough'));
    const stopped = finiteMoments({ ...settings, steps: 5, signal: controller.signal, onProgress });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
    expect(heard).toEqual([1, 2].map((done) => ({ done, of: 5 })));
  });
  test('the whole data set without replacement is gradient descent', async () => {
    const { covariance } = await finiteMoments({ ...settings, steps: 9, batch: n, replacement: false });
    let w = Array.from({ length: d }, () => 0);
    const transfer: number[][][] = [];
    // w_t = A^t w_0 + shift: both by running the iteration from the unit vectors and from 0
    const run = (start: number[]) => {
      w = start;
      const path = [w];
      for (let t = 1; t < 9; t++) {
        w = w.map(
          (value, k) =>
            value -
            (0.5 / n) *
              Array.from(
                { length: n },
                (_, r) => inputs[r * d + k] * w.reduce((sum, v, j) => sum + (v - target[j]) * inputs[r * d + j], 0),
              ).reduce((a, b) => a + b),
        );
        path.push(w);
      }
      return path;
    };
    const shift = run([0, 0, 0]);
    for (let k = 0; k < d; k++)
      transfer.push(
        run([0, 1, 2].map((j) => Number(j === k))).map((point, t) => point.map((value, i) => value - shift[t][i])),
      );
    const centre = [0, 1, 2].map((k) => shift.reduce((sum, point) => sum + point[k], 0) / 9);
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) {
        let sum = 0;
        for (let t = 0; t < 9; t++) {
          sum += ((shift[t][i] - centre[i]) * (shift[t][j] - centre[j])) / 9;
          for (let k = 0; k < d; k++) sum += (0.16 * transfer[k][t][i] * transfer[k][t][j]) / 9;
        }
        expect(covariance[i * d + j]).toBeCloseTo(sum, 13);
      }
    }
  });
});
