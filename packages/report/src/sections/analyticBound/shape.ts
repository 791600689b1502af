import {
  arrayOf,
  count,
  finite,
  flag,
  maybe,
  notNegative,
  object,
  oneOf,
  positive,
  share,
  text,
  type DecodedBy,
} from '@hyperribbon/contract/decode';
import { boundShape, monteCarloShape, testError } from '../bound/shape.js';

const monteCarlo = object({ ...monteCarloShape, method: oneOf('kl-inverse', 'chernoff', 'binomial') });

const row = {
  j: count,
  /** prior precision ε_j */
  precision: positive,
  /** klCovariance + klDisplacement, nats */
  kl: notNegative,
  klCovariance: notNegative,
  klDisplacement: notNegative,
  penalty: finite,
  /** (KL + penalty)/(n − 1) or /n: the right-hand side of the theorem */
  complexity: notNegative,
};

const candidate = object({
  ...row,
  /** √(complexity/2): the McAllester gap */
  gap: notNegative,
  /** loss that the noise should add to second order, nats */
  expectedExcess: maybe(finite),
  effectiveDimension: object({ hard: count, soft: notNegative, threshold: notNegative, lowerBound: maybe(flag) }),
  monteCarlo: maybe(monteCarlo),
  /** bound with the mean of the draws in place of the empirical error: an estimate, not a certificate */
  plugIn: maybe(notNegative),
  /** bound with the Monte-Carlo upper limit; certified only under the selection rule of the section */
  corrected: maybe(notNegative),
  mcAllester: maybe(notNegative),
  /** 1 − all delta spent if this row is the one reported */
  confidence: maybe(share),
});
/** One row of the grid over prior precisions. */
export type BoundCandidate = DecodedBy<typeof candidate>;

const best = object({
  ...row,
  value: notNegative,
  /** true if value ≥ the error of guessing: the bound then says nothing */
  vacuous: flag,
  /** false if a switch left the theorem (plug-in mean, penalty of the released scripts) */
  certified: flag,
  confidence: share,
  mcAllester: notNegative,
  plugIn: notNegative,
  monteCarlo,
});

/** What `analyticBound` of @hyperribbon/pac-bayes returns fits here as it stands. */
export const analyticBound = object({
  ...boundShape,
  dimension: count,
  delta: share,
  deltaMonteCarlo: share,
  convention: text,
  /** "correct", or the form of the released scripts, which certifies nothing */
  penaltyForm: maybe(text),
  grid: object({ b: positive, c: positive, first: count, last: count }),
  /** how the reported row was chosen and why the choice is paid for */
  selection: text,
  /** one for each prior precision of the grid */
  candidates: arrayOf(candidate),
  /** absent if no Monte-Carlo evidence was given */
  best: maybe(best),
  posteriorTest: testError,
});
/** The analytic bound on a network, with the grid of prior precisions it was chosen from. */
export type AnalyticBoundSection = DecodedBy<typeof analyticBound>;
