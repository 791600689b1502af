// Oracle: gradient descent run on the first 2,000 MNIST images from 200 random starts, against the closed forms.
import { eigh, eigvalsh } from '@hyperribbon/lanczos';
import { inputCorrelation, mnist } from '@hyperribbon/data';
import { createWorkspace } from '@hyperribbon/kernels';
import { predictedWidths, regressionSpectrum, trajectoryCovariance } from '@hyperribbon/linear-dynamics';
import { stream } from '@hyperribbon/random';
import { beforeAll, describe, expect, test } from 'vitest';
import { simulateDescent, type SimulatedCovariance } from './simulateDescent.js';
import { decayModes } from '../src/trajectories/spectra/decayModes.js';

const RUNS = 200;
const SEED = 11;

/** C (m, n) = op(A) op(B), sum of length k */
function product(
  a: Float64Array,
  b: Float64Array,
  m: number,
  n: number,
  k: number,
  transA = 0,
  transB = 0,
): Float64Array {
  const space = createWorkspace({ bytes: 8 * (m * k + k * n + m * n) + 256 });
  const [x, y, z] = [m * k, k * n, m * n].map((size) => space.allocate(8 * size));
  space.float64View(x, m * k).set(a);
  space.float64View(y, k * n).set(b);
  space.float64.gemm(transA, transB, m, n, k, 1, x, transA ? m : k, y, transB ? k : n, 0, z, n, 0, 0);
  return space.float64View(z, m * n).slice();
}

/** images reduced by block means, pixels that are never lit left out; y = ±1 for digits 5 to 9 or 0 to 4 */
async function problem(block: number) {
  const { train } = await mnist({ task: 'binary', limit: 2000 });
  const side = 28 / block;
  const pooled = new Float64Array(2000 * side * side);
  for (let r = 0; r < 2000; r++) {
    for (let p = 0; p < 784; p++) {
      const cell = Math.floor(Math.floor(p / 28) / block) * side + Math.floor((p % 28) / block);
      pooled[r * side * side + cell] += train.inputs[r * 784 + p] / (block * block);
    }
  }
  const lit = Array.from({ length: side * side }, (_, p) => p).filter((p) =>
    Array.from({ length: 2000 }, (_, r) => pooled[r * side * side + p]).some((value) => value > 0),
  );
  const features = lit.length;
  const inputs = Float64Array.from(
    { length: 2000 * features },
    (_, at) => pooled[Math.floor(at / features) * side * side + lit[at % features]],
  );
  const targets = Float64Array.from(train.labels.subarray(0, 2000), (label) => 2 * label - 1);
  const correlation = inputCorrelation({ inputs, features, count: 2000 });
  const eigen = eigh(correlation, features, { vectors: true });
  const spectrum = regressionSpectrum({
    inputs,
    targets,
    count: 2000,
    features,
    eigen: { values: eigen.values, vectors: eigen.vectors! },
  });
  const cross = product(inputs, targets, features, 1, 2000, 1).map((value) => value / 2000);
  return { features, correlation, cross, ...spectrum };
}

/** Σ^½ C Σ^½ in the eigenbasis: the covariance of predictions from one of weights in pixel coordinates */
function inPredictions(
  covariance: Float64Array,
  { features: d, vectors, eigenvalues }: Awaited<ReturnType<typeof problem>>,
): Float64Array {
  const rotated = product(product(vectors, covariance, d, d, d), vectors, d, d, d, 0, 1);
  return rotated.map((value, at) => value * Math.sqrt(eigenvalues[Math.floor(at / d)] * eigenvalues[at % d]));
}

