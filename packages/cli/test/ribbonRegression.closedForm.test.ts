// Oracle: the closed form of the iterates, computed here by powers of a = 1 − η λ in the eigenbasis, and the Monte-Carlo error.
import { describe, expect, test } from 'vitest';
import { sloppyGaussian } from '@hyperribbon/data';
import { measuredWidths } from '@hyperribbon/linear-dynamics';
import { runRegressionPrediction } from '../src/jobs/regressionPrediction.js';
import { runRegressionRuns } from '../src/jobs/regressionRuns.js';
import { runRegressionSpectrum } from '../src/jobs/regressionSpectrum.js';

const context = { signal: new AbortController().signal, report: (): void => {} };
const d = 7;
const examples = sloppyGaussian({ dimension: d, decay: 0.4, count: 300, classes: 4, seed: 2, dtype: 'float64' });
const spectrum = await runRegressionSpectrum({ examples }, context);
const { eigenvalues, vectors, target, correlation, cross } = spectrum;
const [steps, learningRate] = [30, 0.9 / eigenvalues[0]];
const shared = { learningRate, steps, initialScale: 0.5, deterministic: true };
const prediction = await runRegressionPrediction(
  { eigenvalues, vectors, target, window: { from: 0, to: d - 1 }, count: d, ...shared },
  context,
);
const simulate = (initialScale: number, first: number, runs: number) =>
  runRegressionRuns(
    {
      correlation,
      cross,
      axes: prediction.axes,
      seed: 9,
      first,
      runs,
      ...shared,
      initialScale,
    },
    context,
  );

describe('linear regression, simulated step by step', () => {
  test('follows the closed form from a start at zero', async () => {
    const { means, squares } = await simulate(0, 0, 2);
    // w_t = b (1 − aᵗ) in the eigenbasis; its coordinates along the axes, averaged over t
    for (let k = 0; k < d; k++) {
      let [mean, square] = [0, 0];
      for (let t = 0; t < steps; t++) {
        let z = 0;
        for (let i = 0; i < d; i++) {
          let power = 1;
          for (let s = 0; s < t; s++) power *= 1 - learningRate * eigenvalues[i];
          let along = 0;
          for (let j = 0; j < d; j++) along += prediction.axes[k * d + j] * vectors[i * d + j];
          z += along * target[i] * (1 - power);
        }
        mean += z / steps;
        square += (z * z) / steps;
      }
      expect(Math.abs(means[k] - mean)).toBeLessThan(1e-12);
      expect(Math.abs(squares[k] - square)).toBeLessThan(1e-12);
      expect(means[d + k]).toBe(means[k]); // the second run is the same
    }
  });

  test('has the predicted widths within its own Monte-Carlo error, and no others', async () => {
    const groups = [await simulate(0.5, 0, 300), await simulate(0.5, 300, 300)];
    const { widths, standardErrors, explained3 } = measuredWidths(groups, correlation);
    const deviations = (predicted: ArrayLike<number>): number[] =>
      Array.from(widths, (width, k) => Math.abs(width - predicted[k]) / standardErrors[k]);
    expect(Math.max(...deviations(prediction.predicted))).toBeLessThan(4);
    expect(Math.abs(explained3 - prediction.point.criteria.explained[2])).toBeLessThan(0.02);
    // negative control: the widths of another initialisation
    const other = await runRegressionPrediction(
      {
        eigenvalues,
        vectors,
        target,
        window: { from: 0, to: d - 1 },
        count: d,
        ...shared,
        initialScale: 0.75,
      },
      context,
    );
    expect(Math.max(...deviations(other.predicted))).toBeGreaterThan(10);
  });

  test('is the same run by run, however runs are grouped', async () => {
    const [together, apart] = [await simulate(0.5, 0, 4), await simulate(0.5, 2, 2)];
    apart.means.forEach((value, i) => expect(Math.abs(value - together.means[2 * d + i])).toBeLessThan(1e-14));
    expect(together.means[0]).not.toBe(together.means[d]);
  });

  test('axes are principal: uncorrelated coordinates whose variances are the squared widths', async () => {
    // Monte-Carlo free: cov = axes-transformed closed form, through the second moments of basis starts is d runs; here by the
    // prediction's own parts: widths² sum to the trace of both sources
    const { predicted, point } = prediction;
    const total = predicted.reduce((sum, width) => sum + width * width, 0);
    expect(Math.abs(total / point.widths.trace - 1)).toBeLessThan(1e-12);
  });
});

test('the regression spectrum is that of XᵀX/n with labels of ±1', () => {
  let trace = 0;
  for (let i = 0; i < examples.count * d; i++) trace += examples.inputs[i] ** 2 / examples.count;
  expect(Math.abs(spectrum.trace / trace - 1)).toBeLessThan(1e-12);
  expect(Math.abs(eigenvalues.reduce((a, b) => a + b, 0) / trace - 1)).toBeLessThan(1e-12);
  // Σ w⋆ = cross: the least-squares equations
  for (let i = 0; i < d; i++) {
    let projected = 0;
    for (let j = 0; j < d; j++) projected += vectors[i * d + j] * cross[j];
    expect(Math.abs(eigenvalues[i] * target[i] - projected)).toBeLessThan(1e-12);
  }
  let first = 0;
  for (let i = 0; i < examples.count; i++)
    first += ((examples.labels[i] < 2 ? 1 : -1) * examples.inputs[i * d]) / examples.count;
  expect(Math.abs(cross[0] - first)).toBeLessThan(1e-12);
});
