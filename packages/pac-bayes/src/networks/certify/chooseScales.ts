import { requireLength } from '@hyperribbon/contract';
import type { UnionPrice } from '../../theorems/boundRecord.js';
import { gridPrice } from '../../theorems/penalties.js';
import type { PriorFamily } from '../gaussian/priorFamily.js';
import type { Gaussian, KlEvidence } from '../posteriorFamily.js';
import { familyOf, type NetworkPosterior } from './familyOf.js';
import { searchGrids, type GridMembers } from './searchGrids.js';

/** A prior of the family with every scale on its grid, what choosing it costs, and the KL from exactly this prior. */
export interface ChosenPrior extends GridMembers, KlEvidence, Gaussian {
  readonly union: UnionPrice;
}

/**
 * The member of the prior family, on the grids, that makes KL + price smallest for a posterior.
 *
 * @param near variances near which the grids are searched
 * @throws RangeError for a family that does not fit; AssumptionError for directions that are not orthonormal
 * Cost: some dozens of passes over the weights; for a subspace posterior 2 k size products, k² size/2 for the KL
 */
export function chooseScales(prior: PriorFamily, posterior: NetworkPosterior, near: readonly number[]): ChosenPrior {
  requireLength('chooseScales', 'near', near, prior.scales.length);
  const { search, at } = familyOf(posterior).klOfScales(prior, posterior);
  const members = searchGrids(
    prior.scales,
    near,
    ({ indices, variances }, s) => search(variances, s) + memberPrice(indices).nats,
  );
  return { ...members, union: memberPrice(members.indices), ...at(members.variances) };
}

/** The price of having chosen members of grids after seeing the data; nothing is paid for scales fixed in advance. */
function memberPrice(indices: readonly number[]): UnionPrice {
  const chosen = indices.filter((j) => j > 0);
  return chosen.length > 0 ? gridPrice(chosen) : { nats: 0, description: 'prior scales fixed in advance', sound: true };
}
