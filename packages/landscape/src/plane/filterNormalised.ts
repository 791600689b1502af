import { placesOf } from '@hyperribbon/autodiff/walk';
import type { FloatArray } from '@hyperribbon/kernels';
import { type Network, networkProgram, sizeOf } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';

/** What a random direction does to arrays that are no weights of a dense layer or convolution: biases, gains and shifts of norms. */
export type OtherArrays =
  /** they stay as they are, as published pictures have it */
  | 'fixed'
  /** each array is one filter */
  | 'normalised';

/**
 * A random direction whose parts have the norms of the weights they belong to: dᵢⱼ ← dᵢⱼ ‖wᵢⱼ‖/‖dᵢⱼ‖ for the j-th filter of layer i [li2018, section 4].
 * A filter is all that one output of a layer sees: a column of a dense layer's W (inputs, outputs), a kernel of a convolution over all channels.
 *
 * Without it the scale of a picture would be that of the weights, which networks that compute the same function choose freely.
 *
 * @param params (size,) weights
 * @param axis which of the directions of a seed, integer ≥ 0
 * @returns (size,) direction; zero where weights are zero
 * Cost: traces the network once
 */
export function filterNormalised(
  network: Network,
  params: FloatArray,
  { seed, axis, others }: { readonly seed: number; readonly axis: number; readonly others: OtherArrays },
): Float64Array {
  const direction = stream({ seed, purpose: 'landscape/plane', index: axis }).normal(new Float64Array(network.size));
  const filters = filtersOf(network);
  let at = 0;
  network.parameters.forEach(({ shape }, i) => {
    const size = sizeOf(shape);
    const part = direction.subarray(at, at + size);
    const weights = params.subarray(at, at + size);
    const groups = filters.get(i);
    if (groups !== undefined) scaleGroups(part, weights, groups);
    else if (others === 'normalised') scaleGroups(part, weights, { of: new Int32Array(size), count: 1 });
    else part.fill(0);
    at += size;
  });
  return direction;
}

/** Entries of an array by the filter that they are part of. */
interface Filters {
  /** number of the filter of each entry */
  readonly of: Int32Array;
  readonly count: number;
}

/** Filters of each array of weights, by its number. */
function filtersOf(network: Network): ReadonlyMap<number, Filters> {
  const found = new Map<number, Filters>();
  for (const { weight, weightViews, groups, inputs, outputs } of networkProgram(network, 1).layers) {
    // weights that several layers use have the filters of the first
    if (found.has(weight) || weightViews.some(({ op }) => op === 'broadcast')) continue;
    const size = sizeOf(network.parameters[weight].shape);
    const places = placesOf(size, weightViews);
    const of = new Int32Array(size);
    // the view is (groups, inputs, outputs)
    places.forEach((place, k) => {
      of[place] = Math.floor(k / (inputs * outputs)) * outputs + (k % outputs);
    });
    found.set(weight, { of, count: groups * outputs });
  }
  return found;
}

function scaleGroups(direction: Float64Array, weights: FloatArray, { of, count }: Filters): void {
  const own = groupNorms(direction, of, count);
  const wanted = groupNorms(weights, of, count);
  for (let i = 0; i < direction.length; i++)
    direction[i] = own[of[i]] === 0 ? 0 : direction[i] * (wanted[of[i]] / own[of[i]]);
}

/** Norms, without overflow on the way. */
function groupNorms(x: FloatArray, of: Int32Array, count: number): Float64Array {
  const largest = new Float64Array(count);
  for (let i = 0; i < x.length; i++) largest[of[i]] = Math.max(largest[of[i]], Math.abs(x[i]));
  const sums = new Float64Array(count);
  for (let i = 0; i < x.length; i++) {
    const share = largest[of[i]] === 0 ? 0 : x[i] / largest[of[i]];
    sums[of[i]] += share * share;
  }
  return sums.map((sum, group) => largest[group] * Math.sqrt(sum));
}
