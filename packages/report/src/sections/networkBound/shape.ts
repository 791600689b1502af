import {
  Mismatch,
  arrayOf,
  checked,
  count,
  finite,
  flag,
  maybe,
  notNegative,
  object,
  positive,
  share,
  text,
  type DecodedBy,
} from '@hyperribbon/contract/decode';
import { boundShape, monteCarloShape, testError } from '../bound/shape.js';

const theoremRow = object({
  theorem: text,
  source: text,
  value: notNegative,
  vacuous: flag,
  penalty: finite,
  /** B = √(rate/2), rate = (KL + penalty)/n: what McAllester's bound adds to the error */
  gap: maybe(notNegative),
  /** with the mean of the draws as if it were exact: no certificate */
  plugIn: maybe(notNegative),
});
/** The same ingredients in one theorem. */
export type TheoremRow = DecodedBy<typeof theoremRow>;

const historyPoint = object({
  epoch: count,
  /** error of the random classifier */
  error: share,
  /** nats */
  kl: notNegative,
  /** the bound without grid and Monte-Carlo term */
  estimate: share,
});

const fields = object({
  ...boundShape,
  value: notNegative,
  vacuous: flag,
  certified: flag,
  confidence: share,
  weights: count,
  klDisplacement: notNegative,
  klCovariance: notNegative,
  penalty: finite,
  /** what the grids of the prior's scales cost, nats; part of the penalty */
  price: notNegative,
  monteCarlo: object(monteCarloShape),
  /** with the mean of the draws as if it were exact: no certificate */
  plugIn: notNegative,
  gap: maybe(notNegative),
  /** the same ingredients in other theorems */
  others: arrayOf(theoremRow),
  /** the same ingredients as released scripts count them: no certificate */
  released: maybe(theoremRow),
  scales: arrayOf(object({ name: text, index: count, variance: positive })),
  parts: arrayOf(object({ name: text, dimension: count, covariance: notNegative, displacement: notNegative })),
  test: testError,
  /** a number to compare with, and where it is from */
  published: maybe(object({ value: notNegative, source: text })),
  /** after each epoch of the optimization; measured on the way, certifies nothing */
  history: arrayOf(historyPoint),
});

export const networkBound = checked(fields, ({ klDisplacement, klCovariance }, path) => {
  const kl = klDisplacement + klCovariance;
  if (!Number.isFinite(kl)) throw new Mismatch(`${path}.klCovariance`, 'finite together with klDisplacement', kl);
});
/** A bound on a network whose posterior was optimized, with all that it is made of. */
export type NetworkBoundSection = DecodedBy<typeof networkBound>;
