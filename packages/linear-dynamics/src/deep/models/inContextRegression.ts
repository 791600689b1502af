import { refuse, requireCounts, requireNonNegative } from '@hyperribbon/contract';
import { covarianceEigen } from '../covariance.js';
import { spanned } from '../dense.js';
import { vectorOf } from '../../vectors.js';

/** Inputs, context and noise of a regression in context. */
export interface InContextRegressionOptions {
  /** d */
  readonly inputs: number;
  /** Λ, covariance of the Gaussian inputs, (d, d) row-major, positive semidefinite */
  readonly inputCovariance: ArrayLike<number>;
  /** N, examples in the context */
  readonly contextLength: number;
  /** σ², variance of label noise (default 0) */
  readonly noiseVariance?: number;
}

/** The best linear attention, its error, and the plateaus on the way to it. */
export interface InContextRegression {
  /** M, (d, d) row-major */
  readonly matrix: Float64Array;
  /** mean square error of ŷ against the noiseless answer */
  readonly loss: number;
  /** eigenvalues of Λ, descending */
  readonly covarianceEigenvalues: Float64Array;
  /** eigenvalues of M in the same order */
  readonly eigenvalues: Float64Array;
  /**
   * loss when only the first m eigendirections are used, m = 0..d, (d + 1,): principal component regression in context. That
   * training with separate key and query passes these plateaus is stated in the abstract of [zhang2025]; the values are derived here.
   */
  readonly plateaus: Float64Array;
}

/**
 * The best linear attention for in-context linear regression: ŷ = βᵀ M x_q with β = (1/N) Σ y_n x_n, inputs N(0, Λ), task vector N(0, I).
 *
 * M = (Λ + (Λ + (tr Λ + σ²) I)/N)⁻¹; the loss is Σ_i λ_i (1 − λ_i m_i). A longer context brings M to Λ⁻¹.
 * @throws ArgumentError when Λ is not symmetric positive semidefinite
 * Cost: one symmetric eigenvalue problem.
 * Source: setting [zhang2025] (abstract read); optimum derived, checked numerically by Monte Carlo (σ = 0) and here for σ > 0.
 * @example inContextRegression({ inputs: 1, inputCovariance: [1], contextLength: 2 }).matrix // Float64Array [0.5]
 */
export function inContextRegression(options: InContextRegressionOptions): InContextRegression {
  const where = 'inContextRegression';
  const { inputs, contextLength, noiseVariance = 0 } = options;
  requireCounts(where, { inputs, contextLength });
  const covariance = vectorOf(where, 'inputCovariance', options.inputCovariance, [inputs, inputs]);
  requireNonNegative(where, 'noiseVariance', noiseVariance);
  const { values, vectors } = covarianceEigen(where, 'inputCovariance', covariance, inputs);
  const lambda = values.map((v) => Math.max(v, 0));
  const trace = lambda.reduce((sum, v) => sum + v, 0);
  const eigenvalues = lambda.map((v) => 1 / (v + (v + trace + noiseVariance) / contextLength));
  if (!eigenvalues.every(Number.isFinite)) {
    refuse(
      where,
      `inputCovariance must not be zero, got trace ${trace}; without input variance nothing can be learned`,
    );
  }
  // 1 − λ m = (λ + tr Λ + σ²) m/N, without cancellation
  const gaps = lambda.map((v, i) => (v * (v + trace + noiseVariance) * eigenvalues[i]!) / contextLength);
  const plateaus = Float64Array.from({ length: inputs + 1 }, (_, m) =>
    lambda.reduce((sum, v, i) => sum + (i < m ? gaps[i]! : v), 0),
  );
  return {
    matrix: spanned(vectors, eigenvalues, inputs),
    loss: plateaus[inputs]!,
    covarianceEigenvalues: lambda,
    eigenvalues,
    plateaus,
  };
}
