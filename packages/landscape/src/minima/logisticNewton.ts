import { exp, log } from '@hyperribbon/kernels';
import { type AffineExamples, times } from './affineExamples.js';
import { choleskySolve } from './choleskySolve.js';

/** Where Newton's method stands: mean cross-entropy of outputs Z Θ Cᵀ, its gradient and Hessian by Θ (ρ, k − 1). */
export interface LogisticPoint {
  readonly loss: number;
  /** ((k − 1) ρ,), class direction first */
  readonly gradient: Float64Array;
  hessian(): Float64Array;
}

/** (k, k − 1): orthonormal columns whose sums are zero. Adding one number to all outputs of an example changes nothing. */
export function centredClasses(k: number): Float64Array {
  const out = new Float64Array(k * (k - 1));
  for (let a = 0; a < k - 1; a++) {
    const length = Math.sqrt((a + 1) * (a + 2));
    for (let c = 0; c <= a; c++) out[c * (k - 1) + a] = 1 / length;
    out[(a + 1) * (k - 1) + a] = -(a + 1) / length;
  }
  return out;
}

/**
 * Cross-entropy at Θ.
 *
 * @param theta ((k − 1) ρ,): entry a ρ + b weighs column b of Z along column a of C
 * Cost: n k ρ flops; the Hessian n k² ρ² / 2
 */
export function logisticPoint(
  { count, outputs, rank, rows, answers }: AffineExamples,
  classes: Float64Array,
  theta: Float64Array,
): LogisticPoint {
  const free = outputs - 1;
  const z = outputsAlong(rows, classes, theta, count, rank, outputs);
  const p = new Float64Array(count * outputs);
  let loss = 0;
  const residual = new Float64Array(count * outputs);
  for (let o = 0; o < p.length; o += outputs) {
    let most = -Infinity;
    for (let c = 0; c < outputs; c++) most = Math.max(most, z[o + c]);
    let sum = 0;
    for (let c = 0; c < outputs; c++) sum += p[o + c] = exp(z[o + c] - most);
    const top = most + log(sum);
    for (let c = 0; c < outputs; c++) {
      p[o + c] /= sum;
      if (answers[o + c] !== 0) loss += (answers[o + c] * (top - z[o + c])) / count;
      residual[o + c] = p[o + c] - answers[o + c];
    }
  }
  const centred = times(residual, classes, count, outputs, free);
  const gradient = new Float64Array(free * rank);
  for (let i = 0; i < count; i++)
    for (let a = 0; a < free; a++) {
      const r = centred[i * free + a] / count;
      for (let b = 0; b < rank; b++) gradient[a * rank + b] += r * rows[i * rank + b];
    }
  return { loss, gradient, hessian: () => logisticHessian(rows, p, classes, count, rank, outputs) };
}

/** (count, k): Z Θ Cᵀ. */
export function outputsAlong(
  rows: Float64Array,
  classes: Float64Array,
  theta: Float64Array,
  count: number,
  rank: number,
  outputs: number,
): Float64Array {
  const free = outputs - 1;
  const weights = new Float64Array(rank * outputs);
  for (let a = 0; a < free; a++)
    for (let b = 0; b < rank; b++)
      for (let c = 0; c < outputs; c++) weights[b * outputs + c] += theta[a * rank + b] * classes[c * free + a];
  return times(rows, weights, count, rank, outputs);
}

/** Σ_i Cᵀ (diag p_i − p_i p_iᵀ) C ⊗ z_i z_iᵀ / n, the whole square. */
function logisticHessian(
  rows: Float64Array,
  p: Float64Array,
  classes: Float64Array,
  count: number,
  rank: number,
  outputs: number,
): Float64Array {
  const free = outputs - 1;
  const size = free * rank;
  const hessian = new Float64Array(size * size);
  const block = new Float64Array(rank * rank);
  const mean = times(p, classes, count, outputs, free);
  for (let a = 0; a < free; a++) {
    for (let b = 0; b <= a; b++) {
      block.fill(0);
      for (let i = 0; i < count; i++) {
        let weight = -mean[i * free + a] * mean[i * free + b];
        for (let c = 0; c < outputs; c++) weight += p[i * outputs + c] * classes[c * free + a] * classes[c * free + b];
        weight /= count;
        // hot: lower triangle of z zᵀ
        for (let s = 0, o = i * rank; s < rank; s++) {
          const x = weight * rows[o + s];
          for (let t = 0, q = s * rank; t <= s; t++) block[q + t] += x * rows[o + t];
        }
      }
      for (let s = 0; s < rank; s++)
        for (let t = 0; t < rank; t++) {
          const value = t <= s ? block[s * rank + t] : block[t * rank + s];
          hessian[(a * rank + s) * size + b * rank + t] = value;
          hessian[(b * rank + t) * size + a * rank + s] = value;
        }
    }
  }
  return hessian;
}

export interface NewtonEnd {
  readonly theta: Float64Array;
  readonly point: LogisticPoint;
  /** last step, the direction that the weights run along where there is no minimum */
  readonly step: Float64Array;
  readonly iterations: number;
  /** the gradient reached its rounding, or the tolerance */
  readonly settled: boolean;
}

/**
 * Newton's method with halved steps from zero weights, until the gradient is at most `tol` in every entry or its rounding stops it.
 *
 * @param watch called before each iteration
 */
export async function logisticNewton(
  examples: AffineExamples,
  classes: Float64Array,
  { tol, maxIterations, watch }: { readonly tol: number; readonly maxIterations: number; watch(): Promise<void> },
): Promise<NewtonEnd> {
  const size = (examples.outputs - 1) * examples.rank;
  let theta: Float64Array = new Float64Array(size);
  let point = logisticPoint(examples, classes, theta);
  let step: Float64Array = new Float64Array(size);
  for (let iterations = 0; ; iterations++) {
    const end = { theta, point, step, iterations };
    if (largest(point.gradient) <= tol) return { ...end, settled: true };
    if (iterations === maxIterations) return { ...end, settled: false };
    await watch();
    const solved = choleskySolve(point.hessian(), point.gradient, size);
    if (solved === undefined) return { ...end, settled: false };
    step = solved.map((x) => -x);
    const moved = halvedStep(examples, classes, theta, point, step);
    if (moved === undefined) return { ...end, step, settled: true };
    [theta, point] = [moved.theta, moved.point];
  }
}

/** The step, halved until the loss does not rise; undefined once neither loss nor gradient fall, which is rounding. */
function halvedStep(
  examples: AffineExamples,
  classes: Float64Array,
  theta: Float64Array,
  point: LogisticPoint,
  step: Float64Array,
): { theta: Float64Array; point: LogisticPoint } | undefined {
  const slope = step.reduce((sum, x, i) => sum + x * point.gradient[i], 0);
  for (let length = 1; length > 1e-6; length /= 2) {
    const next = theta.map((x, i) => x + length * step[i]);
    const there = logisticPoint(examples, classes, next);
    // near the minimum the loss is flat to rounding, and the gradient tells
    const rounding = -slope < 1e-10 * Math.max(point.loss, Number.MIN_VALUE);
    if (
      rounding
        ? largest(there.gradient) < 0.5 * largest(point.gradient)
        : there.loss <= point.loss + 1e-4 * length * slope
    )
      return { theta: next, point: there };
    if (rounding) return undefined;
  }
  return undefined;
}

export function largest(values: Float64Array): number {
  return values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}
