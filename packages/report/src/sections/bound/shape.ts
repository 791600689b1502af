import { arrayOf, count, maybe, object, share, text, type DecodedBy } from '@hyperribbon/contract/decode';

/** What every bound says of itself, whichever theorem and posterior it is of. */
export const boundShape = {
  theorem: text,
  source: text,
  n: count,
  /** where the pieces of the failure probability went */
  deltas: arrayOf(object({ purpose: text, delta: share })),
  assumptions: arrayOf(text),
  caveats: arrayOf(text),
};

/** Error of the posterior on test examples, for comparison; it plays no part in the bound. */
export const testError = maybe(object({ mean: share, draws: count }));

/** Estimate of the empirical error of a random classifier from posterior draws: at most `upper` with probability 1 − delta over them. */
export const monteCarloShape = { mean: share, draws: count, delta: share, upper: share };

const shared = object(boundShape);
/** What every bound says of itself. */
export type BoundSection = DecodedBy<typeof shared>;
