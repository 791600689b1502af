import * as is from '@hyperribbon/contract/decode';

/** What every bound says of itself, whichever theorem and posterior it is of. */
export const boundShape = {
  theorem: is.text,
  source: is.text,
  n: is.count,
  /** where the pieces of the failure probability went */
  deltas: is.arrayOf(is.object({ purpose: is.text, delta: is.share })),
  assumptions: is.arrayOf(is.text),
  caveats: is.arrayOf(is.text),
};

/** Error of the posterior on test examples, for comparison; it plays no part in the bound. */
export const testError = is.maybe(is.object({ mean: is.share, draws: is.count }));

/** Estimate of the empirical error of a random classifier from posterior draws: at most `upper` with probability 1 − delta over them. */
export const monteCarloShape = { mean: is.share, draws: is.count, delta: is.share, upper: is.share };

const shared = is.object(boundShape);
/** What every bound says of itself. */
export type BoundSection = is.DecodedBy<typeof shared>;
