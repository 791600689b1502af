import { refuse } from '@hyperribbon/contract';
import type { DifferenceNorms } from '../../norms/matrixNorms.js';
import type { NetworkNorms } from '../../norms/networkNorms.js';

/**
 * What weights are measured from: zero, or the weights that `networkNorms` was given as `reference` (the start, identities of layers that keep their width).
 * Either is fixed before the sample is seen.
 */
export type Reference = 'zero' | 'given';

/**
 * Norms of W − M of every layer.
 *
 * @param part each layer as the matrix of whole examples, or its filters
 * @throws ArgumentError where the norms were made without reference weights
 */
export function differencesTo(
  caller: string,
  reference: Reference,
  { layers, name }: NetworkNorms,
  part: 'map' | 'filters',
): readonly DifferenceNorms[] {
  if (reference === 'zero') return layers.map((layer) => layer[part]);
  return layers.map((layer) => {
    if (layer.change === undefined)
      refuse(
        caller,
        `the norms of ${name} know no difference to reference weights at layer ${layer.name}: give reference weights to networkNorms, or ask for reference: 'zero'`,
      );
    return layer.change[part];
  });
}

/** The words of a title for a reference. */
export function referenceWords(reference: Reference): string {
  return reference === 'zero' ? 'from zero' : 'from the reference weights';
}
