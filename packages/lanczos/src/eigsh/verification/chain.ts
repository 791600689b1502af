import type { HeldCandidates } from '../../factorization/lift.js';
import type { Ritz } from '../../factorization/ritz.js';
import type { Claim } from './certificate.js';

/** A random search of the space outside the basis. */
export interface Chain {
  readonly held: HeldCandidates;
  /** Ritz pairs of the basis that is searched around */
  readonly ritz: Ritz;
  readonly claims: readonly Claim[];
  /** those of the other end, for the search after this one */
  readonly rest: readonly Claim[];
  readonly dimension: number;
  /** Ritz values thrown away by restarts of the chain */
  readonly discarded: number[];
  logBetas: number;
  /** products before it */
  readonly start: number;
}
