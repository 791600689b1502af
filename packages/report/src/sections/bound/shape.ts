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

const testSetRow = is.object({
  /** which network: 'mean of the posterior' */
  network: is.text,
  /** which examples it never met: 'test' */
  split: is.text,
  examples: is.count,
  errors: is.count,
  /** its true error is at most this, with probability `confidence` */
  value: is.share,
  confidence: is.share,
  vacuous: is.flag,
});
/** A fixed network on examples that it never met. */
export type TestSetRow = is.DecodedBy<typeof testSetRow>;

/** What stands beside a bound: fixed networks on held-out examples, and what guessing costs. */
export const besideShape = {
  testSets: is.maybe(is.arrayOf(testSetRow)),
  /** error of the best constant answer, by the labels of a split beside the bound's */
  guessing: is.maybe(is.object({ error: is.share, answer: is.count, count: is.count, split: is.text })),
};
const beside = is.object(besideShape);
export type BesideBound = is.DecodedBy<typeof beside>;

/** Error of the posterior on test examples, for comparison; it plays no part in the bound. */
export const testError = is.maybe(is.object({ mean: is.share, draws: is.count }));

/** Estimate of the empirical error of a random classifier from posterior draws: at most `upper` with probability 1 − delta over them. */
export const monteCarloShape = { mean: is.share, draws: is.count, delta: is.share, upper: is.share };

const shared = is.object(boundShape);
/** What every bound says of itself. */
export type BoundSection = is.DecodedBy<typeof shared>;
