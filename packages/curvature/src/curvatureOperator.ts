import type { LinearOperator } from '@hyperribbon/linop';
import type { Dtype, FloatArray, KernelInfo } from '@hyperribbon/kernels';

/** Which matrix an operator is. */
export type CurvatureKind =
  | 'hessian'
  | 'gaussNewton'
  | 'fisherExact'
  | 'fisherSampled'
  | 'fisherEmpirical'
  | 'logitJacobian';

/** How an operator runs: plain data, for reports. */
export interface CurvatureInfo {
  readonly kind: CurvatureKind;
  readonly network: string;
  readonly reduction: 'mean' | 'sum';
  readonly dtype: Dtype;
  readonly kernels: KernelInfo;
  readonly examples: number;
  readonly chunks: number;
  /** examples per chunk; the last holds the rest */
  readonly chunkSize: number;
  /** chunks whose data and residuals stay in memory; the others recompute them in every product */
  readonly residentChunks: number;
  /** all memory of the operator */
  readonly bytes: number;
  /** the part of it that holds what does not depend on the direction */
  readonly residualBytes: number;
  /** floating-point operations of one product */
  readonly flops: number;
  /** the seed of sampled labels, where there are any */
  readonly seed?: number;
}

/** A curvature matrix of a network's loss over a data set, known by its products. */
export interface CurvatureOperator extends LinearOperator {
  /** out ← A x, both (size,); synchronous, allocates nothing */
  apply(x: FloatArray, out: FloatArray): void;
  /** loss over the examples, mean or sum as `info.reduction` says */
  readonly loss: number;
  /** ‖∇ loss‖₂ */
  readonly gradientNorm: number;
  /** A copy of the gradient of the loss (size,), float64. */
  gradient(): Float64Array;
  /** products made so far */
  readonly products: number;
  readonly info: CurvatureInfo;
}
