import { refuse, requireFiniteEntries } from '@hyperribbon/contract';
import { svd } from '@hyperribbon/lanczos/svd';
import { type AnyExamples, isTargeted } from '@hyperribbon/nn';

/** Losses whose best affine model is found exactly. */
export type AffineLoss = 'softmax-cross-entropy' | 'squared-error';

/** An affine model, outputs = x W + b, with its mean loss on some examples. */
export interface AffineModel {
  readonly loss: number;
  /** (features, outputs) */
  readonly weights: Float64Array;
  /** (outputs,) */
  readonly bias: Float64Array;
}

/** What an affine model logits = x W + b sees of examples: rows [x 1] in coordinates in which they have full rank. */
export interface AffineExamples {
  readonly count: number;
  readonly features: number;
  readonly outputs: number;
  /** ρ = rank [X 1] */
  readonly rank: number;
  /** (count, ρ): Z = [X 1] B, columns orthogonal */
  readonly rows: Float64Array;
  /** (features + 1, ρ): B */
  readonly basis: Float64Array;
  /** (count, outputs): unit vectors of labels, or targets */
  readonly answers: Float64Array;
  /** (features + 1,): powers of two that the columns of [X 1] were divided by before their rank was found */
  readonly scales: Float64Array;
  /** smallest singular value of scaled [X 1] that was kept and largest that was not, relative to the largest */
  readonly kept: number;
  readonly dropped: number;
}

/**
 * Examples in coordinates of full rank.
 *
 * Columns are scaled by powers of two first, so that features of 1e±150 stand beside the column of ones; singular values below
 * max(n, m + 1) · eps of the largest are rounding.
 *
 * @throws ArgumentError for no examples, examples that are weighted, entries that are not finite, targets that are no class probabilities
 * under cross-entropy
 * Cost: one singular value decomposition of (n, m + 1)
 */
export function affineExamples(caller: string, examples: AnyExamples, loss: AffineLoss): AffineExamples {
  const { count, features, inputs, weights } = examples;
  if (count < 1) refuse(caller, 'examples must be one or more, got 0');
  if (weights !== undefined)
    refuse(caller, 'examples must count alike, got weights: repeat examples, or leave weights out');
  requireFiniteEntries(caller, 'examples.inputs', inputs, count * features);
  const width = features + 1;
  const scales = columnScales(inputs, count, features);
  const table = new Float64Array(count * width);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < features; j++) table[i * width + j] = inputs[i * features + j] / scales[j];
    table[i * width + features] = 1;
  }
  const { values, v } = svd(table, count, width, { vectors: true });
  const floor = Math.max(count, width) * Number.EPSILON * values[0];
  const rank = values.reduce((found, value) => found + (value > floor ? 1 : 0), 0);
  const basis = new Float64Array(width * rank);
  for (let j = 0; j < width; j++) for (let a = 0; a < rank; a++) basis[j * rank + a] = v[a * width + j];
  return {
    count,
    features,
    ...answersOf(caller, examples, loss),
    rank,
    rows: times(table, basis, count, width, rank),
    basis,
    scales,
    kept: values[rank - 1] / values[0],
    dropped: rank < values.length ? values[rank] / values[0] : 0,
  };
}

/** A B for A (m, k) and B (k, n), row-major. */
export function times(a: Float64Array, b: Float64Array, m: number, k: number, n: number): Float64Array {
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const x = a[i * k + p];
      if (x === 0) continue;
      for (let j = 0, q = p * n, o = i * n; j < n; j++) out[o + j] += x * b[q + j];
    }
  }
  return out;
}

/** The power of two next to the largest magnitude of each column, 1 for columns of zeros and for the column of ones. */
function columnScales(inputs: ArrayLike<number>, count: number, features: number): Float64Array {
  const scales = new Float64Array(features + 1).fill(1);
  for (let j = 0; j < features; j++) {
    let most = 0;
    for (let i = 0; i < count; i++) most = Math.max(most, Math.abs(inputs[i * features + j]));
    if (most === 0) continue;
    let scale = 1;
    while (scale < most / 2) scale *= 2;
    while (scale > most) scale /= 2;
    scales[j] = scale;
  }
  return scales;
}

function answersOf(
  caller: string,
  examples: AnyExamples,
  loss: AffineLoss,
): { readonly outputs: number; readonly answers: Float64Array } {
  const { count } = examples;
  if (!isTargeted(examples)) {
    const { classes: outputs, labels } = examples;
    const answers = new Float64Array(count * outputs);
    for (let i = 0; i < count; i++) answers[i * outputs + labels[i]] = 1;
    return { outputs, answers };
  }
  const { outputs, targets } = examples;
  requireFiniteEntries(caller, 'examples.targets', targets, count * outputs);
  if (loss === 'softmax-cross-entropy') requireProbabilities(caller, targets, outputs);
  return { outputs, answers: Float64Array.from(targets) };
}

function requireProbabilities(caller: string, targets: ArrayLike<number>, outputs: number): void {
  for (let i = 0; i < targets.length; i += outputs) {
    let sum = 0;
    for (let c = 0; c < outputs; c++) {
      if (targets[i + c] < 0) refuse(caller, `targets of cross-entropy must not be negative, got ${targets[i + c]}`);
      sum += targets[i + c];
    }
    if (Math.abs(sum - 1) > 1e-6) refuse(caller, `targets of an example must sum to 1 for cross-entropy, got ${sum}`);
  }
}
