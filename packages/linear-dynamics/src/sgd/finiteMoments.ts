import {
  type OnProgress,
  pacer,
  refuse,
  requireCounts,
  requireInteger,
  requireNonNegative,
  requirePositive,
  throwIfAborted,
} from '@hyperribbon/contract';
import { createWorkspace, productIn } from '@hyperribbon/kernels';
import type { RegressionData } from '../trajectories/spectra/regressionSpectrum.js';
import type { FreshMomentsOptions } from './freshMoments.js';
import { sumOfSquares } from '../sums.js';
import { vectorOf } from '../vectors.js';

/** SGD on a finite data set: examples, weights and sizes. */
export interface FiniteMomentsOptions
  extends Pick<RegressionData, 'inputs' | 'count' | 'features'>,
    Pick<FreshMomentsOptions, 'learningRate' | 'steps' | 'batch' | 'initialScale'> {
  /** (features,) w_⋆, the least-squares solution */
  readonly target: ArrayLike<number>;
  /** (count,) yᵢ − xᵢ·w_⋆, default 0 (interpolation); must be orthogonal to the inputs, as those of least squares are */
  readonly residuals?: ArrayLike<number>;
  /** draw each batch with replacement (default true) or without; batches are independent of each other either way */
  readonly replacement?: boolean;
  readonly signal?: AbortSignal;
  /** units: steps */
  readonly onProgress?: OnProgress;
}

/** Moments of SGD trajectories on a data set, in weight space. */
export interface FiniteMoments {
  readonly status: 'reconstruction';
  /** (d, d) of w over all times, starts and batches */
  readonly covariance: Float64Array;
  /** (d,) centre of the cloud */
  readonly mean: Float64Array;
  /** (d, d) E[e eᵀ] of e = w − w_⋆ after T steps */
  readonly finalSecondMoment: Float64Array;
  /** (d,) E e after T steps */
  readonly finalMean: Float64Array;
}

/**
 * Second moments of SGD on a finite data set, step by step:
 *
 *   S' = S − η(ΣS + SΣ) + η² [ΣSΣ + f (Q − ΣSΣ)],  Q = (1/n) Σᵢ (xᵢᵀ S xᵢ − 2 εᵢ xᵢᵀ E e + εᵢ²) xᵢ xᵢᵀ,
 *
 * with f = 1/B for batches with replacement and (n − B)/(B (n − 1)) without; exact for any data.
 * @throws ArgumentError for shapes and numbers that do not fit, and when the moments overflow because the step is too large; AbortError
 * Cost: 4 n d² + 6 d³ flops per step, 8 (3 n d + 6 d²) bytes. Reconstruction following [mao2025]; terms of ε and the factor without replacement derived here.
 * @example await finiteMoments({ inputs: Float64Array.of(1, 2), count: 2, features: 1, target: [1], learningRate: 0.1, steps: 10 })
 */
export async function finiteMoments(options: FiniteMomentsOptions): Promise<FiniteMoments> {
  const caller = 'finiteMoments';
  const { features: d, learningRate, steps, batch = 1, signal, onProgress } = options;
  const moments = startMoments(caller, options);
  const pause = pacer();
  for (let t = 0; t < steps; t++) {
    throwIfAborted(caller, signal);
    moments.step();
    if (!Number.isFinite(moments.second[0])) {
      refuse(
        caller,
        `the second moment overflowed at step ${t + 1}: learningRate=${learningRate} is unstable for these data and batch=${batch}; take a smaller one`,
      );
    }
    onProgress?.({ done: t + 1, of: steps });
    await pause();
  }
  const mean = moments.firstSum.map((value) => value / steps);
  const covariance = moments.secondSum.map((value, at) => value / steps - mean[Math.floor(at / d)] * mean[at % d]);
  return {
    status: 'reconstruction',
    covariance,
    mean: mean.map((value, i) => value + options.target[i]),
    finalSecondMoment: moments.second.slice(),
    finalMean: moments.first,
  };
}

/** E e and E[e eᵀ] of e = w − w_⋆ at a step, and their sums over the steps before; views that `step` changes. */
interface Moments extends Readonly<Record<'first' | 'second' | 'firstSum' | 'secondSum', Float64Array>> {
  step(): void;
}

