import type { ResolvedEigshOptions } from './resolveEigshOptions.js';

/** What the solver is asked, in numbers of the factorization; with `edge` k is the most that may be found. */
export interface SolverOptions
  extends Pick<ResolvedEigshOptions, 'k' | 'which' | 'tol' | 'failureProbability' | 'basisSize' | 'noise'> {
  /** wanted are all above it (a number of A, times its sign), not a fixed count */
  readonly edge?: number | undefined;
  /** error of a Ritz value that is accepted, where it is not tol ‖A‖ everywhere */
  readonly width?: ((value: number) => number) | undefined;
}
