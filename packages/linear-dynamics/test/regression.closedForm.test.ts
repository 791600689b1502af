// Oracle: regression problems small enough to be run by hand, and the closed form of the iterates.
import { AbortError, type Progress } from '@hyperribbon/contract';
import {
  correlationSpectrum,
  measuredWidths,
  predictedWidths,
  principalAxes,
  regressionRuns,
  regressionSpectrum,
  trajectoryCovariance,
} from '@hyperribbon/linear-dynamics';
import { stream } from '@hyperribbon/random';
import { describe, expect, test } from 'vitest';

const f = (...values: number[]): Float64Array => Float64Array.from(values);
const line = { correlation: f(1), cross: f(2), axes: f(1), learningRate: 0.5, steps: 3, initialScale: 0, seed: 1 };

describe('regression runs', () => {
  test('one direction from a start at zero: w = 0, 1, 3/2', async () => {
    const { runs, means, squares, energy, weights } = await regressionRuns({ ...line, runs: 1 });
    expect([runs, ...means, ...squares, energy, ...weights]).toEqual([
      1,
      2.5 * (1 / 3),
      3.25 * (1 / 3),
      3.25 * (1 / 3),
      2.5 * (1 / 3),
    ]);
  });

  test('with one step the start itself, from the stream of its index', async () => {
    const options = { ...line, steps: 1, initialScale: 3, seed: 7 };
    const [own, later] = [
      await regressionRuns({ ...options, runs: 3 }),
      await regressionRuns({ ...options, runs: 1, first: 2 }),
    ];
    const start = 3 * stream({ seed: 7, purpose: 'regression-start', index: 2 }).normal(new Float64Array(1))[0];
    expect(own.means[2]).toBe(start);
    expect(later.means[0]).toBe(start);
    expect(own.means[0]).not.toBe(start);
  });

  test('no correlation: weights stand still but for the pull', async () => {
    const still = await regressionRuns({
      ...line,
      correlation: f(0, 0, 0, 0),
      cross: f(0, 0),
      axes: f(1, 0, 0, 1),
      initialScale: 1,
      runs: 2,
    });
    const once = await regressionRuns({
      ...line,
      steps: 1,
      correlation: f(0, 0, 0, 0),
      cross: f(0, 0),
      axes: f(1, 0, 0, 1),
      initialScale: 1,
      runs: 2,
    });
    still.means.forEach((mean, i) => expect(Math.abs(mean - once.means[i])).toBeLessThan(1e-15));
    expect(still.energy).toBe(0);
  });

  test('diverges without a word', async () => {
    const { means } = await regressionRuns({ ...line, learningRate: 1e200, steps: 5, runs: 1 });
    expect(Number.isFinite(means[0])).toBe(false);
  });

  test('reports every step and rejects with AbortError', async () => {
    const heard: Progress[] = [];
    await regressionRuns({ ...line, runs: 1, onProgress: (progress) => heard.push(progress) });
    expect(heard).toEqual([1, 2, 3].map((done) => ({ done, of: 3 })));
    const controller = new AbortController();
    const stopped = regressionRuns({
      ...line,
      runs: 1,
      signal: controller.signal,
      onProgress: ({ done }) => void (done === 2 && controller.abort('enough')),
    });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
    await expect(stopped).rejects.toBeInstanceOf(AbortError);
  });

  test.each([
    ['correlation', { correlation: f(1, 2) }, 'correlation must have shape (1, 1), 1 numbers, got 2'],
    ['cross', { cross: f() }, 'cross.length must be an integer >= 1'],
    ['axes', { correlation: f(1, 0, 0, 1), cross: f(1, 1), axes: f(1, 2, 3) }, 'axes must have shape (2, 2)'],
    ['axis', { axes: f() }, 'axes must have shape (1, 1), 1 numbers, got 0'],
    ['NaN', { cross: f(NaN) }, 'cross must be finite, got cross[0]=NaN'],
    ['learningRate', { learningRate: 0 }, 'learningRate must be finite and > 0, got learningRate=0'],
    ['steps', { steps: 0 }, 'steps must be an integer >= 1'],
    ['seed', { seed: -1 }, 'seed must be an integer'],
    ['runs', { runs: 0 }, 'runs must be an integer >= 1'],
  ] as const)('refuses a wrong %s', async (_, wrong, message) => {
    await expect(regressionRuns({ ...line, runs: 1, ...wrong })).rejects.toThrow(`regressionRuns: ${message}`);
  });
});

