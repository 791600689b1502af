// Oracle: explicit sums and recursions, and the asymptotic laws of the sheet (B1, B2, B5 to B9).
import { eigvalsh } from '@hyperribbon/lanczos';
import {
  asymptoticTargetEigenvalues,
  displacement,
  flowTraces,
  geometricBoundary,
  iterate,
  plateauBoundary,
  predictedWidths,
  ribbonScales,
  sloppyEigenvalues,
  trajectoryCovariance,
  zolotarevBound,
} from '@hyperribbon/linear-dynamics';
import { stream } from '@hyperribbon/random';
import { describe, expect, test } from 'vitest';

const normals = (n: number, index: number): Float64Array =>
  stream({ seed: 4, purpose: 'test', index }).normal(new Float64Array(n));
const maxAbs = (values: Iterable<number>): number => Math.max(...Array.from(values, Math.abs));
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('B1: iterates', () => {
  const lambda = [1, 0.4, 0.15, 0.05, 0.001, 0];
  const [initial, target] = [normals(6, 0), normals(6, 1)];
  test.each([0.7, 1, 1.4, 1.99])('are those of simulated descent, η λ₁ = %s', (learningRate) => {
    const w = Float64Array.from(initial);
    for (let t = 0; t <= 50; t++) {
      const closed = iterate({ eigenvalues: lambda, learningRate, step: t, initial, target });
      expect(maxAbs(closed.map((value, i) => value - w[i]))).toBeLessThan(1e-12);
      for (let i = 0; i < 6; i++) w[i] -= learningRate * lambda[i] * (w[i] - target[i]);
    }
  });
  test('of gradient flow solve its equation', () => {
    const at = (step: number) =>
      iterate({ eigenvalues: lambda, learningRate: 0.5, step, initial, target, dynamics: 'flow' });
    const [before, now, after] = [at(2.999), at(3), at(3.001)];
    now.forEach((value, i) =>
      expect((after[i] - before[i]) / 0.002).toBeCloseTo(-0.5 * lambda[i] * (value - target[i]), 6),
    );
  });
});

