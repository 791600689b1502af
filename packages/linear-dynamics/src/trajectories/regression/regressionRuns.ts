import {
  type OnProgress,
  pacer,
  requireCounts,
  requireFiniteEntries,
  requireFloatArray,
  requireInteger,
  requireNonNegative,
  requirePositive,
  requireSeed,
  throwIfAborted,
} from '@hyperribbon/contract';
import { createWorkspace, productIn } from '@hyperribbon/kernels';
import { stream } from '@hyperribbon/random';
import type { Descent } from '../descent.js';

/** Any learning rate is taken; T points t = 0..T − 1 are pooled. */
export interface RegressionRunsOptions extends Pick<Descent, 'learningRate' | 'steps'> {
  /** (d, d) Σ = XᵀX/n of the inputs */
  readonly correlation: Float64Array;
  /** (d,) Xᵀy/n */
  readonly cross: Float64Array;
  /** (count, d) directions of weight space along which the runs are watched, such as {@link principalAxes} */
  readonly axes: Float64Array;
  /** σ_w ≥ 0 of w₀ ~ N(0, σ_w² I) */
  readonly initialScale: number;
  readonly seed: number;
  /** index of the first run, default 0: run r is the same in every group that holds it */
  readonly first?: number;
  /** R ≥ 1, how many */
  readonly runs: number;
  /** default true */
  readonly deterministic?: boolean;
  /** an abort ends the call with AbortError */
  readonly signal?: AbortSignal;
  /** units: steps */
  readonly onProgress?: OnProgress;
}

/** What {@link measuredWidths} needs to know of some runs; groups of them may come from several workers. */
export interface RegressionRuns {
  readonly runs: number;
  /** (runs, count) mean over t of each coordinate and of its square */
  readonly means: Float64Array;
  readonly squares: Float64Array;
  /** mean over runs and t of ‖X w/√n‖², and (d,) of w: the rest of the variance */
  readonly energy: number;
  readonly weights: Float64Array;
}

/**
 * Gradient descent on linear regression, step by step from random starts: w ← w − η (Σ w − Xᵀy/n), watched along some axes.
 *
 * Run r starts from stream (seed, 'regression-start', r). No closed form is used: this is what predictedWidths is held against. With
 * too large a learning rate the results are Infinity or NaN.
 * @throws ArgumentError for shapes and numbers that do not fit; AbortError
 * Cost: 2 · T · runs · d (d + count) flops, 8 (d + 2 runs)(d + count) bytes. Textbook iteration; pooled as in [mao2025] (reconstruction).
 * @example
 * const line = { correlation: Float64Array.of(1), cross: Float64Array.of(2), axes: Float64Array.of(1) };
 * (await regressionRuns({ ...line, learningRate: 0.5, steps: 2, initialScale: 0, seed: 1, runs: 1 })).means; // [0.5], of 0 and 1
 */
export async function regressionRuns(options: RegressionRunsOptions): Promise<RegressionRuns> {
  const { correlation, cross, axes, learningRate, steps, runs, signal, onProgress } = options;
  requireRuns(options);
  const d = cross.length;
  const count = axes.length / d;
  const sizes = [d * d, count * d, d, runs * d, runs * d, runs * count];
  const bytes = 8 * sizes.reduce((sum, size) => sum + size + 8, 0);
  const space = createWorkspace({ bytes, deterministic: options.deterministic ?? true });
  const table = space.float64;
  const [sigma, watch, minusCross, at, slope, seen] = sizes.map((size) => space.allocate(8 * size));
  space.float64View(sigma, d * d).set(correlation);
  space.float64View(watch, count * d).set(axes);
  space.float64View(minusCross, d).set(cross.map((value) => -value));
  const w = space.float64View(at, runs * d);
  const z = space.float64View(seen, runs * count);
  const g = space.float64View(slope, runs * d);
  drawStarts(w, d, options);
  const [means, squares] = [new Float64Array(runs * count), new Float64Array(runs * count)];
  const weights = new Float64Array(d);
  let energy = 0;
  const pause = pacer();
  for (let t = 0; t < steps; t++) {
    throwIfAborted('regressionRuns', signal);
    productIn(table, { m: runs, n: count, k: d, a: at, b: watch, transposeB: true, c: seen });
    for (let i = 0; i < z.length; i++) {
      means[i] += z[i];
      squares[i] += z[i] * z[i];
    }
    // the gradient Σ w − Xᵀy/n of every run; wᵀΣw = w·(gradient + Xᵀy/n)
    productIn(table, { m: runs, n: d, k: d, a: at, b: sigma, c: slope, bias: minusCross });
    for (let i = 0, j = 0; i < w.length; i++, j = j + 1 === d ? 0 : j + 1) {
      energy += w[i] * (g[i] + cross[j]);
      weights[j] += w[i];
      w[i] -= learningRate * g[i];
    }
    onProgress?.({ done: t + 1, of: steps });
    await pause();
  }
  const share = 1 / steps;
  return {
    runs,
    means: means.map((sum) => sum * share),
    squares: squares.map((sum) => sum * share),
    energy: (energy * share) / runs,
    weights: weights.map((sum) => (sum * share) / runs),
  };
}

function requireRuns(options: RegressionRunsOptions): void {
  const caller = 'regressionRuns';
  const { correlation, cross, axes, first = 0 } = options;
  requireFloatArray(caller, 'cross', cross);
  const d = cross.length;
  requireCounts(caller, { 'cross.length': d, steps: options.steps, runs: options.runs });
  requireFiniteEntries(caller, 'correlation', correlation, [d, d]);
  requireFiniteEntries(caller, 'cross', cross);
  requireFiniteEntries(caller, 'axes', axes, [Math.max(1, Math.ceil(axes.length / d)), d]);
  requirePositive(caller, 'learningRate', options.learningRate);
  requireNonNegative(caller, 'initialScale', options.initialScale);
  requireSeed(caller, options.seed);
  requireInteger(caller, 'first', first, 0);
}

/** w (runs, d): a stream of its own for every run. */
function drawStarts(w: Float64Array, d: number, { seed, first = 0, initialScale }: RegressionRunsOptions): void {
  for (let r = 0; r * d < w.length; r++) {
    const row = w.subarray(r * d, (r + 1) * d);
    stream({ seed, purpose: 'regression-start', index: first + r }).normal(row);
    for (let j = 0; j < d; j++) row[j] *= initialScale;
  }
}
