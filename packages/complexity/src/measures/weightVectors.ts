import { requireFloatArray } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { type Network, networkProgram, requireWeights, unflatten } from '@hyperribbon/nn';

/** The weights of a network's layers, one array after the other; biases and scales are left out. */
export interface WeightVectors {
  /** (ω,) */
  readonly weights: Float64Array;
  /** (ω,) w − w⁰; absent where no reference was given */
  readonly change?: Float64Array;
}

/**
 * The weights that measures count: those of dense layers and convolutions.
 *
 * @param params flat weights (size,)
 * @param reference likewise, w⁰
 * @throws ArgumentError for weights that do not fit or are not finite. Cost: traces the network
 * @example
 * weightVectors(mlp([2, 3, 2]), new Float64Array(17)).weights.length; // 12, without 5 biases
 */
export function weightVectors(network: Network, params: FloatArray, reference?: FloatArray): WeightVectors {
  requireFloatArray('weightVectors', 'params', params);
  requireWeights('weightVectors', 'params', network, params);
  if (reference !== undefined) requireWeights('weightVectors', 'reference', network, reference);
  const places = new Set(networkProgram(network, 1).layers.map(({ weight }) => weight));
  const names = network.parameters.flatMap(({ name }, i) => (places.has(i) ? [name] : []));
  const gathered = (flat: FloatArray): Float64Array => {
    const arrays = unflatten(network, flat);
    const out = new Float64Array(names.reduce((sum, name) => sum + arrays[name].length, 0));
    let at = 0;
    for (const name of names) {
      out.set(arrays[name], at);
      at += arrays[name].length;
    }
    return out;
  };
  const weights = gathered(params);
  if (reference === undefined) return { weights };
  const start = gathered(reference);
  return { weights, change: weights.map((w, i) => w - start[i]) };
}
