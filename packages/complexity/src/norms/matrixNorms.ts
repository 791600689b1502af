/** Norms of a matrix W (rows, columns) whose rows are output units or filters. */
export interface MatrixNorms {
  readonly rows: number;
  readonly columns: number;
  /** ‖W‖₂, the largest singular value */
  readonly spectral: number;
  /** how `spectral` is known: to rounding, as a proven upper limit, or from below by products, which makes every bound that uses it too small */
  readonly spectralIs: 'exact' | 'upper' | 'lower';
  /** descending, min(rows, columns) of them where they are listed whole; absent where only norms were computed */
  readonly singularValues?: Float64Array;
  /** ‖W‖_F */
  readonly frobenius: number;
  /** ‖Wᵀ‖_{2,1}: sum over the rows of their 2-norms */
  readonly rowSum: number;
  /** ‖W‖_{2,1}: sum over the columns of their 2-norms */
  readonly columnSum: number;
  /** the largest 2-norm of a row */
  readonly largestRow: number;
  /** ‖W‖_{1,∞}: the largest 1-norm of a row */
  readonly largestRowOne: number;
  /** ‖Wᵀ‖_{3,1.5}: the 3-norm of every row, of these the 1.5-norm */
  readonly threeOneHalf: number;
  /** singular values above `rankTolerance` times the largest; absent where they are not listed */
  readonly rank?: number;
  readonly rankTolerance?: number;
}

/** Norms of the difference to a reference, W − W⁰. */
export type DifferenceNorms = Pick<MatrixNorms, 'spectral' | 'spectralIs' | 'frobenius' | 'rowSum'>;
