import type { NetworkNorms } from '../../norms/networkNorms.js';
import { compressionBound } from '../compression/arora2018.js';
import type { Cushions } from '../compression/cushions.js';
import { vcBound } from '../counting/harvey2017.js';
import type { Reference } from '../covering/reference.js';
import type { AllBoundsOptions } from './allBoundsOptions.js';
import { coveringEntries } from './coveringEntries.js';
import type { Entry } from './entry.js';
import { lowRankEntries } from './lowRankEntries.js';
import { productEntries } from './productEntries.js';

/** Every bound there is for these norms. */
export function entriesFor(network: NetworkNorms, options: AllBoundsOptions): Entry[] {
  const { cushions } = options;
  const changes = network.layers.every(({ change }) => change !== undefined);
  const references: Reference[] = changes ? ['zero', 'given'] : ['zero'];
  return [
    ...lowRankEntries(network, options),
    ...productEntries(options),
    ...references.flatMap(coveringEntries),
    ...(cushions === undefined ? [] : [{ bound: compression(cushions) }]),
    {
      withoutMargin: true,
      bound: (norms, sample, { delta, union }) => vcBound(norms, sample, { delta, union }),
    },
  ];
}

function compression(cushions: Cushions): Entry['bound'] {
  return (norms, sample, options) => compressionBound(norms, sample, { ...options, cushions });
}