describe('B2: covariance against sums over the trajectory', () => {
  const d = 6;
  const T = 37;
  const lambda = sloppyEigenvalues(0.8, { dimension: d, largest: 2 });
  const b = normals(d * 2, 3).map((value) => 2 * value);
  /** sums for one initial standard deviation, outputs interleaved */
  function explicit(eta: number, outputs: number, p: number, scale: number) {
    const size = d * outputs;
    const target = b.subarray(0, size);
    const power = (i: number) => Math.sqrt(lambda[Math.floor(i / outputs)]) ** p;
    const a = (i: number) => 1 - eta * lambda[Math.floor(i / outputs)];
    const points = range(T).map((t) => range(size).map((i) => power(i) * (1 - a(i) ** t) * target[i]));
    const mean = range(size).map((i) => points.reduce((sum, point) => sum + point[i], 0) / T);
    const covariance = range(size * size).map((at) => {
      const [i, j] = [Math.floor(at / size), at % size];
      const moved = points.reduce((sum, point) => sum + (point[i] - mean[i]) * (point[j] - mean[j]), 0) / T;
      const start = i === j ? range(T).reduce((sum, t) => sum + (scale * power(i) * a(i) ** t) ** 2, 0) / T : 0;
      return moved + start;
    });
    return { covariance, mean };
  }
  for (const eta of [0.3, 0.5, 0.97]) {
    for (const outputs of [1, 2]) {
      for (const exponent of [0, 1, 2]) {
        test(`η λ₁ = ${2 * eta}, ${outputs} outputs, p = ${exponent}`, () => {
          const sums = explicit(eta, outputs, exponent, 0.5);
          const options = {
            eigenvalues: lambda,
            learningRate: eta,
            steps: T,
            exponent,
            initialScale: 0.5,
            outputs,
            target: b.subarray(0, d * outputs),
          };
          const closed = trajectoryCovariance(options);
          const size = maxAbs(sums.covariance);
          expect(maxAbs(closed.covariance.map((value, at) => value - sums.covariance[at]))).toBeLessThan(1e-13 * size);
          expect(maxAbs(closed.mean.map((value, i) => value - sums.mean[i]))).toBeLessThan(1e-13 * maxAbs(sums.mean));
          // the widths never see the matrix
          const values = eigvalsh(Float64Array.from(sums.covariance), d * outputs);
          const widths = predictedWidths({ ...options, count: d * outputs });
          expect(maxAbs(widths.eigenvalues.map((value, i) => value - values[i]))).toBeLessThan(1e-13 * values[0]);
          expect(Math.abs(widths.trace / values.reduce((x, y) => x + y, 0) - 1)).toBeLessThan(1e-13);
          expect(Math.abs(widths.squareNorm / values.reduce((x, y) => x + y * y, 0) - 1)).toBeLessThan(1e-13);
        });
      }
    }
  }
  test('random targets: averaged over tasks, or pooled, from the second moments of b', () => {
    const options = { eigenvalues: lambda, learningRate: 0.3, steps: T, initialScale: 0.5, targetScale: 1.7 };
    const a = lambda.map((value) => 1 - 0.3 * value);
    const [g, G] = [1, 2].map((k) => a.map((value) => range(T).reduce((sum, t) => sum + value ** (k * t), 0) / T));
    const perTask = trajectoryCovariance(options);
    const pooled = trajectoryCovariance({ ...options, averaging: 'pooled' });
    for (let i = 0; i < d; i++) {
      expect(perTask.covariance[i * d + i]).toBeCloseTo(lambda[i] * (0.25 * G[i] + 1.7 ** 2 * (G[i] - g[i] ** 2)), 13);
      expect(pooled.covariance[i * d + i]).toBeCloseTo(
        lambda[i] * (0.25 * G[i] + 1.7 ** 2 * (1 - 2 * g[i] + G[i])),
        13,
      );
    }
    expect(predictedWidths(options).trace).toBeCloseTo(perTask.initializationTrace + perTask.targetTrace, 13);
  });
  test('about the centre of each run, and about 0, from sums over the trajectory', () => {
    const options = { eigenvalues: lambda, learningRate: 0.3, steps: T, initialScale: 0.5, target: b.subarray(0, d) };
    const a = lambda.map((value) => 1 - 0.3 * value);
    const mean = (f: (t: number) => number) => range(T).reduce((sum, t) => sum + f(t), 0) / T;
    const perRun = trajectoryCovariance({ ...options, starts: 'perRun' });
    const moments = trajectoryCovariance({ ...options, centred: false });
    let worst = 0;
    for (const i of range(d)) {
      for (const j of range(d)) {
        const root = Math.sqrt(lambda[i] * lambda[j]);
        const moved = mean((t) => (a[i] * a[j]) ** t) - mean((t) => a[i] ** t) * mean((t) => a[j] ** t);
        const start = i === j ? 0.25 : 0;
        const run = root * (start + b[i] * b[j]) * moved;
        const raw = root * mean((t) => start * (a[i] * a[j]) ** t + b[i] * b[j] * (1 - a[i] ** t) * (1 - a[j] ** t));
        worst = Math.max(
          worst,
          Math.abs(perRun.covariance[i * d + j] - run),
          Math.abs(moments.covariance[i * d + j] - raw),
        );
      }
    }
    expect(worst).toBeLessThan(1e-13);
    for (const change of [{ starts: 'perRun' as const }, { centred: false }]) {
      const values = eigvalsh(trajectoryCovariance({ ...options, ...change }).covariance, d);
      const widths = predictedWidths({ ...options, ...change });
      expect(maxAbs(widths.eigenvalues.map((value, i) => value - values[i]))).toBeLessThan(1e-13 * values[0]);
      expect(widths.trace).toBeCloseTo(
        values.reduce((x, y) => x + y, 0),
        12,
      );
    }
    expect(() => predictedWidths({ ...options, starts: 'perRun', centred: false })).toThrow(
      /cannot go with centred: false/,
    );
  });
  test('exponents of the two parts may differ', () => {
    const both = { eigenvalues: lambda, learningRate: 0.3, steps: T, target: b.subarray(0, d) };
    const mixed = trajectoryCovariance({ ...both, initialExponent: 0, targetExponent: 1 });
    expect(mixed.initialization).toEqual(trajectoryCovariance({ ...both, exponent: 0 }).initialization);
    expect(mixed.target).toEqual(trajectoryCovariance({ ...both, exponent: 1 }).target);
  });
  test('R6, R7: displacement of rank 2', () => {
    const target = b.subarray(0, d);
    const s = displacement({ eigenvalues: lambda, learningRate: 0.3, steps: T, target });
    const a = s.decay;
    const K = (i: number, j: number) =>
      (range(T).reduce((sum, t) => sum + (a[i] * a[j]) ** t, 0) * (target[i] * target[j])) / T;
    let worst = 0;
    for (const i of range(d)) {
      for (const j of range(d)) {
        const stein = K(i, j) * (1 - a[i] * a[j]) - (target[i] * target[j] - s.last[i] * s.last[j]) / T;
        const cayley =
          K(i, j) * (s.cayley[i] + s.cayley[j]) - (s.first[i] * s.first[j] - s.second[i] * s.second[j]) / (2 * T);
        worst = Math.max(worst, Math.abs(stein), Math.abs(cayley));
      }
    }
    expect(worst).toBeLessThan(1e-14);
  });
});

