import type { SolverReason } from '@hyperribbon/contract/reasons';
import type { FloatArray } from '@hyperribbon/kernels/linear';
import type { EigenReport } from '../eigsh/eigenReport.js';

/** Why a search for singular triplets ended. */
export type SingularReason = SolverReason | 'unresolved';

/** Singular triplets and the evidence for them. */
export interface SingularReport
  extends Pick<
    EigenReport,
    'residualNorms' | 'converged' | 'message' | 'restarts' | 'norm' | 'completeness' | 'seed' | 'kernels'
  > {
  readonly reason: SingularReason;
  /** (k,) descending, ≥ 0 */
  readonly values: Float64Array;
  /** (k, rows): row i is the left singular vector of values[i]; orthonormal, zero from `rank` on, unless they are null vectors: see `v` */
  readonly u: FloatArray;
  /**
   * (k, columns): row i is the right singular vector, zero from `rank` on. With which 'SA' those of the shorter side (v where columns ≤ rows, else u) are there for
   * all values: unit vectors that A, or Aᵀ, shrinks to residualNorms[i]
   */
  readonly v: FloatArray;
  /** how many values, from the largest on, are told from zero: above `resolution` and their own residual; the others have no pairs of vectors */
  readonly rank: number;
  /** 10 eps ‖A‖, or the noise of the operator */
  readonly resolution: number;
  /**
   * with which 'SA': no singular value that is not listed lies below this, counted with multiplicity and except with the probability in `completeness`; 0 where that is not
   * proven, Infinity where all min(rows, columns) are listed
   */
  readonly clear?: number;
  /** products with A, and as many with Aᵀ */
  readonly matvecs: number;
}
