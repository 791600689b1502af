import * as is from '@hyperribbon/contract/decode';
import { besideShape, boundShape, monteCarloShape, testError } from '../bound/shape.js';

const monteCarlo = is.object({ ...monteCarloShape, method: is.oneOf('kl-inverse', 'chernoff', 'binomial') });

const row = {
  j: is.count,
  /** prior precision ε_j */
  precision: is.positive,
  /** klCovariance + klDisplacement, nats */
  kl: is.notNegative,
  klCovariance: is.notNegative,
  klDisplacement: is.notNegative,
  penalty: is.finite,
  /** (KL + penalty)/(n − 1) or /n: the right-hand side of the theorem */
  complexity: is.notNegative,
};

const candidate = is.object({
  ...row,
  /** √(complexity/2): the McAllester gap */
  gap: is.notNegative,
  /** loss that the noise should add to second order, nats */
  expectedExcess: is.maybe(is.finite),
  effectiveDimension: is.object({
    hard: is.count,
    soft: is.notNegative,
    threshold: is.notNegative,
    lowerBound: is.maybe(is.flag),
  }),
  monteCarlo: is.maybe(monteCarlo),
  /** bound with the mean of the draws in place of the empirical error: an estimate, not a certificate */
  plugIn: is.maybe(is.notNegative),
  /** bound with the Monte-Carlo upper limit; certified only under the selection rule of the section */
  corrected: is.maybe(is.notNegative),
  mcAllester: is.maybe(is.notNegative),
  /** 1 − all delta spent if this row is the one reported */
  confidence: is.maybe(is.share),
});
/** One row of the grid over prior precisions. */
export type BoundCandidate = is.DecodedBy<typeof candidate>;

const best = is.object({
  ...row,
  value: is.notNegative,
  /** true if value ≥ the error of guessing: the bound then says nothing */
  vacuous: is.flag,
  /** false if a switch left the theorem (plug-in mean, penalty of the released scripts) */
  certified: is.flag,
  confidence: is.share,
  mcAllester: is.notNegative,
  plugIn: is.notNegative,
  monteCarlo,
});

/** What `analyticBound` of @hyperribbon/pac-bayes returns fits here as it stands. */
export const analyticBound = is.object({
  ...boundShape,
  ...besideShape,
  dimension: is.count,
  delta: is.share,
  deltaMonteCarlo: is.share,
  convention: is.text,
  /** "correct", or the form of the released scripts, which certifies nothing */
  penaltyForm: is.maybe(is.text),
  grid: is.object({ b: is.positive, c: is.positive, first: is.count, last: is.count }),
  /** how the reported row was chosen and why the choice is paid for */
  selection: is.text,
  /** one for each prior precision of the grid */
  candidates: is.arrayOf(candidate),
  /** absent if no Monte-Carlo evidence was given */
  best: is.maybe(best),
  posteriorTest: testError,
});
/** The analytic bound on a network, with the grid of prior precisions it was chosen from. */
export type AnalyticBoundSection = is.DecodedBy<typeof analyticBound>;
