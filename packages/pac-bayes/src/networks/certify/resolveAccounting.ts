import { refuse } from '@hyperribbon/contract';
import { networkIdentity, type Network } from '@hyperribbon/nn';

/** How the failure probability of a network bound is spent, and in which theorem. */
export interface AccountingOptions {
  /** default 0.025 */
  readonly delta?: number;
  /** for the draws, default 0.01 */
  readonly deltaMonteCarlo?: number;
  /** default `maurer` */
  readonly theorem?: 'maurer' | 'langford-seeger';
  /** error of guessing, where a bound says nothing; default 1 − 1/classes */
  readonly chance?: number;
}

/** The defaults filled in, for a posterior and a prior over the weights of one network. */
export function resolveAccounting(
  caller: string,
  { network }: { readonly network: Network },
  prior: { readonly network: Network },
  { delta = 0.025, deltaMonteCarlo = 0.01, theorem = 'maurer', chance = 1 - 1 / network.classes }: AccountingOptions,
): Required<AccountingOptions> {
  if (prior.network !== network && networkIdentity(prior.network) !== networkIdentity(network)) {
    refuse(caller, `the prior is of ${prior.network.name}, the posterior of another network, ${network.name}`);
  }
  return { delta, deltaMonteCarlo, theorem, chance };
}
