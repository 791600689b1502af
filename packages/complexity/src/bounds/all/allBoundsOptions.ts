import type { AuthorCodeOptions } from '../authors/neyshaburCode.js';

/** Options of `allBounds`. All of them are fixed before the sample is seen; else the statements do not hold. */
export interface AllBoundsOptions {
  /** in (0, 1), default 0.05: each bound holds with probability 1 − delta, each for itself */
  readonly delta?: number;
  /** margins > 0 that a bound may choose from; default `defaultMargins()` */
  readonly margins?: ArrayLike<number>;
  /** > 0, default 0.1: logarithm of the ratio of neighbours on the grids of limits of norms */
  readonly step?: number;
  /** ln of path norms, for the numbers of the authors' code */
  readonly logPathNorms?: AuthorCodeOptions['logPathNorms'];
}
