import type { KrylovFactorization } from '../factorization/krylovFactorization.js';
import type { SolverOptions } from './solverOptions.js';
import type { Chain } from './verification/chain.js';
import type { ProvenCount } from './verification/claims.js';
import type { Ends } from './which.js';

/** What decides what a search does next, beside its factorization and its chain; what a saved run is continued from. */
export interface SolverState {
  restarts: number;
  verifications: number;
  /** products spent on verifications */
  verificationMatvecs: number;
  /** what searches proved of one end while the other is open */
  proven: ProvenCount[];
  /** residual that was given up by dropping candidates with negligible coupling */
  dropped: number;
  /** smallest Ritz value seen */
  lowest: number;
  wantedConverged: number;
  /** products spent, and digits that the wanted residuals together lacked then: looks spread over the run, a trend to extrapolate */
  trend: [number, number][];
  /** flops since the last look at Ritz values */
  work: number;
  /** products before which no verification starts: after one that failed, search for as long as it took */
  nextVerification: number;
}

/** A search as its verification sees it: all numbers are scaled ones of the factorization. */
export interface Searching {
  readonly f: KrylovFactorization;
  readonly options: SolverOptions;
  /** rows before this one are locked, not part of the search */
  readonly base: number;
  readonly state: SolverState;
  /** the random search that is under way */
  chain: Chain | null;
  done: 'verified' | 'not-symmetric' | 'more-than-k' | null;
  outermost(values: Float64Array, ends: Ends, count: number): number[];
  isAsymmetric(): boolean;
}
