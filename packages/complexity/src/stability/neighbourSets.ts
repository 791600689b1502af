import { type Examples, refuse, requireInteger, requireSeed } from '@hyperribbon/contract';
import { stream } from '@hyperribbon/random';
import { rowsOf } from './rows.js';

/** Data sets any two of which differ by one replaced example. */
export interface NeighbourSets {
  /** count − sets + 1 examples each, the same ones in the same places but for one */
  readonly sets: readonly Examples[];
  /** the row in which they differ */
  readonly place: number;
  /** which of the given examples stands there, set by set */
  readonly replacements: Int32Array;
}

/**
 * Data sets of which every two differ by one replaced example, all others in the same places: what {@link algorithmicStability} is to be trained on.
 *
 * So many examples are drawn; each stands in one set, at one and the same place, and all others stand in every set. Corrupt labels first
 * (`labelNoise` of `@hyperribbon/data`), so that the sets share the noise.
 *
 * @param examples count of them, more than there are sets
 * @param sets K ≥ 2
 * @param seed names the draw
 * @throws ArgumentError for fewer than two sets, and for fewer examples than sets + 1
 * Cost: K copies of the inputs
 * @example
 * const { sets } = neighbourSets(digits.train, 4, 7);
 * sets.map(({ count }) => count); // [17, 17, 17, 17]
 */
export function neighbourSets(examples: Examples, sets: number, seed: number): NeighbourSets {
  const { count } = examples;
  requireInteger('neighbourSets', 'sets', sets, 2);
  requireSeed('neighbourSets', seed);
  if (count < sets + 1)
    refuse(
      'neighbourSets',
      `examples must be more than sets=${sets}, got ${count}: each set replaces one by one of its own`,
    );
  const order = stream({ seed, purpose: 'complexity.neighbour-sets' }).permutation(count);
  const replacements = order.slice(0, sets);
  const shared = order.slice(sets).sort();
  // the shared examples keep their order, the replaced one stands where it would have stood
  const place = shared.filter((row) => row < replacements[0]).length;
  const rows = new Int32Array(shared.length + 1);
  rows.set(shared.subarray(0, place));
  rows.set(shared.subarray(place), place + 1);
  return {
    sets: Array.from(replacements, (row) => {
      rows[place] = row;
      return rowsOf(examples, rows);
    }),
    place,
    replacements,
  };
}
