import { solverReasons, type SolverReason } from '@hyperribbon/contract/reasons';
import type { EigenReport } from '../eigsh/eigenReport.js';

/** Why a search of a pencil ended. */
export type GeneralisedReason = SolverReason | 'inexact-solve';

export function generalisedMessage(reason: GeneralisedReason): string {
  if (reason === 'max-matvecs')
    return `${solverReasons[reason].replace(/ Gaps far below.*$/u, '')} The smallest of A x = λ B x are the largest of B x = μ A x, μ = 1/λ, with a solve of A.`;
  return reason === 'inexact-solve'
    ? '`solve` is not that of B to the tolerance: products with B show it, see solveError. Values and residuals are those of the pencil, but others may be missing. Solve more exactly, or ask for a ' +
        'larger tol.'
    : solverReasons[reason];
}

/** Eigenpairs of A x = λ B x, and the evidence in terms of the pencil: ‖·‖ of residuals and of the pencil is that of B⁻¹ and of B^−½ A B^−½. */
export interface GeneralisedReport
  extends Pick<
    EigenReport,
    | 'values'
    | 'vectors'
    | 'converged'
    | 'message'
    | 'restarts'
    | 'norm'
    | 'asymmetry'
    | 'noise'
    | 'resolution'
    | 'belowResolution'
    | 'completeness'
    | 'enclosures'
    | 'filter'
    | 'seed'
    | 'kernels'
  > {
  readonly reason: GeneralisedReason;
  /** (k,) ‖A x − λ B x‖ in the norm √(rᵀ B⁻¹ r), for vectors with xᵀ B x = 1: an eigenvalue of the pencil lies that near to λ */
  readonly residualNorms: Float64Array;
  /** max |X B Xᵀ − 1| */
  readonly orthogonality: number;
  /** estimate of κ(B), of a given matrix of κ(D B D) with the diagonal D that makes its diagonal about 1; 1 for a diagonal, of which rounding asks nothing */
  readonly condition: number;
  /** largest ‖B x − b‖/‖b‖ of the solves of a run; 0 without `solve` */
  readonly solveError: number;
  /** products with A */
  readonly matvecs: number;
  /** products with B, those that check solves included */
  readonly products: number;
  /** calls of `solve` */
  readonly solves: number;
}
