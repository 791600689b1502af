import type { NetworkNorms } from '../../norms/networkNorms.js';
import { vcBound } from '../counting/harvey2017.js';
import type { Reference } from '../covering/reference.js';
import type { AllBoundsOptions } from './allBoundsOptions.js';
import { coveringEntries } from './coveringEntries.js';
import type { Entry } from './entry.js';
import { lowRankEntries } from './lowRankEntries.js';
import { productEntries } from './productEntries.js';

/** Every bound there is for these norms. */
export function entriesFor(network: NetworkNorms, options: AllBoundsOptions): Entry[] {
  const changes = network.layers.every(({ change }) => change !== undefined);
  const references: Reference[] = changes ? ['zero', 'given'] : ['zero'];
  return [
    ...lowRankEntries(network, options),
    ...productEntries(options),
    ...references.flatMap(coveringEntries),
    {
      withoutMargin: true,
      bound: (norms, sample, { delta, union }) => vcBound(norms, sample, { delta, union }),
    },
  ];
}
