import { log } from '@hyperribbon/kernels';
import { requireCount, requireDelta, requireLoss } from './assumptions.js';
import { clopperPearsonUpper } from './clopperPearson.js';
import { klInverseUpper } from './klInverse.js';
import { nextUp, roundUp } from './rounding.js';

/** Upper limit on the empirical risk of a posterior from finitely many draws. */
export interface MonteCarloRecord {
  /** Plug-in estimate. */
  readonly mean: number;
  readonly draws: number;
  readonly method: 'kl-inverse' | 'binomial';
  readonly delta: number;
  /** The empirical risk is at most this with probability 1 - delta over the draws. */
  readonly upper: number;
}

/** Mean over independent posterior draws, each evaluated on the whole sample: any loss in [0, 1]. */
export interface AveragedDraws {
  readonly mean: number;
  readonly draws: number;
}

/** Independent pairs of a posterior draw and a uniformly drawn example: right or wrong. */
export interface SingleTrials {
  readonly errors: number;
  readonly trials: number;
}

export type MonteCarloEvidence = AveragedDraws | SingleTrials;

/**
 * Upper limit on e_hat(Q) from posterior draws.
 *
 * Averages: e_hat(Q) <= kl^-1(mean | ln(2/delta)/N) [langford2002]; each draw is one sample, however many examples it was
 * evaluated on. Single 0-1 trials: the exact binomial limit [clopper1934], which is tighter for the same number.
 * @param evidence mean of N draws, or a count of errors
 * @param delta in (0, 1), on top of the delta of the bound
 * @returns record with `upper` rounded up
 * @throws AssumptionError for a mean outside [0, 1], counts that are not counts, delta outside (0, 1)
 * @example monteCarloLimit({ mean: 0.028, draws: 1000 }, 0.01).upper // 0.0484...
 */
export function monteCarloLimit(evidence: MonteCarloEvidence, delta: number): MonteCarloRecord {
  requireDelta('monteCarloLimit', delta);
  if ('trials' in evidence) {
    const { errors, trials } = evidence;
    const upper = clopperPearsonUpper(errors, trials, delta);
    return { mean: errors / trials, draws: trials, method: 'binomial', delta, upper };
  }
  const { mean, draws } = evidence;
  requireLoss('monteCarloLimit', mean, 'mean');
  requireCount('monteCarloLimit', draws, 'draws', 1);
  const rate = nextUp(roundUp(log(2 / delta) / draws));
  return { mean, draws, method: 'kl-inverse', delta, upper: klInverseUpper(mean, rate) };
}
