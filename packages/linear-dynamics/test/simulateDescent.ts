import { createWorkspace, productIn } from '@hyperribbon/kernels';
import { stream } from '@hyperribbon/random';

/** Covariance of simulated trajectories in weight space, with its own sampling error. */
export interface SimulatedCovariance {
  /** (features,) centre of all points */
  readonly mean: Float64Array;
  /** (features, features) over all runs and times, divided by their number */
  readonly covariance: Float64Array;
  /** (features, features) standard error of each entry, from the spread of the runs over groups */
  readonly standardError: Float64Array;
}

const GROUPS = 20;

/**
 * Gradient descent w ← w − η (Σ w − Xᵀy/n) from many random starts, and the covariance of everything it passes through: nothing is
 * diagonalised and no formula used.
 */
export function simulateDescent({
  correlation,
  cross,
  runs,
  initialScale,
  learningRate,
  steps,
  seed,
}: {
  readonly correlation: Float64Array;
  readonly cross: Float64Array;
  readonly runs: number;
  readonly initialScale: number;
  readonly learningRate: number;
  readonly steps: number;
  readonly seed: number;
}): SimulatedCovariance {
  const d = cross.length;
  const groups = Math.min(GROUPS, runs);
  const space = createWorkspace({ bytes: 8 * (d * d * (1 + groups) + 2 * runs * d) + 1024, deterministic: true });
  const { float64: kernels } = space;
  const [sigma, w, next] = [d * d, runs * d, runs * d].map((size) => space.allocate(8 * size));
  const squares = space.allocate(8 * d * d * groups);
  space.float64View(sigma, d * d).set(correlation);
  kernels.fill(d * d * groups, 0, squares);
  // runs are rows: W (runs, d)
  const weights = space.float64View(w, runs * d);
  stream({ seed, purpose: 'linear-dynamics/start' }).normal(weights);
  for (let i = 0; i < weights.length; i++) weights[i] *= initialScale;
  const gradient = space.float64View(next, runs * d);
  const sums = new Float64Array(groups * d);
  const group = (g: number): number => Math.floor((g * runs) / groups);
  for (let t = 0; t < steps; t++) {
    for (let g = 0; g < groups; g++) {
      const rows = group(g + 1) - group(g);
      const at = w + 8 * group(g) * d;
      productIn(kernels, { m: d, n: d, k: rows, a: at, transposeA: true, b: at, beta: 1, c: squares + 8 * g * d * d });
      for (let r = group(g) * d; r < group(g + 1) * d; r++) sums[g * d + (r % d)] += weights[r];
    }
    if (t + 1 < steps) {
      for (let r = 0; r < runs; r++) gradient.set(cross, r * d);
      productIn(kernels, { m: runs, n: d, k: d, a: w, b: sigma, beta: -1, c: next });
      kernels.axpy(runs * d, -learningRate, next, w);
    }
  }
  const counts = Float64Array.from({ length: groups }, (_, g) => (group(g + 1) - group(g)) * steps);
  return pool(space.float64View(squares, d * d * groups), sums, counts, d);
}

/** Mean, covariance and the covariance's standard error over groups: deviations of each group's second moment about the common mean. */
function pool(squares: Float64Array, sums: Float64Array, counts: Float64Array, d: number): SimulatedCovariance {
  const groups = counts.length;
  const points = counts.reduce((a, b) => a + b, 0);
  const mean = new Float64Array(d);
  for (let g = 0; g < groups; g++) for (let i = 0; i < d; i++) mean[i] += sums[g * d + i] / points;
  const covariance = new Float64Array(d * d);
  const standardError = new Float64Array(d * d);
  const values = new Float64Array(groups);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      let average = 0;
      for (let g = 0; g < groups; g++) {
        const at = g * d;
        values[g] =
          (squares[at * d + i * d + j] - sums[at + i] * mean[j] - mean[i] * sums[at + j]) / counts[g] +
          mean[i] * mean[j];
        average += (values[g] * counts[g]) / points;
      }
      let spread = 0;
      for (let g = 0; g < groups; g++) spread += (values[g] - average) * (values[g] - average);
      covariance[i * d + j] = average;
      standardError[i * d + j] = Math.sqrt(spread / (groups * (groups - 1)));
    }
  }
  return { mean, covariance, standardError };
}
