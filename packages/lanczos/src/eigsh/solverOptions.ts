import type { Which } from './which.js';

/** What the solver is asked, in numbers of the factorization. */
export interface SolverOptions {
  /** how many; with `edge` at most so many */
  readonly k: number;
  readonly which: Which;
  /** relative to ‖A‖ */
  readonly tol: number;
  readonly failureProbability: number;
  /** basis rows of the search; the rest of the capacity belongs to the verification */
  readonly basisSize: number;
  /** wanted are all above it (a number of A, times its sign), not a fixed count */
  readonly edge?: number | undefined;
  /** what is known of the operator's error, relative to ‖A‖; 'estimate': differences of products are noise, not asymmetry */
  readonly noise?: number | 'estimate' | undefined;
  /** error of a Ritz value that is accepted, where it is not tol ‖A‖ everywhere */
  readonly width?: ((value: number) => number) | undefined;
}