describe('measured widths', () => {
  const group = (...points: number[]) => ({
    runs: points.length,
    means: f(...points),
    squares: f(...points.map((x) => x * x)),
    energy: points.reduce((sum, x) => sum + x * x, 0) / points.length,
    weights: f(points.reduce((sum, x) => sum + x, 0) / points.length),
  });

  test('are the standard deviation over all groups, with the error that their spread shows', () => {
    const { widths, standardErrors, explained3 } = measuredWidths([group(1, 2), group(3, 6)], f(1));
    // mean 3, squares of deviations 4, 1, 0, 9: variance 3.5, of the mean of those 4.5² … /(3 · 4)
    expect(Math.abs(widths[0] - Math.sqrt(3.5))).toBeLessThan(1e-15);
    const scatter = (0.5 ** 2 + 2.5 ** 2 + 3.5 ** 2 + 5.5 ** 2) / 3 / 4;
    expect(Math.abs(standardErrors[0] - Math.sqrt(scatter) / (2 * Math.sqrt(3.5)))).toBeLessThan(1e-15);
    expect(Math.abs(explained3 - 1)).toBeLessThan(1e-15);
  });

  test('one run that stands still has width 0 and no evidence', () => {
    const { widths, standardErrors, explained3 } = measuredWidths([group(2)], f(1));
    expect([...widths, ...standardErrors]).toEqual([0, 0]);
    expect(explained3).toBeNaN();
  });

  test('one run that moves has a width without an error', () => {
    const moving = { runs: 1, means: f(0), squares: f(4), energy: 4, weights: f(0) };
    expect(measuredWidths([moving], f(1))).toEqual({ widths: f(2), standardErrors: f(0), explained3: 1 });
  });

  test('refuses groups that do not fit', () => {
    expect(() => measuredWidths([], f(1))).toThrow('measuredWidths: groups.length must be an integer >= 1');
    expect(() => measuredWidths([group(1, 2), group(3)], f(1))).toThrow('groups[1].means must have shape (2, 1)');
    expect(() => measuredWidths([group(1)], f(1, 2))).toThrow('correlation must have shape (1, 1)');
  });
});

describe('principal axes', () => {
  test('of one direction: √λ', () => {
    const axes = principalAxes({ eigenvalues: [4], vectors: f(1), learningRate: 0.1, steps: 5, target: [1] });
    expect([...axes].map(Math.abs)).toEqual([2]);
  });

  test('make the coordinates of predictions uncorrelated, with the squared widths as variances', () => {
    // eigenvectors of Σ: a rotation by 0.3; a repeated and a zero eigenvalue
    const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
    const vectors = f(c, s, 0, -s, c, 0, 0, 0, 1);
    for (const eigenvalues of [
      [1, 0.3, 0.1],
      [1, 1, 0.1],
      [1, 0.3, 0],
    ]) {
      const cloud = { eigenvalues, learningRate: 0.8, steps: 20, target: [1, -2, 0.5], initialScale: 0.7 };
      const axes = principalAxes({ ...cloud, vectors });
      const { widths } = predictedWidths({ ...cloud, count: 3 });
      // covariance of the weights in the eigenbasis, exponent 0
      const { covariance } = trajectoryCovariance({ ...cloud, exponent: 0 });
      const along = (k: number, i: number): number =>
        [0, 1, 2].reduce((sum, j) => sum + axes[3 * k + j] * vectors[3 * i + j], 0);
      for (let k = 0; k < 3; k++) {
        for (let l = 0; l < 3; l++) {
          let sum = 0;
          for (let i = 0; i < 3; i++)
            for (let j = 0; j < 3; j++) sum += along(k, i) * covariance[3 * i + j] * along(l, j);
          expect(Math.abs(sum - (k === l ? widths[k] ** 2 : 0))).toBeLessThan(1e-14);
        }
      }
    }
  });

  test('fewer axes are the first of them', () => {
    const cloud = { eigenvalues: [1, 0.5], vectors: f(1, 0, 0, 1), learningRate: 0.5, steps: 9, target: [1, 1] };
    expect(principalAxes({ ...cloud, count: 1 })).toEqual(principalAxes(cloud).slice(0, 2));
    expect(() => principalAxes({ ...cloud, count: 3 })).toThrow('count must be an integer in [1, 2], got count=3');
    expect(() => principalAxes({ ...cloud, vectors: f(1) })).toThrow('vectors must have shape (2, 2)');
  });
});

describe('spectrum of a correlation', () => {
  test.each([
    ['of one number', [3], [3], 3],
    ['zero', [0, 0, 0, 0], [0, 0], 0],
    ['repeated', [2, 0, 0, 2], [2, 2], 4],
    ['of rank one', [1, 2, 2, 4], [5, 0], 5],
  ] as const)('%s', (_, matrix, eigenvalues, trace) => {
    const d = eigenvalues.length;
    const found = correlationSpectrum(f(...matrix), d, { vectors: true });
    found.eigenvalues.forEach((value, i) => expect(Math.abs(value - eigenvalues[i])).toBeLessThan(1e-15 * (1 + trace)));
    expect(found.trace).toBe(trace);
    expect(found.noiseFloor).toBe(10 * d * 2 ** -52 * found.eigenvalues[0]);
    for (let i = 0; i < d; i++) {
      for (let row = 0; row < d; row++) {
        const image = found.vectors
          .subarray(i * d, (i + 1) * d)
          .reduce((sum, x, j) => sum + matrix[row * d + j] * x, 0);
        expect(Math.abs(image - found.eigenvalues[i] * found.vectors[i * d + row])).toBeLessThan(1e-14);
      }
    }
    expect(correlationSpectrum(f(...matrix), d).vectors.length).toBe(0);
  });

  test('is what a regression is rotated by', () => {
    const data = { inputs: f(2, 0, 0, 1), targets: f(2, 3), count: 2, features: 2 };
    const { eigenvalues: values, vectors } = correlationSpectrum(f(2, 0, 0, 0.5), 2, { vectors: true });
    const given = regressionSpectrum({ ...data, eigen: { values, vectors } });
    expect(given.coefficients).toEqual(regressionSpectrum(data).coefficients);
    expect(() => correlationSpectrum(f(1, 2), 2)).toThrow('correlation must have shape (2, 2)');
  });
});