describe('B5: traces of gradient flow', () => {
  for (const [decay, horizon, onTarget] of [
    [0.25, 90, 0.01],
    [0.5, 90, 0.01],
    [1, 90, 0.01],
    [0.25, 9000, 1e-4],
    [0.5, 9000, 1e-4],
    [1, 9000, 1e-4],
  ] as const) {
    test(`c = ${decay}, η λ₁ T = ${horizon}`, () => {
      const eigenvalues = sloppyEigenvalues(decay, { dimension: Math.floor(60 / decay), largest: 3 });
      const exact = predictedWidths({
        eigenvalues,
        dynamics: 'flow',
        learningRate: 1,
        steps: horizon / 3,
        initialScale: 0.7,
        target: new Float64Array(eigenvalues.length).fill(2),
      });
      const { initialization, target } = flowTraces({ decay, horizon, initialScale: 0.7, targetScale: 2, largest: 3 });
      expect(Math.abs(initialization / exact.initialization.trace - 1)).toBeLessThan(2e-5);
      expect(Math.abs(target / exact.target.trace - 1)).toBeLessThan(onTarget);
      expect(Math.abs((1.1 * target) / exact.target.trace - 1)).toBeGreaterThan(onTarget);
    });
  }
});

const model = (decay: number, steps: number, dimension: number) => ({
  eigenvalues: sloppyEigenvalues(decay, { dimension }),
  learningRate: 0.9,
  steps,
  target: new Float64Array(dimension).fill(1),
});

describe('B6: k_c counts the target directions above the plateau', () => {
  const deviations: number[] = [];
  for (const decay of [0.1, 0.25, 0.5, 1]) {
    for (const steps of [100, 1000, 10_000, 100_000]) {
      const dimension = Math.floor(60 / decay);
      const { target } = predictedWidths({ ...model(decay, steps, dimension), count: dimension });
      for (const ratio of [1, 3, 10, 30, 100, 1000]) {
        const { directionsAbove, plateauLength, plateauHeight } = ribbonScales({ decay, ratio, horizon: 0.9 * steps });
        if (directionsAbove >= plateauLength - 1) continue;
        const count = target.eigenvalues.filter((value) => value * ratio * ratio > plateauHeight).length;
        deviations.push(count - directionsAbove);
      }
    }
  }
  test('on 88 combinations of c, T and ρ', () => {
    expect(deviations.length).toBe(88);
    expect(maxAbs(deviations)).toBeLessThan(1);
  });
  test('with the mean deviation that the sheet reports', () =>
    expect(deviations.reduce((a, b) => a + b) / 88).toBeCloseTo(0.14, 2));
  test('the boundary for k directions is where k_c = k', () => {
    const ratio = geometricBoundary({ decay: 0.5, horizon: 90, directions: 3 });
    expect(ribbonScales({ decay: 0.5, ratio, horizon: 90 }).directionsAbove).toBeCloseTo(3, 12);
  });
  test('and the one without plateau where k_c = k* − 1, whatever T', () => {
    for (const horizon of [10, 1e5]) {
      const { directionsAbove, plateauLength } = ribbonScales({ decay: 0.7, ratio: plateauBoundary(0.7), horizon });
      expect(directionsAbove).toBeCloseTo(plateauLength - 1, 11);
    }
  });
});

