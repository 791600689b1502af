// Oracle: the iterations themselves, run step by step; limits; stationarity (B10 and section 4 of the sheet).
import type { Progress } from '@hyperribbon/contract';
import {
  finiteMoments,
  freshMoments,
  noiseFloor,
  sgdStepLimit,
  trajectoryCovariance,
} from '@hyperribbon/linear-dynamics';
import { stream } from '@hyperribbon/random';
import { describe, expect, test } from 'vitest';

const normals = (n: number, index: number): Float64Array =>
  stream({ seed: 6, purpose: 'test', index }).normal(new Float64Array(n));
const worst = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a, (value, i) => Math.abs(value - b[i])).reduce((x, y) => Math.max(x, y), 0);

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
  test.each([
    ['30 × 20', 30, 20, 1, 1],
    ['20 × 30, more features than examples', 20, 30, 1, 1],
    ['one number', 1, 1, 1, 1],
    ['inputs of size 1e6', 40, 5, 1e6, 1],
    ['targets of size 1e-9', 40, 5, 1, 1e-9],
    ['both large', 12, 12, 1e5, 1e5],
  ])(
    'takes the rounding of interpolating data for residuals that are none: %s',
    async (_, count, features, size, scale) => {
      for (let seed = 50; seed < 60; seed++) {
        const x = normals(count * features, seed).map((v) => size * v);
        const w = normals(features, seed + 100).map((v) => scale * v);
        const fit = (row: number, order: (a: number, b: number) => number): number =>
          Array.from(w, (v, k) => v * x[row * features + k])
            .sort(order)
            .reduce((a, b) => a + b, 0);
        // the same sum in two orders
        const residuals = Float64Array.from(
          { length: count },
          (_, i) => fit(i, (a, b) => a - b) - fit(i, (a, b) => b - a),
        );
        const given = {
          inputs: x,
          count,
          features,
          target: w,
          learningRate: 1e-3 / (size * size * features),
          steps: 1,
        };
        const { finalMean } = await finiteMoments({ ...given, residuals });
        expect(finalMean).toEqual((await finiteMoments(given)).finalMean);
        // negative control: what is left of a fit that is off by a millionth
        const wrong = residuals.map((_, i) => 1e-6 * fit(i, (a, b) => a - b));
        await expect(finiteMoments({ ...given, residuals: wrong })).rejects.toThrow(/orthogonal to the inputs/);
      }
    },
  );
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
