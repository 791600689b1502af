import { solverReasons, type SolverReason } from '@hyperribbon/contract/reasons';
import type { EigenReport } from '../eigsh/eigenReport.js';

/** Why a search near a number ended. */
export type InteriorReason = SolverReason | 'inexact-solve' | 'unresolved';

const own: Readonly<Record<Exclude<InteriorReason, SolverReason>, string>> = {
  'inexact-solve':
    '`inverse` is not that of A − sigma to the tolerance: products with A show it, see solveError. Values and residuals are those of A, but nearer ones may be missing. Solve more ' +
    'exactly, with the same sigma, or ask for a larger tol.',
  unresolved:
    'Residuals in A are above tol · ‖A‖, or nearer eigenvalues cannot be excluded, however exactly the transformed problem was solved: the wanted values lie at distances ' +
    'too different from sigma, some within rounding of it or, without a solve, too near it for the square of A − sigma, or two at one distance of which k takes one. ' +
    'Move sigma, give `inverse`, or change k by one.',
};

export function interiorMessage(reason: InteriorReason): string {
  return reason === 'inexact-solve' || reason === 'unresolved' ? own[reason] : solverReasons[reason];
}

/** Eigenpairs nearest to a number, and the evidence in terms of A. */
export interface InteriorReport
  extends Pick<
    EigenReport,
    'vectors' | 'residualNorms' | 'converged' | 'message' | 'completeness' | 'seed' | 'kernels'
  > {
  /** (k,) descending: Rayleigh quotients with A */
  readonly values: Float64Array;
  readonly reason: InteriorReason;
  readonly sigma: number;
  /** (k,) values[i] ± radius[i] holds an eigenvalue of A: the residual norm and rounding */
  readonly radius: Float64Array;
  /**
   * no eigenvalue of A but those listed lies nearer to sigma than this, counted with multiplicity and except with the probability stated in
   * `completeness`; 0 where that is not proven, Infinity where all are listed
   */
  readonly clear: number;
  /** bound of ‖(A − sigma) B − 1‖, B the solve, from random vectors, or what a solve of the run left over, if that is more; 0 without a solve */
  readonly solveError: number;
  /** lower bound of ‖A‖ that tol refers to */
  readonly norm: number;
  /** products with A */
  readonly matvecs: number;
  /** calls of `inverse`; 0 without */
  readonly solves: number;
}
