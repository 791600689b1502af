import { log } from '@hyperribbon/kernels';
import { requireCount, requireDelta, requireLoss } from '../assumptions.js';
import { clopperPearsonLower, clopperPearsonUpper } from './clopperPearson.js';
import { klInverseLower, klInverseUpper } from './klInverse.js';
import { nextUp, roundUp } from './rounding.js';

/** Upper limit on the empirical risk of a posterior from finitely many draws. */
export interface MonteCarloRecord {
  /** Plug-in estimate. */
  readonly mean: number;
  /** Independent variables in [0, 1] behind the mean. */
  readonly draws: number;
  readonly method: 'kl-inverse' | 'chernoff' | 'binomial';
  readonly delta: number;
  /** The empirical risk is at most this with probability 1 - delta over the draws. */
  readonly upper: number;
}

/** The same from below, for the part of a loss that enters a bound with a minus sign. */
export interface MonteCarloLowerRecord extends Omit<MonteCarloRecord, 'upper'> {
  readonly lower: number;
}

/** Mean over independent variables in [0, 1]: whole-network draws, each evaluated on the whole sample, or groups of examples. */
export interface AveragedDraws {
  readonly mean: number;
  readonly draws: number;
}

/**
 * Independent single trials, right or wrong, whose average probability is the risk: pairs of a posterior draw and a uniformly
 * drawn example, or a draw of its own for every example in every pass.
 */
export interface SingleTrials {
  readonly errors: number;
  readonly trials: number;
}

export type MonteCarloEvidence = AveragedDraws | SingleTrials;

export interface MonteCarloOptions {
  /**
   * For averages. 'kl-inverse' (default) charges ln(2/delta) as [langford2002] does, 'chernoff' ln(1/delta): only one side is
   * needed, so that is enough.
   */
  readonly method?: 'kl-inverse' | 'chernoff';
}

/**
 * Upper limit on e_hat(Q) from posterior draws.
 *
 * Averages: e_hat(Q) <= kl^-1(mean | ln(2/delta)/N) [langford2002], or ln(1/delta); each draw is one variable, however many examples it
 * was evaluated on. Single 0-1 trials: max of the binomial limit [clopper1934] and (errors + 1)/trials. With that maximum the limit
 * holds for trials of unequal probability too, by the comparison of [hoeffding1956] (docs/theory/certificates.md); it
 * differs from the binomial limit only for delta > 1/4 or when all trials but one were errors.
 * @param evidence mean of N draws, or a count of errors
 * @param delta in (0, 1), on top of the delta of the bound
 * @returns record with `upper` rounded up
 * @throws AssumptionError for a mean outside [0, 1], counts that are not counts, delta outside (0, 1)
 * @example monteCarloLimit({ mean: 0.028, draws: 1000 }, 0.01).upper // 0.0484...
 */
export function monteCarloLimit(
  evidence: MonteCarloEvidence,
  delta: number,
  { method = 'kl-inverse' }: MonteCarloOptions = {},
): MonteCarloRecord {
  requireDelta('monteCarloLimit', delta);
  if ('trials' in evidence) {
    const { errors, trials } = evidence;
    const binomial = clopperPearsonUpper(errors, trials, delta);
    const upper = Math.min(1, Math.max(binomial, roundUp((errors + 1) / trials, 1)));
    return { mean: errors / trials, draws: trials, method: 'binomial', delta, upper };
  }
  const { mean, draws } = evidence;
  requireLoss('monteCarloLimit', mean, 'mean');
  return { mean, draws, method, delta, upper: klInverseUpper(mean, drawRate(draws, delta, method)) };
}

/**
 * Lower limit on the posterior mean of a quantity in [0, 1], mirrored from {@link monteCarloLimit}.
 * @returns record with `lower` rounded down
 * @throws AssumptionError for a mean outside [0, 1], counts that are not counts, delta outside (0, 1)
 * @example monteCarloLowerLimit({ mean: 0.9, draws: 1000 }, 0.01).lower // 0.866...
 */
export function monteCarloLowerLimit(
  evidence: MonteCarloEvidence,
  delta: number,
  { method = 'kl-inverse' }: MonteCarloOptions = {},
): MonteCarloLowerRecord {
  requireDelta('monteCarloLowerLimit', delta);
  if ('trials' in evidence) {
    const { errors, trials } = evidence;
    const binomial = clopperPearsonLower(errors, trials, delta);
    const lower = Math.max(0, Math.min(binomial, -roundUp(-(errors - 1) / trials, 1)));
    return { mean: errors / trials, draws: trials, method: 'binomial', delta, lower };
  }
  const { mean, draws } = evidence;
  requireLoss('monteCarloLowerLimit', mean, 'mean');
  return { mean, draws, method, delta, lower: klInverseLower(mean, drawRate(draws, delta, method)) };
}

function drawRate(draws: number, delta: number, method: 'kl-inverse' | 'chernoff'): number {
  requireCount('monteCarloLimit', 'draws', draws, 1);
  return nextUp(roundUp((method === 'chernoff' ? -log(delta) : log(2 / delta)) / draws));
}
