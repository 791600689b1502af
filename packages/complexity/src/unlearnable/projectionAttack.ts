import { type Examples, type FloatArray, requireBetween, requireFloatArray } from '@hyperribbon/contract';
import { projectOut, type RowBasis, rowBasis } from './projectOut.js';
import { type SoftmaxRegression, softmaxRegression, type SoftmaxRegressionOptions } from './softmaxRegression.js';

export interface ProjectionAttackOptions extends SoftmaxRegressionOptions {
  /** singular values above this times the largest count for the rank; in (0, 1), default 1e-6 */
  readonly tolerance?: number;
  /** (count, features): the inputs before they were poisoned, where they are known, to say how much of the poison went */
  readonly clean?: FloatArray;
}

/** What orthogonal projection made of poisoned examples. */
export interface ProjectionAttack extends SoftmaxRegression, RowBasis {
  /** the inputs without what the linear classifier reads, neither clipped nor brought back into a range; labels as they were */
  readonly examples: Examples;
  /** how the classifier started */
  readonly initial: string;
  /** where the clean inputs are known */
  readonly removed?: {
    /** ‖P − P Q Qᵀ‖_F/‖P‖_F of the perturbations P: 0 where all of the poison is gone; NaN where there is none */
    readonly residual: number;
    /** the same of the perturbations less their mean over all examples, which tells no classes apart */
    readonly contrast: number;
    /** 1 − residual², the share of its energy that is gone */
    readonly share: number;
    /** ‖X Q Qᵀ‖²_F/‖X‖²_F of the clean inputs: what the projection took from them */
    readonly cleanShare: number;
  };
}

/**
 * The orthogonal projection attack on unlearnable data: softmax regression finds the directions in which classes are linearly separable, and they are projected out.
 *
 * It recovers data with class-wise, linearly separable perturbations, and takes linear signal of the classes away with them: train a network that is not
 * linear on what is left. It does not find perturbations that no linear map separates, such as {@link autoregressivePoison}.
 *
 * Where this differs from the paper: weights start at zero (its layer starts uniform on ±1/√features, `initialScale: 1`), because a start that training has not
 * outgrown hides the directions; and the basis is found by singular values of the rows at unit length, not by QR, because weights from zero have rank C − 1.
 *
 * @param poisoned labelled examples, one row each
 * @throws ArgumentError for options out of range, fewer than two classes, clean inputs of another length; AbortError when the signal aborts
 * Cost: that of {@link softmaxRegression} and 8 · rank flops per number
 * @example
 * const poisoned = classwisePoison(digits.train, { size: 4, patch: 1, clip: 'none' });
 * const { rank } = await projectionAttack(poisoned.examples, { clean: digits.train.inputs });
 * rank; // 2
 * Source: [sandovalsegura2023].
 */
export async function projectionAttack(
  poisoned: Examples,
  { tolerance = 1e-6, clean, ...options }: ProjectionAttackOptions = {},
): Promise<ProjectionAttack> {
  requireBetween('projectionAttack', 'tolerance', tolerance, 0, 1);
  const { inputs, features, classes } = poisoned;
  if (clean !== undefined) requireFloatArray('projectionAttack', 'clean', clean, inputs.length);
  const found = await softmaxRegression(poisoned, options);
  const directions = rowBasis(found.weights, classes, features, tolerance);
  const { initialScale = 0, seed = 0 } = options;
  return {
    ...found,
    ...directions,
    examples: { ...poisoned, inputs: projectOut(inputs, directions.basis, features) },
    initial: initialScale === 0 ? 'zero' : `uniform on ±${initialScale}/√${features}, seed ${seed}`,
    ...(clean && { removed: removedBy(directions.basis, inputs, clean, features) }),
  };
}

function removedBy(
  basis: Float64Array,
  poisoned: FloatArray,
  clean: FloatArray,
  features: number,
): NonNullable<ProjectionAttack['removed']> {
  const P = Float64Array.from(poisoned, (x, k) => x - clean[k]);
  const left = (X: Float64Array): number => energy(projectOut(X, basis, features)) / energy(X);
  const kept = left(P);
  return {
    residual: Math.sqrt(kept),
    contrast: Math.sqrt(left(lessMean(P, features))),
    share: 1 - kept,
    cleanShare: 1 - left(Float64Array.from(clean)),
  };
}

function lessMean(X: Float64Array, features: number): Float64Array {
  const rows = X.length / features;
  const mean = new Float64Array(features);
  X.forEach((x, k) => (mean[k % features] += x / rows));
  return X.map((x, k) => x - mean[k % features]);
}

function energy(X: Float64Array): number {
  return X.reduce((sum, x) => sum + x * x, 0);
}
