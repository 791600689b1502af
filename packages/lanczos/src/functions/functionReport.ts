import type { FloatArray, KernelInfo } from '@hyperribbon/kernels/linear';

/** Why a product with a function of an operator ended. */
export type FunctionReason = 'converged' | 'noise-floor' | 'max-matvecs' | 'not-symmetric' | 'aborted';

/** What each reason means and what to do about it. */
export const functionReasons: Readonly<Record<FunctionReason, string>> = {
  converged: 'The error that the last steps show is at most tol · ‖f(A) b‖.',
  'noise-floor':
    'The steps have settled, but rounding of the spectrum changes f(A) b by more than tol · ‖f(A) b‖, see rounding: ask for a larger tol, or give an operator in float64.',
  'max-matvecs': 'The products ran out before the steps settled. Allow more matvecs or a larger tol.',
  'not-symmetric':
    'uᵀAv and vᵀAu differ by far more than rounding: the operator is not symmetric, or not the same at every product.',
  aborted: 'The signal was aborted. y is what the steps until then gave.',
};

/** f(A) b and the evidence for it. */
export interface FunctionReport {
  /** (n,) in the operator's dtype */
  readonly y: FloatArray;
  /** estimate of ‖y − f(A) b‖: five times the larger of what the last fifth of the steps changed and a bound of what they left out, and rounding */
  readonly error: number;
  /** the part of it that is rounding of the spectrum */
  readonly rounding: number;
  /** ‖y‖ */
  readonly norm: number;
  readonly converged: boolean;
  readonly reason: FunctionReason;
  /** the reason as a paragraph */
  readonly message: string;
  /** products, one a step of the Lanczos process */
  readonly matvecs: number;
  /** the least and the largest Ritz value: f was evaluated between them */
  readonly range: readonly [low: number, high: number];
  readonly kernels: KernelInfo;
}
