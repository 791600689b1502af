import * as is from '@hyperribbon/contract/decode';

const term = is.object({
  name: is.text,
  /** natural logarithm; null of zero */
  log: is.finiteOrNull,
});

const bound = is.object({
  /** unique */
  name: is.text,
  title: is.text,
  source: is.text,
  /** whose statement is evaluated: the source's own, one that was derived here from what it proves, or a reconstruction */
  standing: is.oneOf('paper', 'derived', 'reconstructed'),
  /** how much of the value is known: all, all but universal constants that are set to `unknown`, only its rate */
  constants: is.oneOf('explicit', 'unknown', 'dropped'),
  unknown: is.maybe(is.recordOf(is.finite)),
  /** what it is evaluated at; absent where it knows no margin */
  margin: is.maybe(is.finite),
  /** of the sample at this margin */
  empirical: is.share,
  empiricalIs: is.oneOf('ramp', 'margin-error', 'error'),
  /** what is added to it, in parts */
  terms: is.arrayOf(term),
  /** natural logarithm of the value; null where it has none */
  logValue: is.finiteOrNull,
  vacuous: is.flag,
  /** what the probability of failure was shared by */
  union: is.arrayOf(is.object({ of: is.text, members: is.positive })),
  assumptions: is.arrayOf(is.text),
  /** not empty where it is no proven statement on this network */
  caveats: is.arrayOf(is.text),
});
/** A bound on the error of a network by norms, ranks or counts of its weights. */
export type NormBoundRow = is.DecodedBy<typeof bound>;

export const normBounds = is.object({
  /** each holds with probability 1 − δ, each for itself */
  delta: is.share,
  examples: is.count,
  /** that were declared before */
  margins: is.count,
  /** smallest value first */
  bounds: is.arrayOf(bound),
  /** names of the two rows that every comparison needs */
  trivial: is.text,
  parameterCounting: is.text,
  /** error on test examples, if there are any; plays no part */
  testError: is.maybe(is.share),
  /** sentences: which bounds are not among them, and why */
  leftOut: is.arrayOf(is.text),
});
/** Bounds by norms, side by side. */
export type NormBoundsSection = is.DecodedBy<typeof normBounds>;
