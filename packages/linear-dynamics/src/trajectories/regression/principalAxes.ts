import { requireFiniteEntries, requireInteger } from '@hyperribbon/contract';
import { eigh } from '@hyperribbon/lanczos';
import type { CloudOptions } from '../cloud.js';
import { product } from '@hyperribbon/kernels';
import { trajectoryCovariance } from '../trajectoryCovariance.js';

/** A cloud, the eigenvectors of its inputs, and how many axes are wanted. */
export interface PrincipalAxesOptions extends Omit<CloudOptions, 'outputs' | 'exponent'> {
  /** (d, d) U: row i is the eigenvector of Σ that belongs to eigenvalues[i] */
  readonly vectors: Float64Array;
  /** how many axes, at most d; default d */
  readonly count?: number;
  /** default true */
  readonly deterministic?: boolean;
}

/**
 * Principal axes of the predictions Xᵀw/√n of a cloud of trajectories, as directions of weight space: row k takes weights w to the
 * coordinate of their predictions along the k-th axis.
 *
 * Predictions in the eigenbasis are Λ^½ U w, so an axis v of theirs is Uᵀ Λ^½ v for the weights.
 * @returns (count, d), by falling variance; along them lie the widths of predictedWidths
 * @throws ArgumentError for shapes and numbers that do not fit; UnstableStepError for η ≥ 2/λ₁
 * Cost: about 9 d³ flops for the axes, 8 · 4 d² bytes. Reconstruction following [mao2025].
 * @example
 * principalAxes({ eigenvalues: [4], vectors: Float64Array.of(1), learningRate: 0.1, steps: 5, target: [1] }); // [2] or [-2]
 */
export function principalAxes(options: PrincipalAxesOptions): Float64Array {
  const { vectors: basis, eigenvalues, deterministic = true } = options;
  const { covariance, size: d } = trajectoryCovariance(options);
  const { count = d } = options;
  requireFiniteEntries('principalAxes', 'vectors', basis, [d, d]);
  requireInteger('principalAxes', 'count', count, 1, d);
  const { vectors: principal } = eigh(covariance, d, { vectors: true, deterministic: true });
  const scaled = principal!.subarray(0, count * d).map((x, p) => x * Math.sqrt(eigenvalues[p % d]));
  return product({ m: count, n: d, k: d, a: scaled, b: basis }, { deterministic });
}
