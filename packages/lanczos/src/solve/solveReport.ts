import type { FloatArray } from '@hyperribbon/kernels/linear';

/** Why a linear solve ended. */
export type SolveReason =
  | 'converged'
  | 'least-squares'
  | 'noise-floor'
  | 'max-matvecs'
  | 'not-positive-definite'
  | 'preconditioner'
  | 'aborted';

/** What each reason means and what to do about it. */
export const solveReasons: Readonly<Record<SolveReason, string>> = {
  converged: 'The residual, measured with one more product, is at most tol · ‖b‖.',
  'least-squares':
    '‖Aᵀr‖ is at most tol · ‖A‖ ‖r‖, and r is not small: x is a least-squares solution to that tolerance. b is not in the range of the operator, or only by ' +
    'directions that it shrinks to less than that share of ‖A‖: if you know better, ask for a smaller tol or precondition.',
  'noise-floor':
    'Corrections no longer make the residual smaller: rounding of the products, or their noise, is larger than tol · ‖b‖. Ask for a larger tol, or give an ' +
    'operator in float64.',
  'max-matvecs':
    'The products ran out before the residual was at most tol · ‖b‖. Allow more matvecs, go on from x as start, or precondition.',
  'not-positive-definite':
    'A direction p was met with pᵀAp not above rounding: the operator is singular or not positive definite, and CG may not go on. minres takes any ' +
    'symmetric operator.',
  preconditioner:
    'A residual r was met with rᵀMr not above zero, M being the preconditioner: it is not positive definite, and these methods may not use it.',
  aborted: 'The signal was aborted. x is the best that was found; it can be the start of another call.',
};

/** A solution and the evidence for it. */
export interface SolveReport {
  /** (n,) in the operator's dtype */
  readonly x: FloatArray;
  /** ‖b − (A − shift) x‖ of the x returned, measured with a product of its own */
  readonly residualNorm: number;
  /** residualNorm / ‖b‖; 0 where b is zero */
  readonly relativeResidual: number;
  /** ‖(A − shift)ᵀ (b − (A − shift) x)‖, where it was asked whether x is a least-squares solution */
  readonly normalResidualNorm?: number;
  /** the residual is at most tol · ‖b‖, or x is a least-squares solution to the tolerance */
  readonly converged: boolean;
  readonly reason: SolveReason;
  /** the reason as a paragraph */
  readonly message: string;
  readonly iterations: number;
  /** products, those that measure residuals included; of lsqr as many with Aᵀ again */
  readonly matvecs: number;
  /** times that the iteration was begun anew from a measured residual */
  readonly corrections: number;
  /** estimates of ‖A − shift‖ and of its condition number, both from below, of the space that was searched */
  readonly norm: number;
  readonly condition: number;
}
