import type { BoundRecord } from '../../theorems/boundRecord.js';
import type { GaussianKl } from '../../divergences/gaussianKl.js';
import { klBound } from '../../theorems/klBound.js';
import { monteCarloLimit, type MonteCarloRecord } from '../../limits/monteCarlo.js';
import { roundUp } from '../../limits/rounding.js';
import type { Examples } from '@hyperribbon/nn';
import { resolveAccounting, type AccountingOptions } from './resolveAccounting.js';
import { chooseScales, type ChosenPrior } from './chooseScales.js';
import type { GaussianPosterior } from '../gaussian/gaussianPosterior.js';
import type { PriorFamily } from '../gaussian/priorFamily.js';
import { asReleased, inEveryTheorem, type TheoremBound } from './inEveryTheorem.js';
import { posteriorErrors, type PosteriorErrorOptions, type PosteriorErrors } from './posteriorErrors.js';

export interface CertifyOptions extends PosteriorErrorOptions, AccountingOptions {
  readonly prior: PriorFamily;
  /** prior variances near which the grid is searched: `variances` of the optimisation */
  readonly near: readonly number[];
}

export interface NetworkBound {
  /** the certificate: kl⁻¹ of the Monte-Carlo limit */
  readonly bound: BoundRecord;
  /** the same ingredients in the other theorems, each valid by itself, not all of them at once */
  readonly others: readonly TheoremBound[];
  /** as the released scripts would count, for comparison: not a certificate; absent where no scale was on a grid */
  readonly released?: BoundRecord;
  /** the bound with the mean of the draws as if it were exact: not a certificate */
  readonly plugIn: number;
  readonly monteCarlo: MonteCarloRecord;
  readonly errors: PosteriorErrors;
  readonly prior: ChosenPrior;
  readonly kl: GaussianKl;
  readonly n: number;
}

/**
 * Certifies the random classifier: its error on the distribution of the examples is at most `bound.value` with probability
 * 1 − δ − δ′, if the prior family was fixed without these examples and the draws are fresh.
 *
 * 1. The prior's scales are put on their grids, and the union over the grids is paid for.
 * 2. `passes` × n independent trials limit the empirical error from above at δ′ (Monte-Carlo term).
 * 3. kl(ê || e) ≤ (KL + price + ln(2√n/δ))/n is inverted at that limit.
 *
 * The draws of step 2 must not have been used to choose the posterior: their streams have a purpose of their own, so give
 * `seed` once per certificate and do not select among certificates by their value.
 */
export async function certifyPosterior(
  posterior: GaussianPosterior,
  examples: Examples,
  options: CertifyOptions,
): Promise<NetworkBound> {
  const accounting = resolveAccounting('certifyPosterior', posterior, options.prior, options);
  const chosen = chooseScales(options.prior, posterior, options.near);
  const errors = await posteriorErrors(posterior, examples, options);
  return assembleBound({ errors, chosen, n: examples.count, ...accounting });
}

/** The accounting alone, from measured ingredients. */
export function assembleBound({
  errors,
  units = errors.trials,
  chosen,
  n,
  delta,
  deltaMonteCarlo,
  theorem,
  chance,
}: Required<AccountingOptions> & {
  readonly errors: PosteriorErrors;
  /** independent draws behind the trials; default: each trial had its own */
  readonly units?: number;
  readonly chosen: ChosenPrior;
  readonly n: number;
}): NetworkBound {
  const mean = errors.errors / errors.trials;
  const monteCarlo =
    units === errors.trials
      ? monteCarloLimit({ errors: errors.errors, trials: errors.trials }, deltaMonteCarlo)
      : monteCarloLimit({ mean: Math.min(1, roundUp(mean, 1)), draws: units }, deltaMonteCarlo, { method: 'chernoff' });
  const shared = { kl: chosen.kl.kl, n, delta, union: chosen.union, chance };
  const ingredients = { ...shared, empirical: monteCarlo };
  const released = asReleased(ingredients, mean, chosen.indices);
  return {
    bound: klBound({ ...ingredients, theorem }),
    others: inEveryTheorem(theorem, ingredients, mean),
    ...(released === undefined ? {} : { released }),
    plugIn: klBound({ ...shared, empirical: mean, theorem }).value,
    monteCarlo,
    errors,
    prior: chosen,
    kl: chosen.kl,
    n,
  };
}
