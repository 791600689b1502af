import type { FloatArray } from '@hyperribbon/kernels/linear';
import type { EigenReport } from '../eigsh/eigenReport.js';

/** Eigenpairs of a Hermitian operator, and the evidence for them: that of the real symmetric problem they were found by. */
export interface ComplexEigenReport
  extends Pick<
    EigenReport,
    | 'values'
    | 'residualNorms'
    | 'converged'
    | 'reason'
    | 'message'
    | 'matvecs'
    | 'restarts'
    | 'norm'
    | 'asymmetry'
    | 'enclosures'
    | 'noise'
    | 'resolution'
    | 'belowResolution'
    | 'completeness'
    | 'filter'
    | 'seed'
    | 'kernels'
  > {
  /** (k, 2n) row-major interleaved, in the operator's dtype: row i belongs to values[i]; each is determined up to a factor of modulus one */
  readonly vectors: FloatArray;
  /** max |V Vᴴ − 1| of the returned vectors */
  readonly orthogonality: number;
}
