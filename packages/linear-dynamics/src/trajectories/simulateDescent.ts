import {
  type OnProgress,
  pacer,
  requireInteger,
  requireNonNegative,
  requirePositive,
  throwIfAborted,
} from '@hyperribbon/contract';
import { createWorkspace, type FloatArray, productIn } from '@hyperribbon/kernels';
import { stream } from '@hyperribbon/random';
import { vectorOf } from '../vectors.js';

export interface SimulateOptions {
  /** (features, features) Σ = XᵀX/n of the inputs */
  readonly correlation: FloatArray;
  /** (features,) Xᵀy/n */
  readonly cross: FloatArray;
  /** R ≥ 2 runs, each from its own w₀ ~ N(0, σ_w² I) */
  readonly runs: number;
  readonly initialScale: number;
  readonly learningRate: number;
  /** T recorded points t = 0..T − 1 */
  readonly steps: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** units: steps */
  readonly onProgress?: OnProgress;
}

/** Covariance of simulated trajectories in weight space, with its own sampling error. */
export interface SimulatedCovariance {
  /** (features,) centre of all points */
  readonly mean: Float64Array;
  /** (features, features) over all runs and times, divided by their number */
  readonly covariance: Float64Array;
  /** (features, features) standard error of each entry, from the spread of the runs over `groups` */
  readonly standardError: Float64Array;
  /** independent groups of runs behind the standard error */
  readonly groups: number;
  readonly runs: number;
  readonly seed: number;
}

const GROUPS = 20;

/**
 * Runs gradient descent w ← w − η (Σ w − Xᵀy/n) from many random starts and takes the covariance of everything they pass through.
 *
 * The empirical counterpart of trajectoryCovariance: nothing is diagonalised and no formula used. Predictions Xᵀw/√n have the covariance Σ^½ C Σ^½.
 * @throws ArgumentError for shapes and numbers that do not fit; AbortError. A diverging run gives Infinity or NaN in the result: check η < 2/λ₁ before.
 * Cost: 4 features² runs flops and 8 (2 features² · groups) bytes per step.
 * @example await simulateDescent({ correlation: Float64Array.of(1), cross: Float64Array.of(2), runs: 50, initialScale: 1, learningRate: 0.5, steps: 10, seed: 1 })
 */
export async function simulateDescent({
  correlation,
  cross,
  runs,
  initialScale,
  learningRate,
  steps,
  seed,
  signal,
  onProgress,
}: SimulateOptions): Promise<SimulatedCovariance> {
  const caller = 'simulateDescent';
  const d = cross.length;
  requireInteger(caller, 'runs', runs, 2);
  requireInteger(caller, 'steps', steps, 1);
  requireNonNegative(caller, 'initialScale', initialScale);
  requirePositive(caller, 'learningRate', learningRate);
  const groups = Math.min(GROUPS, runs);
  const space = createWorkspace({ bytes: 8 * (d * d * (1 + groups) + 2 * runs * d) + 1024, deterministic: true });
  const { float64: kernels } = space;
  const [sigma, w, next] = [d * d, runs * d, runs * d].map((size) => space.allocate(8 * size));
  const squares = space.allocate(8 * d * d * groups);
  space.float64View(sigma, d * d).set(vectorOf(caller, 'correlation', correlation, [d, d]));
  const target = vectorOf(caller, 'cross', cross, d);
  kernels.fill(d * d * groups, 0, squares);
  // runs are rows: W (runs, d)
  const weights = space.float64View(w, runs * d);
  stream({ seed, purpose: 'linear-dynamics/start' }).normal(weights);
  for (let i = 0; i < weights.length; i++) weights[i] *= initialScale;
  const gradient = space.float64View(next, runs * d);
  const sums = new Float64Array(groups * d);
  const group = (g: number): number => Math.floor((g * runs) / groups);
  const pause = pacer();
  for (let t = 0; t < steps; t++) {
    throwIfAborted(caller, signal);
    for (let g = 0; g < groups; g++) {
      const rows = group(g + 1) - group(g);
      const at = w + 8 * group(g) * d;
      productIn(kernels, { m: d, n: d, k: rows, a: at, transposeA: true, b: at, beta: 1, c: squares + 8 * g * d * d });
      for (let r = group(g) * d; r < group(g + 1) * d; r++) sums[g * d + (r % d)] += weights[r];
    }
    if (t + 1 < steps) {
      for (let r = 0; r < runs; r++) gradient.set(target, r * d);
      productIn(kernels, { m: runs, n: d, k: d, a: w, b: sigma, beta: -1, c: next });
      kernels.axpy(runs * d, -learningRate, next, w);
    }
    onProgress?.({ done: t + 1, of: steps });
    await pause();
  }
  const counts = Float64Array.from({ length: groups }, (_, g) => (group(g + 1) - group(g)) * steps);
  return {
    ...pool(space.float64View(squares, d * d * groups), sums, counts, d),
    groups,
    runs,
    seed,
  };
}

/** Mean, covariance and the covariance's standard error over groups: deviations of each group's second moment about the common mean. */
function pool(
  squares: Float64Array,
  sums: Float64Array,
  counts: Float64Array,
  d: number,
): Pick<SimulatedCovariance, 'mean' | 'covariance' | 'standardError'> {
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
