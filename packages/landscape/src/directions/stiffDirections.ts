import type { OnProgress } from '@hyperribbon/contract';

/** What the searches for stiff directions take. */
export interface DirectionOptions {
  /** how many directions, integer in [1, size] */
  readonly k: number;
  /** of the start vector, or of the labels that are drawn; default 0 */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** hears how far the search is, with a few words; it may return a promise, which is waited for */
  readonly onProgress?: OnProgress<string>;
}

/** Directions in which a loss curves, as rows. */
export interface StiffDirections {
  /** (k, size) orthonormal rows; fewer where the matrix has a smaller rank */
  readonly directions: Float32Array;
  /** (k,) descending in magnitude as they were found */
  readonly eigenvalues: Float64Array;
  /** how they were found, for reports */
  readonly evidence: string;
}
