import { refuse, requireInteger, requireNoOthers, requireOneOf, watch, type OnProgress } from '@hyperribbon/contract';
import { eigvalsh } from '@hyperribbon/lanczos';
import type { AnyExamples } from '@hyperribbon/nn';
import { type AffineExamples, affineExamples, type AffineLoss, type AffineModel, times } from './affineExamples.js';
import { choleskySolve } from './choleskySolve.js';
import { centredClasses, largest, logisticNewton, outputsAlong } from './logisticNewton.js';
import { separationAlong, separationByFeatures } from './separation.js';
import { UnattainedMinimumError } from './unattainedMinimumError.js';

/** The best affine model of some examples; W of least norm among those with the same outputs once features have their scales. Plain data. */
export interface LinearMinimum extends AffineModel {
  /** largest magnitude of an entry of the gradient, features divided by the powers of two next to their largest values */
  readonly gradient: number;
  /** ρ = rank [X 1] */
  readonly rank: number;
  /** relative singular values of [X 1] beside the cut: rank is ρ as `kept` is far above rounding and `dropped` is rounding */
  readonly kept: number;
  readonly dropped: number;
  readonly iterations: number;
  /** curvature along all that changes outputs (cross-entropy: its difference of outputs), positive: the outputs of the minimum are unique */
  readonly curvature: { readonly smallest: number; readonly largest: number };
  /**
   * ν R / √λ of the last iterate: ν² = gᵀ H⁻¹ g, λ the smallest eigenvalue of H, R = √2 max ‖z_i‖. Below 1 a minimum is attained. 0 for the squared error,
   * whose minimum always is
   */
  readonly attainment: number;
}

export interface LinearMinimumOptions {
  /** default 'softmax-cross-entropy' */
  readonly loss?: AffineLoss;
  /** most iterations of Newton's method, default 60 */
  readonly maxIterations?: number;
  readonly signal?: AbortSignal;
  /** hears of the iterations made, `of` at most so many */
  readonly onProgress?: OnProgress;
}

/**
 * The attained minimum of a loss over all affine models, to rounding: least squares on [X 1], or Newton's method until the gradient is below 1e-15.
 *
 * That cross-entropy attains its minimum is proved by the last iterate: along a ray v the loss f has |f‴| ≤ R ‖v‖ f″ with R = √2 max ‖z_i‖ (the third
 * central moment of numbers within a range is at most range times variance), so f′ turns positive on every ray once ν R < √λ. That it does not is
 * told by features that miss classes (exactly), by a direction along which no example loses (to rounding), or by weights that grow until curvature is
 * rounding.
 *
 * @throws UnattainedMinimumError that says which; ArgumentError for examples as in {@link AffineExamples}; AbortError
 * Cost: a singular value decomposition of (n, m + 1); per iteration n k² ρ² / 2 + (k ρ)³ / 3 flops, 5 to 20 iterations
 * @example
 * const x = { shape: [4, 1], data: Float32Array.of(0, 0, 1, 1) };
 * const examples = examplesFromArrays(x, { shape: [4], data: Int32Array.of(0, 1, 0, 1) });
 * (await linearMinimum(examples)).loss; // ln 2
 * Source: when a minimum is attained [albert1984]; rays along which curvature falls at most exponentially [bach2010].
 */
export async function linearMinimum(
  examples: AnyExamples,
  { loss = 'softmax-cross-entropy', maxIterations = 60, signal, onProgress, ...others }: LinearMinimumOptions = {},
): Promise<LinearMinimum> {
  const caller = 'linearMinimum';
  requireNoOthers(caller, others, 'LinearMinimumOptions');
  requireOneOf(caller, 'loss', loss, ['softmax-cross-entropy', 'squared-error']);
  requireInteger(caller, 'maxIterations', maxIterations, 1);
  const found = affineExamples(caller, examples, loss);
  if (loss === 'squared-error') return leastSquares(found);
  if (found.outputs < 2) refuse(caller, `cross-entropy must have two classes or more, got ${found.outputs}`);
  const separation = separationByFeatures(examples, found);
  if (separation !== undefined) throw new UnattainedMinimumError(caller, separation);
  let made = 0;
  const step = watch(caller, maxIterations, { signal, onProgress }, () => made++);
  return logisticMinimum(caller, found, maxIterations, step);
}

/** Where Newton's method ends after so many iterations, whether or not there is a minimum; to be looked at, and to build a network on. */
export async function runawayModel(
  examples: AnyExamples,
  iterations = 30,
): Promise<AffineModel & { readonly curvature: number }> {
  const caller = 'runawayModel';
  requireInteger(caller, 'iterations', iterations, 1);
  const found = affineExamples(caller, examples, 'softmax-cross-entropy');
  const classes = centredClasses(found.outputs);
  const settings = { tol: 0, maxIterations: iterations, watch: () => Promise.resolve() };
  const { theta, point } = await logisticNewton(found, classes, settings);
  const values = eigvalsh(point.hessian(), theta.length);
  return { loss: point.loss, ...modelOf(found, theta, classes), curvature: values[values.length - 1] / values[0] };
}

