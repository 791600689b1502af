import * as is from '@hyperribbon/contract/decode';
import { besideShape, boundShape, monteCarloShape, testError } from '../bound/shape.js';

const theoremRow = is.object({
  theorem: is.text,
  source: is.text,
  value: is.notNegative,
  vacuous: is.flag,
  penalty: is.finite,
  /** B = √(rate/2), rate = (KL + penalty)/n: what McAllester's bound adds to the error */
  gap: is.maybe(is.notNegative),
  /** with the mean of the draws as if it were exact: no certificate */
  plugIn: is.maybe(is.notNegative),
});
/** The same ingredients in one theorem. */
export type TheoremRow = is.DecodedBy<typeof theoremRow>;

const historyPoint = is.object({
  epoch: is.count,
  /** error of the random classifier */
  error: is.share,
  /** nats */
  kl: is.notNegative,
  /** the bound without grid and Monte-Carlo term */
  estimate: is.share,
});

const fields = is.object({
  ...boundShape,
  ...besideShape,
  value: is.notNegative,
  vacuous: is.flag,
  certified: is.flag,
  confidence: is.share,
  weights: is.count,
  klDisplacement: is.notNegative,
  klCovariance: is.notNegative,
  penalty: is.finite,
  /** what the grids of the prior's scales cost, nats; part of the penalty */
  price: is.notNegative,
  monteCarlo: is.object(monteCarloShape),
  /** with the mean of the draws as if it were exact: no certificate */
  plugIn: is.notNegative,
  gap: is.maybe(is.notNegative),
  /** the same ingredients in other theorems */
  others: is.arrayOf(theoremRow),
  /** the same ingredients as released scripts count them: no certificate */
  released: is.maybe(theoremRow),
  scales: is.arrayOf(is.object({ name: is.text, index: is.count, variance: is.positive })),
  parts: is.arrayOf(
    is.object({ name: is.text, dimension: is.count, covariance: is.notNegative, displacement: is.notNegative }),
  ),
  test: testError,
  /** a number to compare with, and where it is from */
  published: is.maybe(is.object({ value: is.notNegative, source: is.text })),
  /** after each epoch of the optimization; measured on the way, certifies nothing */
  history: is.arrayOf(historyPoint),
});

export const networkBound = is.checked(fields, ({ klDisplacement, klCovariance }, path) => {
  const kl = klDisplacement + klCovariance;
  if (!Number.isFinite(kl)) throw new is.Mismatch(`${path}.klCovariance`, 'finite together with klDisplacement', kl);
});
/** A bound on a network whose posterior was optimized, with all that it is made of. */
export type NetworkBoundSection = is.DecodedBy<typeof networkBound>;
