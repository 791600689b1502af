import type { TargetExamples } from '@hyperribbon/contract';
import { floatArray, refuse, requireInteger, requireNoOthers, requireNonNegative } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { stream } from '@hyperribbon/random';

export interface InContextTasksOptions {
  /** d, entries of x */
  readonly dimension: number;
  /** n, pairs (x, y) before the question */
  readonly length: number;
  readonly count: number;
  /** variance of what is added to the y of the pairs, default 0 */
  readonly noise?: number;
  /** variances of the entries of x, default all 1 */
  readonly variances?: ArrayLike<number>;
  readonly seed: number;
  /** which independent sample, integer ≥ 0: 0 (default) to train on, 1 to test on */
  readonly sample?: number;
  /** default 'float32' */
  readonly dtype?: Dtype;
}

/** Examples whose targets are answers without noise, and what the best answer of all gives. */
export interface InContextTasks extends TargetExamples {
  /** [n + 1, d + 1] */
  readonly shape: readonly number[];
  /** (count,) the answer of ridge regression on the pairs with penalty d · noise: the mean of the answer given the pairs */
  readonly ridge: FloatArray;
}

/**
 * Linear regression in context: each example is a task of its own. A weight vector w ~ N(0, I/d) is drawn, n pairs (x, wᵀx + noise) are shown and a question
 * x, whose answer wᵀx is the target.
 *
 * Inputs are rows of (n + 1)(d + 1) numbers, token by token, (x, y) for a pair and (x, 0) for the question: what `attentionRegressor` takes. With x of variance 1
 * answers have variance 1, so a mean square error is a share of it.
 *
 * @throws ArgumentError for an option out of range
 * Cost: count · n · d normals, and a (d, d) system per example
 * Source: the task of [garg2022]; the scale of w is that of the analyses of linear attention, where the best single layer has risk
 * (1 + d + d·noise)/(n + 1 + d + d·noise).
 * @example
 * const tasks = inContextTasks({ dimension: 5, length: 20, count: 10000, noise: 0.25, seed: 1 });
 */
export function inContextTasks(options: InContextTasksOptions): InContextTasks {
  const { dimension: d, length: n, count, noise = 0, seed, sample = 0, dtype = 'float32' } = options;
  const { variances = new Float64Array(Number.isSafeInteger(d) && d > 0 ? d : 0).fill(1), ...rest } = options;
  const { dimension: _d, length: _n, count: _c, noise: _v, seed: _s, sample: _i, dtype: _t, ...others } = rest;
  requireNoOthers('inContextTasks', others, 'InContextTasksOptions');
  for (const [name, value] of Object.entries({ dimension: d, length: n, count }))
    requireInteger('inContextTasks', name, value, 1);
  requireInteger('inContextTasks', 'sample', sample, 0);
  requireNonNegative('inContextTasks', 'noise', noise);
  if (variances.length !== d || !Array.from(variances).every((v) => v >= 0 && v < Infinity))
    refuse('inContextTasks', `variances must be ${d} numbers ≥ 0, got ${Array.from(variances).join(', ')}`);
  const width = d + 1;
  const features = (n + 1) * width;
  const inputs = floatArray(dtype, count * features);
  const [targets, ridge] = [floatArray(dtype, count), floatArray(dtype, count)];
  const scales = Float64Array.from(variances, Math.sqrt);
  const draws = stream({ seed, purpose: 'in-context', index: sample });
  const task = { x: new Float64Array((n + 1) * d), y: new Float64Array(n + 1) };
  const w = new Float64Array(d);
  for (let i = 0; i < count; i++) {
    draws.normal(w);
    draws.normal(task.x);
    draws.normal(task.y);
    for (let t = 0; t <= n; t++) {
      let answer = 0;
      for (let j = 0; j < d; j++) {
        task.x[t * d + j] *= scales[j];
        answer += (w[j] * task.x[t * d + j]) / Math.sqrt(d);
        inputs[i * features + t * width + j] = task.x[t * d + j];
      }
      if (t === n) targets[i] = answer;
      else inputs[i * features + t * width + d] = task.y[t] = answer + Math.sqrt(noise) * task.y[t];
    }
    ridge[i] = ridgeAnswer(task.x, task.y, { d, n, penalty: d * noise });
  }
  return { inputs, targets, outputs: 1, count, features, shape: [n + 1, width], ridge };
}

/**
 * x_qᵀ (XᵀX + penalty I)⁻¹ Xᵀ y by Cholesky; without a penalty and with fewer pairs than entries the least squares answer of smallest norm, through a penalty
 * of 1e-9 of the trace.
 */
function ridgeAnswer(
  x: Float64Array,
  y: Float64Array,
  { d, n, penalty }: { readonly d: number; readonly n: number; readonly penalty: number },
): number {
  const gram = new Float64Array(d * d);
  const right = new Float64Array(d);
  for (let t = 0; t < n; t++)
    for (let i = 0; i < d; i++) {
      const xi = x[t * d + i];
      right[i] += xi * y[t];
      for (let j = 0; j <= i; j++) gram[i * d + j] += xi * x[t * d + j];
    }
  let trace = 0;
  for (let i = 0; i < d; i++) trace += gram[i * d + i];
  if (trace === 0) return 0;
  for (let i = 0; i < d; i++) gram[i * d + i] += Math.max(penalty, 1e-9 * trace);
  for (let i = 0; i < d; i++)
    for (let j = 0; j <= i; j++) {
      let sum = gram[i * d + j];
      for (let k = 0; k < j; k++) sum -= gram[i * d + k] * gram[j * d + k];
      gram[i * d + j] = i === j ? Math.sqrt(sum) : sum / gram[j * d + j];
    }
  // x_qᵀ (L Lᵀ)⁻¹ r = (L⁻¹ x_q)ᵀ (L⁻¹ r)
  let answer = 0;
  const [a, b] = [x.slice(n * d, (n + 1) * d), right];
  for (let i = 0; i < d; i++) {
    for (let k = 0; k < i; k++) {
      a[i] -= gram[i * d + k] * a[k];
      b[i] -= gram[i * d + k] * b[k];
    }
    a[i] /= gram[i * d + i];
    b[i] /= gram[i * d + i];
    answer += a[i] * b[i];
  }
  return answer;
}