describe('200 runs on 28 × 28 images', () => {
  const steps = 8;
  const initialScale = 0.03;
  let data: Awaited<ReturnType<typeof problem>>;
  let simulated: SimulatedCovariance;
  let options: Parameters<typeof predictedWidths>[0];
  beforeAll(async () => {
    data = await problem(1);
    const learningRate = 0.9 / data.eigenvalues[0];
    options = { eigenvalues: data.eigenvalues, learningRate, steps, initialScale, target: data.coefficients };
    simulated = simulateDescent({ ...data, runs: RUNS, initialScale, learningRate, steps, seed: SEED });
  });

  test('spread in weights as the closed form says, within their own sampling error', () => {
    const { features: d, vectors } = data;
    const closed = product(
      product(vectors, trajectoryCovariance({ ...options, exponent: 0 }).covariance, d, d, d, 1),
      vectors,
      d,
      d,
      d,
    );
    const meanSquare = (factor: number, entries: (i: number, j: number) => boolean): number => {
      let [sum, count] = [0, 0];
      for (let i = 0; i < d; i++) {
        for (let j = 0; j <= i; j++) {
          if (!entries(i, j)) continue;
          const at = i * d + j;
          sum += ((simulated.covariance[at] - factor * closed[at]) / simulated.standardError[at]) ** 2;
          count++;
        }
      }
      return sum / count;
    };
    // Student's t with 19 degrees of freedom has variance 19/17
    expect(meanSquare(1, () => true)).toBeGreaterThan(0.9);
    expect(meanSquare(1, () => true)).toBeLessThan(1.35);
    expect(meanSquare(1, (i, j) => i === j)).toBeLessThan(1.6);
    expect(meanSquare(1.3, (i, j) => i === j)).toBeGreaterThan(5);
  });

  test('have the widths that the closed form gives their 200 starts, to 1e-9', () => {
    const { features: d, vectors, coefficients, eigenvalues } = data;
    const starts = stream({ seed: SEED, purpose: 'linear-dynamics/start' })
      .normal(new Float64Array(RUNS * d))
      .map((value) => value * initialScale);
    const rotated = product(starts, vectors, RUNS, d, d, 0, 1);
    const mean = Float64Array.from(
      { length: d },
      (_, i) => Array.from({ length: RUNS }, (_, r) => rotated[r * d + i]).reduce((a, b) => a + b) / RUNS,
    );
    rotated.forEach((value, at) => (rotated[at] = value - mean[at % d]));
    const spread = product(rotated, rotated, d, d, RUNS, 1);
    const modes = decayModes({ eigenvalues, learningRate: options.learningRate, steps, dynamics: 'descent' });
    const closed = Float64Array.from({ length: d * d }, (_, at) => {
      const [i, j] = [Math.floor(at / d), at % d];
      const moved = modes.covariance(i, j);
      const both =
        (spread[at] / RUNS) * (moved + modes.mean[i] * modes.mean[j]) +
        (coefficients[i] - mean[i]) * (coefficients[j] - mean[j]) * moved;
      return both * Math.sqrt(eigenvalues[i] * eigenvalues[j]);
    });
    const widths = eigvalsh(inPredictions(simulated.covariance, data), d).map((value) => Math.sqrt(Math.max(0, value)));
    const predicted = eigvalsh(closed, d).map((value) => Math.sqrt(Math.max(0, value)));
    for (let k = 0; k < 10; k++) expect(Math.abs(widths[k] / predicted[k] - 1)).toBeLessThan(1e-9);
  });

  test('have the first ten ribbon widths within 10 % of the prediction, along its axes', () => {
    // the eigenvalues of 200 starts in 600 dimensions are biased, the spread along given axes is not: it has 5 % of sampling error
    const { features: d } = data;
    const population = trajectoryCovariance({ ...options, exponent: 1 }).covariance;
    const axes = eigh(population, d, { vectors: true });
    const measured = inPredictions(simulated.covariance, data);
    const along = product(
      product(axes.vectors!.subarray(0, 10 * d), measured, 10, d, d),
      axes.vectors!.subarray(0, 10 * d),
      10,
      10,
      d,
      0,
      1,
    );
    for (let k = 0; k < 10; k++) expect(Math.abs(Math.sqrt(along[11 * k] / axes.values[k]) - 1)).toBeLessThan(0.1);
  });
});

describe('200 long runs on the same images in 7 × 7', () => {
  test('have the first ten ribbon widths within 10 % of the prediction', async () => {
    const data = await problem(4);
    const learningRate = 0.9 / data.eigenvalues[0];
    const settings = { learningRate, steps: 2000, initialScale: 1e-4 };
    const simulated = simulateDescent({ ...data, ...settings, runs: RUNS, seed: SEED });
    const widths = eigvalsh(inPredictions(simulated.covariance, data), data.features).map((value) =>
      Math.sqrt(Math.max(0, value)),
    );
    const predicted = predictedWidths({ ...data, ...settings, target: data.coefficients }).widths;
    for (let k = 0; k < 10; k++) expect(Math.abs(widths[k] / predicted[k] - 1)).toBeLessThan(0.01);
    // ten widths over three decades: a wrong rate would show
    expect(predicted[0] / predicted[9]).toBeGreaterThan(1000);
  });
});