async function logisticMinimum(
  caller: string,
  found: AffineExamples,
  maxIterations: number,
  step: () => Promise<void>,
): Promise<LinearMinimum> {
  const { count, outputs, rank, rows } = found;
  const classes = centredClasses(outputs);
  const end = await logisticNewton(found, classes, { tol: 5e-17, maxIterations, watch: step });
  const model = modelOf(found, end.theta, classes);
  const hessian = end.point.hessian();
  const values = eigvalsh(hessian, end.theta.length);
  const [most, least] = [values[0], values[values.length - 1] - values.length * Number.EPSILON * values[0]];
  const solved = choleskySolve(hessian, end.point.gradient, end.theta.length);
  let longest = 0;
  for (let i = 0; i < count; i++) {
    let square = 0;
    for (let b = 0; b < rank; b++) square += rows[i * rank + b] ** 2;
    longest = Math.max(longest, Math.sqrt(square));
  }
  const nu = solved === undefined ? Infinity : Math.sqrt(Math.max(0, dot(solved, end.point.gradient)));
  const attainment = least > 0 ? (nu * Math.SQRT2 * longest) / Math.sqrt(least) : Infinity;
  if (!(attainment < 1)) {
    const change = outputsAlong(rows, classes, end.step, count, rank, outputs);
    const along = separationAlong(change, found);
    if (along === undefined && end.iterations === maxIterations && least > 1e-12 * most)
      refuse(
        caller,
        `maxIterations must be more than ${maxIterations}: the gradient is still ${largest(end.point.gradient)}`,
      );
    const separation = along ?? ({ evidence: 'runaway', features: [], classes: [] } as const);
    throw new UnattainedMinimumError(caller, separation, { ...model, loss: end.point.loss });
  }
  return {
    loss: end.point.loss,
    ...model,
    gradient: largest(end.point.gradient),
    rank,
    kept: found.kept,
    dropped: found.dropped,
    iterations: end.iterations,
    curvature: { smallest: values[values.length - 1], largest: most },
    attainment,
  };
}

/** Least squares in coordinates of orthogonal columns, refined twice: the residual is computed anew, so that its rounding is that of the outputs. */
export function leastSquares(found: AffineExamples): LinearMinimum {
  const { count, outputs, rank, rows, answers } = found;
  const squares = new Float64Array(rank);
  for (let i = 0; i < count; i++) for (let b = 0; b < rank; b++) squares[b] += rows[i * rank + b] ** 2;
  const theta = new Float64Array(rank * outputs);
  let residual: Float64Array = answers.slice();
  let gradient: Float64Array = new Float64Array(rank * outputs);
  for (let pass = 0; pass < 4; pass++) {
    gradient = new Float64Array(rank * outputs);
    for (let i = 0; i < count; i++)
      for (let b = 0; b < rank; b++)
        for (let c = 0; c < outputs; c++) gradient[b * outputs + c] += rows[i * rank + b] * residual[i * outputs + c];
    if (pass === 3) break;
    for (let b = 0; b < rank; b++)
      for (let c = 0; c < outputs; c++) theta[b * outputs + c] += gradient[b * outputs + c] / squares[b];
    const z = times(rows, theta, count, rank, outputs);
    residual = answers.map((t, i) => t - z[i]);
  }
  const loss = residual.reduce((sum, r) => sum + (0.5 * r * r) / count, 0);
  return {
    loss,
    ...unscaled(found, theta),
    gradient: largest(gradient) / count,
    rank,
    kept: found.kept,
    dropped: found.dropped,
    iterations: 3,
    curvature: { smallest: least(squares) / count, largest: largest(squares) / count },
    attainment: 0,
  };
}

function modelOf(
  found: AffineExamples,
  theta: Float64Array,
  classes: Float64Array,
): { readonly weights: Float64Array; readonly bias: Float64Array } {
  const { rank, outputs } = found;
  const identity = new Float64Array(rank * rank);
  for (let b = 0; b < rank; b++) identity[b * rank + b] = 1;
  return unscaled(found, outputsAlong(identity, classes, theta, rank, rank, outputs));
}

/** From weights (ρ, outputs) of Z to those of x and the bias. */
function unscaled(
  { basis, features, rank, outputs, scales }: AffineExamples,
  theta: Float64Array,
): { readonly weights: Float64Array; readonly bias: Float64Array } {
  const whole = times(basis, theta, features + 1, rank, outputs);
  for (let j = 0; j < features; j++) for (let c = 0; c < outputs; c++) whole[j * outputs + c] /= scales[j];
  return { weights: whole.slice(0, features * outputs), bias: whole.slice(features * outputs) };
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, x, i) => sum + x * b[i], 0);
}

function least(values: Float64Array): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity);
}
