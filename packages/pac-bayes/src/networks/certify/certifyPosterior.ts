import { refuse } from '@hyperribbon/contract';
import { networkIdentity, type Examples } from '@hyperribbon/nn';
import type { GaussianKl } from '../../divergences/gaussianKl.js';
import { drawPurpose, drawSeed } from '../../certificate/drawSeed.js';
import { monteCarloLimit, type MonteCarloRecord } from '../../limits/monteCarlo.js';
import { roundUp } from '../../limits/rounding.js';
import type { BoundRecord } from '../../theorems/boundRecord.js';
import { klBound } from '../../theorems/klBound.js';
import type { PriorFamily } from '../gaussian/priorFamily.js';
import type { PosteriorErrors, SettledDraws } from '../posteriorFamily.js';
import { chooseScales, type ChosenPrior } from './chooseScales.js';
import { familyOf, type DrawOptions, type NetworkPosterior } from './familyOf.js';
import { asReleased, inEveryTheorem, type TheoremBound } from './inEveryTheorem.js';
import { arrayDigests, gaussianArrays } from './posteriorArrays.js';

/** How the failure probability of a network bound is spent, and in which theorem. */
export interface AccountingOptions {
  /** default 0.025 */
  readonly delta?: number;
  /** for the draws, default 0.01 */
  readonly deltaMonteCarlo?: number;
  /** default `maurer` */
  readonly theorem?: 'maurer' | 'langford-seeger';
  /** error of guessing, where a bound says nothing: `errorOfGuessing` of labels beside the bound's; default 1 */
  readonly chance?: number;
}

export type CertifyOptions<Q extends NetworkPosterior> = AccountingOptions & {
  readonly prior: PriorFamily;
  /** prior variances near which the grid is searched: `variances` of the optimisation */
  readonly near: readonly number[];
} & Omit<DrawOptions<Q>, 'seed' | 'purpose' | 'deterministic'>;

export interface NetworkBound {
  /** the certificate: kl⁻¹ of the Monte-Carlo limit */
  readonly bound: BoundRecord;
  /** whose inequality `bound` is */
  readonly theorem: Required<AccountingOptions>['theorem'];
  readonly chance: number;
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
 * The seed of the draws of step 2 follows from the posterior (`drawSeed`): nobody picks it, and a posterior that is optimised further after
 * it was certified meets other draws. Do not select among certificates by their value.
 */
export async function certifyPosterior<Q extends NetworkPosterior>(
  posterior: Q,
  examples: Examples,
  options: CertifyOptions<Q>,
): Promise<NetworkBound> {
  const { network } = posterior;
  const { prior, near, delta = 0.025, deltaMonteCarlo = 0.01, theorem = 'maurer' } = options;
  const { chance = 1 } = options;
  if (prior.network !== network && networkIdentity(prior.network) !== networkIdentity(network)) {
    const { name } = prior.network;
    refuse('certifyPosterior', `the prior is of ${name}, the posterior of another network, ${network.name}`);
  }
  const chosen = chooseScales(prior, posterior, near);
  const errors = await certifyingDraws(posterior, examples, options);
  return assembleBound({ errors, chosen, n: examples.count, delta, deltaMonteCarlo, theorem, chance });
}

/** The draws that belong to this posterior, in kernels that give the same count everywhere. */
function certifyingDraws<Q extends NetworkPosterior>(
  posterior: Q,
  examples: Examples,
  options: CertifyOptions<Q>,
): Promise<PosteriorErrors> {
  for (const name of ['seed', 'purpose', 'deterministic'])
    if (name in options) refuse('certifyPosterior', `${name} is not yours to choose: it follows from the posterior`);
  const family = familyOf<Q>(posterior);
  const draws = options as unknown as DrawOptions<Q>;
  const named = certifyingStream(posterior, family.planDraws(posterior, examples, draws));
  return family.errors(posterior, examples, { ...draws, ...named, deterministic: true });
}

/** Names the stream of the draws that certify a posterior: nobody picks it. */
export function certifyingStream(
  posterior: NetworkPosterior,
  draws: SettledDraws,
): { readonly seed: number; readonly purpose: string } {
  return { seed: drawSeed(arrayDigests(gaussianArrays(posterior)), draws), purpose: drawPurpose };
}

/** The accounting alone, from measured ingredients. */
export function assembleBound({
  errors: measured,
  chosen,
  n,
  delta,
  deltaMonteCarlo,
  theorem,
  chance,
}: Required<AccountingOptions> & {
  readonly errors: PosteriorErrors;
  readonly chosen: ChosenPrior;
  readonly n: number;
}): NetworkBound {
  const { errors, trials, units } = measured;
  const mean = errors / trials;
  const monteCarlo =
    units === trials
      ? monteCarloLimit({ errors, trials }, deltaMonteCarlo)
      : monteCarloLimit({ mean: Math.min(1, roundUp(mean, 1)), draws: units }, deltaMonteCarlo, { method: 'chernoff' });
  const shared = { kl: chosen.kl.kl, n, delta, union: chosen.union, chance };
  const ingredients = { ...shared, empirical: monteCarlo };
  const released = asReleased(ingredients, mean, chosen.indices);
  return {
    bound: klBound({ ...ingredients, theorem }),
    theorem,
    chance,
    others: inEveryTheorem(theorem, ingredients, mean),
    ...(released === undefined ? {} : { released }),
    plugIn: klBound({ ...shared, empirical: mean, theorem }).value,
    monteCarlo,
    errors: measured,
    prior: chosen,
    kl: chosen.kl,
    n,
  };
}