function startMoments(caller: string, options: FiniteMomentsOptions): Moments {
  const { x, b, residuals, factor } = resolveData(caller, options);
  const { count: n, features: d, learningRate, initialScale = 1 } = options;
  const space = createWorkspace({ bytes: 8 * (3 * n * d + 6 * d * d) + 2048, deterministic: true });
  const { float64: kernels } = space;
  const [inputs, products, weighted] = [0, 1, 2].map(() => space.allocate(8 * n * d));
  const [sigma, s, left, both, q, sum] = [0, 1, 2, 3, 4, 5].map(() => space.allocate(8 * d * d));
  const [pv, wv] = [products, weighted].map((pointer) => space.float64View(pointer, n * d));
  const [correlation, sv, lv, bv, qv, secondSum] = [sigma, s, left, both, q, sum].map((pointer) =>
    space.float64View(pointer, d * d),
  );
  space.float64View(inputs, n * d).set(x);
  productIn(kernels, { m: d, n: d, k: n, alpha: 1 / n, a: inputs, transposeA: true, b: inputs, c: sigma });
  secondSum.fill(0);
  const e = b.map((value) => -value);
  const firstSum = new Float64Array(d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) sv[i * d + j] = b[i] * b[j] + (i === j ? initialScale * initialScale : 0);
  }
  const step = (): void => {
    kernels.axpy(d * d, 1, s, sum);
    for (let i = 0; i < d; i++) firstSum[i] += e[i];
    // X S, then rows of X times what a sample's gradient weighs
    productIn(kernels, { m: n, n: d, k: d, a: inputs, b: s, c: products });
    weighRows(x, pv, e, residuals, wv);
    productIn(kernels, { m: d, n: d, k: n, a: inputs, transposeA: true, b: weighted, c: q });
    productIn(kernels, { m: d, n: d, k: d, a: sigma, b: s, c: left });
    productIn(kernels, { m: d, n: d, k: d, a: left, b: sigma, c: both });
    for (let i = 0; i < d; i++) {
      for (let j = 0; j <= i; j++) {
        const [at, mirrored] = [i * d + j, j * d + i];
        const drift = learningRate * (lv[at] + lv[mirrored]);
        const value = sv[at] - drift + learningRate * learningRate * ((1 - factor) * bv[at] + factor * qv[at]);
        sv[at] = value;
        sv[mirrored] = value;
      }
    }
    advance(e, correlation, learningRate);
  };
  return { first: e, second: sv, firstSum, secondSum, step };
}

/** Rows xᵢ times (xᵢᵀ S xᵢ − 2 εᵢ xᵢᵀ E e + εᵢ²)/n to `out`; `products` holds X S. */
function weighRows(
  x: Float64Array,
  products: Float64Array,
  e: Float64Array,
  residuals: Float64Array,
  out: Float64Array,
): void {
  const [n, d] = [residuals.length, e.length];
  for (let r = 0; r < n; r++) {
    let [square, error] = [0, 0];
    for (let i = r * d, k = 0; k < d; i++, k++) {
      square += products[i] * x[i];
      error += x[i] * e[k];
    }
    const weight = (square - residuals[r] * (2 * error - residuals[r])) / n;
    for (let i = r * d; i < (r + 1) * d; i++) out[i] = x[i] * weight;
  }
}

/** Checks the options; `factor` is the f of the recursion. */
function resolveData(
  caller: string,
  { count: n, features: d, replacement = true, batch = 1, initialScale = 1, ...options }: FiniteMomentsOptions,
): Readonly<Record<'x' | 'b' | 'residuals', Float64Array>> & { readonly factor: number } {
  requireCounts(caller, { count: n, features: d, steps: options.steps });
  const x = vectorOf(caller, 'inputs', options.inputs, [n, d]);
  const b = vectorOf(caller, 'target', options.target, d);
  const residuals =
    options.residuals === undefined ? new Float64Array(n) : vectorOf(caller, 'residuals', options.residuals, n);
  requireOrthogonal(caller, x, b, residuals);
  requirePositive(caller, 'learningRate', options.learningRate);
  requireInteger(caller, 'batch', batch, 1, replacement ? Infinity : n);
  requireNonNegative(caller, 'initialScale', initialScale);
  return { x, b, residuals, factor: replacement ? 1 / batch : n === 1 ? 0 : (n - batch) / (batch * (n - 1)) };
}

/** e ← e − η Σ e */
function advance(e: Float64Array, sigma: Float64Array, learningRate: number): void {
  const before = e.slice();
  for (let i = 0; i < e.length; i++) {
    let sum = 0;
    for (let j = 0; j < e.length; j++) sum += sigma[i * e.length + j] * before[j];
    e[i] -= learningRate * sum;
  }
}

/** @throws ArgumentError unless Xᵀ ε = 0 to 1e-8 of ‖X‖ ‖ε‖, or to the rounding of residuals of y = Xw: they may be nothing else */
function requireOrthogonal(caller: string, x: Float64Array, w: Float64Array, residuals: Float64Array): void {
  const [n, d] = [residuals.length, w.length];
  const cross = new Float64Array(d);
  const fit = new Float64Array(n);
  for (let r = 0; r < n; r++) {
    for (let k = 0; k < d; k++) {
      cross[k] += x[r * d + k] * residuals[r];
      fit[r] += x[r * d + k] * w[k];
    }
  }
  const [size, fitted, left] = [x, fit, residuals].map((values) => Math.sqrt(sumOfSquares(values)));
  const worst = cross.reduce((a, value) => Math.max(a, Math.abs(value)), 0);
  if (worst > size * (1e-8 * left + 4 * Math.max(n, d) * Number.EPSILON * fitted)) {
    refuse(
      caller,
      `residuals must be orthogonal to the inputs (those of the least-squares solution are), got |Xᵀε| = ${worst}`,
    );
  }
}
