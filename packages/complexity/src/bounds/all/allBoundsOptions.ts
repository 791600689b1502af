import type { AuthorCodeOptions } from '../authors/neyshaburCode.js';
import type { Cushions } from '../compression/cushions.js';

/** Options of `allBounds`. All but cushions and path norms are fixed before the sample is seen; else the statements do not hold. */
export interface AllBoundsOptions {
  /** in (0, 1), default 0.05: each bound holds with probability 1 − delta, each for itself */
  readonly delta?: number;
  /** margins > 0 that a bound may choose from; default `defaultMargins()` */
  readonly margins?: ArrayLike<number>;
  /** > 0, default 0.1: logarithm of the ratio of neighbours on the grids of limits of norms */
  readonly step?: number;
  /** in [0, 1), default 1e-12: singular values up to this share of the largest are cut before ranks are counted, and what that changes is taken from the margins */
  readonly rankTolerance?: number;
  /** C₁ and C₂ of the chain rule, unknown; default 1 */
  readonly c1?: number;
  readonly c2?: number;
  /** c of the bound after collapse, unknown; default 1 */
  readonly c?: number;
  /** of the same network on the same sample: where they are given, the bound by compression is in the list */
  readonly cushions?: Cushions;
  /** ln of the largest 1-path norm over the outputs: where it is given, the bound by it is in the list */
  readonly logPathNorm?: number;
  /** ln of path norms as the code of Neyshabur et al. has them, summed over outputs, by their order */
  readonly logPathNorms?: NonNullable<AuthorCodeOptions['logPathNorms']>;
}
