import { collapsedBound, firstRankOneLayer } from '../lowRank/collapseBound.js';
import { parameterCountingBound } from '../lowRank/parameterCounting.js';
import { pinto2025Bound } from '../lowRank/pintoBound.js';
import { trivialBound } from '../lowRank/trivialBound.js';
import type { NetworkNorms } from '../../norms/networkNorms.js';
import type { AllBoundsOptions } from './allBoundsOptions.js';
import type { Cover } from './coverNorms.js';
import { sharesWeights } from './cutToRank.js';
import { type Entry, filters, map } from './entry.js';

const spectralProduct: Cover = { product: () => map('spectral') };

/** The bounds that know ranks, and the two rows that every comparison needs. */
export function lowRankEntries(network: NetworkNorms, { c1 = 1, c2 = 1, c = 1 }: AllBoundsOptions): Entry[] {
  const pinto = (['printed', 'derived', 'tight'] as const).map(
    (rankMode): Entry => ({
      cover: { ...spectralProduct, ratios: () => [map('frobenius')], ranks: () => true },
      bound: (norms, sample, options) => pinto2025Bound(norms, sample, { ...options, c1, c2, rankMode }),
    }),
  );
  // weights that a layer uses at several places count once, and enter by the norm of its filters
  const counted: Cover = {
    ...spectralProduct,
    ratios: (_, layer) => (sharesWeights(layer) ? [filters('spectral')] : []),
    ranks: (layer) => !sharesWeights(layer),
  };
  const counting = (['ranks', 'fewer'] as const).map(
    (by): Entry => ({
      cover: counted,
      bound: (norms, sample, options) => parameterCountingBound(norms, sample, { ...options, counting: by }),
    }),
  );
  // its layer is chosen by the weights and its constant is not known: no statement is made of it
  const collapsed: Entry[] =
    firstRankOneLayer(network) === undefined
      ? []
      : [{ bound: (norms, sample, options) => collapsedBound(norms, sample, { ...options, c }) }];
  return [{ cover: spectralProduct, bound: trivialBound }, ...counting, ...pinto, ...collapsed];
}