describe('B7: successive target eigenvalues fall by exp(−π²/L), whatever c', () => {
  test.each([1e2, 1e4, 1e6, 1e8])('T = %s', (steps) => {
    const { eigenvalues } = predictedWidths({ ...model(0.5, steps, 120), count: 7 }).target;
    const measured = Math.exp(Math.log(eigenvalues[6] / eigenvalues[1]) / 5);
    const { targetRatio } = ribbonScales({ decay: 0.5, ratio: 1, horizon: 0.9 * steps });
    expect(Math.abs(targetRatio / measured - 1)).toBeLessThan(0.12);
    const law = asymptoticTargetEigenvalues({ decay: 0.5, horizon: 0.9 * steps, count: 3 });
    expect(law[1] / law[0]).toBeCloseTo(targetRatio, 14);
  });
});

describe('B8: trends', () => {
  const explained3 = (decay: number, ratio: number, steps: number): number => {
    const dimension = Math.max(20, Math.floor(40 / decay));
    const { eigenvalues, trace } = predictedWidths({
      ...model(decay, steps, dimension),
      initialScale: 1 / ratio,
      count: 3,
    });
    return (eigenvalues[0] + eigenvalues[1] + eigenvalues[2]) / trace;
  };
  const ascending = (values: number[]) => values.every((value, i) => i === 0 || value > values[i - 1]);
  test('EV_3 rises with the ratio', () =>
    expect(ascending([0.1, 0.3, 1, 3, 10, 100].map((ratio) => explained3(0.5, ratio, 1000)))).toBe(true));
  test('and with the slope at ratio 1', () =>
    expect(ascending([0.1, 0.25, 0.5, 1, 2, 3].map((decay) => explained3(decay, 1, 1000)))).toBe(true));
  test('and falls with training: .980 at T = 100, .911 at T = 1e4 (c = .5, ρ = 10)', () => {
    expect(explained3(0.5, 10, 100)).toBeCloseTo(0.98, 3);
    expect(explained3(0.5, 10, 10_000)).toBeCloseTo(0.911, 3);
  });
});

describe('B9: the Zolotarev bound is never violated', () => {
  test('by centred or uncentred target parts, in weights or predictions', () => {
    let compared = 0;
    for (const decay of [0.25, 0.5, 1]) {
      for (const steps of [10, 200, 10_000]) {
        for (const exponent of [0, 1]) {
          for (const seed of [0, 1]) {
            const d = Math.floor(12 / decay);
            const lambda = sloppyEigenvalues(decay, { dimension: d });
            const b = (seed === 0 ? new Float64Array(d).fill(1) : normals(d, 9)).map(
              (value, i) => value * Math.sqrt(lambda[i]) ** exponent,
            );
            const { condition } = displacement({ eigenvalues: lambda, learningRate: 0.9, steps, target: b });
            const centred = predictedWidths({
              eigenvalues: lambda,
              learningRate: 0.9,
              steps,
              target: b,
              exponent: 0,
              count: d,
            }).target.eigenvalues;
            const a = lambda.map((value) => 1 - 0.9 * value);
            const mean = (r: number) => (1 - r ** steps) / (steps * (1 - r));
            const uncentred = eigvalsh(
              Float64Array.from(
                { length: d * d },
                (_, at) => b[Math.floor(at / d)] * b[at % d] * mean(a[Math.floor(at / d)] * a[at % d]),
              ),
              d,
            );
            for (let k = 0; 2 * k < d; k++) {
              // below rounding of the largest there is nothing to compare
              const slack = 1e-14;
              expect(uncentred[2 * k] / uncentred[0]).toBeLessThanOrEqual(zolotarevBound(condition, k) + slack);
              if (2 * k < centred.length)
                expect(centred[2 * k] / uncentred[0]).toBeLessThanOrEqual(zolotarevBound(condition, k) + slack);
              compared++;
            }
            centred.forEach((value, i) => expect(value).toBeLessThanOrEqual(uncentred[i] + 1e-14 * uncentred[0]));
          }
        }
      }
    }
    expect(compared).toBeGreaterThan(400);
  });
  test('and is tight enough to matter: 0.02 at k = 3, κ = 10', () => {
    expect(zolotarevBound(10, 3)).toBeCloseTo(4 * Math.exp((-3 * Math.PI ** 2) / Math.log(40)), 14);
    expect(zolotarevBound(10, 0)).toBe(1);
  });
});
