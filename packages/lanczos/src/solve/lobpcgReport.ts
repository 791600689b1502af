import type { FloatArray } from '@hyperribbon/kernels/linear';

/** Why an iteration ended. */
export type LobpcgReason = 'converged' | 'noise-floor' | 'max-matvecs' | 'aborted';

/** What each reason means and what to do about it. */
export const lobpcgReasons: Readonly<Record<LobpcgReason, string>> = {
  converged:
    'Every residual, measured with one more product, is at most tol (‖A‖ + |λ| ‖B‖): each value is near an eigenvalue. That none was skipped is not proven: eigsh with `deflate` and `below` or `above` proves it.',
  'noise-floor':
    'New directions are rounding, or measured residuals no longer shrink: residualNorms tell what there is. Ask for a larger tol, or give an operator in float64.',
  'max-matvecs':
    'The products ran out before all residuals were small; residualNorms tells which pairs are good. Allow more matvecs, precondition, raise blockSize, or go on from the vectors as start.',
  aborted: 'The signal was aborted. The vectors are the best that was found; they can be the start of another call.',
};

/** Eigenpairs of A x = λ x or A x = λ B x by residuals alone. */
export interface LobpcgReport {
  /** (k,) descending */
  readonly values: Float64Array;
  /** (k, n) rows in the operator's dtype, orthonormal, in B where there is one */
  readonly vectors: FloatArray;
  /** (k,) ‖A x − λ B x‖; without B an eigenvalue lies that near to λ */
  readonly residualNorms: Float64Array;
  readonly converged: boolean;
  readonly reason: LobpcgReason;
  /** the reason as a paragraph */
  readonly message: string;
  readonly iterations: number;
  /** products with A, with B as many more */
  readonly matvecs: number;
  /** calls of the preconditioner */
  readonly preconditionings: number;
  /** lower bounds of ‖A‖ and ‖B‖ that tol refers to */
  readonly norm: number;
  readonly metricNorm: number;
  readonly seed: number;
}
