import { createWorkspace } from '@hyperribbon/kernels';
import { stream } from '@hyperribbon/random';
import type { JobContext } from './job.js';

/**
 * Gradient descent on linear regression, step by step from random starts: w ← w − η (Σ w − Xᵀy/n), w₀ ~ N(0, σ_w² I).
 *
 * Run r starts from stream (seed, 'regression-start', r). No closed form is used: this is what the closed form is held against.
 */
export interface RegressionRunsJob {
  readonly kind: 'regression-runs';
  readonly correlation: Float64Array;
  readonly pull: Float64Array;
  /** (count, d): coordinates of predictions to watch, as RegressionPredictionResult has them */
  readonly axes: Float64Array;
  readonly learningRate: number;
  /** T: points t = 0..T − 1 are pooled */
  readonly steps: number;
  readonly initialScale: number;
  readonly seed: number;
  /** index of the first run and how many */
  readonly first: number;
  readonly runs: number;
  readonly deterministic: boolean;
}

export interface RegressionRunsResult {
  /** (runs, count) means over t of each coordinate and of its square */
  readonly means: Float64Array;
  readonly squares: Float64Array;
  /** mean over runs and t of ‖Xᵀw/√n‖², and (d,) of w: the rest of the variance */
  readonly energy: number;
  readonly weights: Float64Array;
}

/** Cost: 2 · T · runs · d (d + count) flops. */
export async function runRegressionRuns(job: RegressionRunsJob, context: JobContext): Promise<RegressionRunsResult> {
  const { correlation, pull, axes, learningRate, steps, initialScale, seed, first, runs } = job;
  const d = pull.length;
  const count = axes.length / d;
  const sizes = [d * d, count * d, d, runs * d, runs * d, runs * count];
  const space = createWorkspace({
    bytes: 8 * sizes.reduce((sum, size) => sum + size + 8, 0),
    deterministic: job.deterministic,
  });
  const table = space.float64;
  const [sigma, watch, minusPull, at, slope, seen] = sizes.map((size) => space.allocate(8 * size));
  space.float64View(sigma, d * d).set(correlation);
  space.float64View(watch, count * d).set(axes);
  space.float64View(minusPull, d).set(pull.map((value) => -value));
  const w = space.float64View(at, runs * d);
  const z = space.float64View(seen, runs * count);
  const g = space.float64View(slope, runs * d);
  for (let r = 0; r < runs; r++) {
    const row = w.subarray(r * d, (r + 1) * d);
    stream({ seed, purpose: 'regression-start', index: first + r }).normal(row);
    for (let j = 0; j < d; j++) row[j] *= initialScale;
  }
  const [means, squares] = [new Float64Array(runs * count), new Float64Array(runs * count)];
  const weights = new Float64Array(d);
  let energy = 0;
  for (let t = 0; t < steps; t++) {
    context.report(t / steps, `step ${t} of ${steps}`);
    if (context.signal.aborted) throw new Error('stopped');
    table.gemm(0, 1, runs, count, d, 1, at, d, watch, d, 0, seen, count, 0, 0);
    for (let i = 0; i < z.length; i++) {
      means[i] += z[i];
      squares[i] += z[i] * z[i];
    }
    // the gradient Σ w − Xᵀy/n of every run; wᵀΣw = w·(gradient + Xᵀy/n)
    table.gemm(0, 0, runs, d, d, 1, at, d, sigma, d, 0, slope, d, minusPull, 0);
    for (let i = 0, j = 0; i < w.length; i++, j = j + 1 === d ? 0 : j + 1) {
      energy += w[i] * (g[i] + pull[j]);
      weights[j] += w[i];
      w[i] -= learningRate * g[i];
    }
  }
  const share = 1 / steps;
  return {
    means: means.map((sum) => sum * share),
    squares: squares.map((sum) => sum * share),
    energy: (energy * share) / runs,
    weights: weights.map((sum) => (sum * share) / runs),
  };
}
