import { placesOf } from '@hyperribbon/autodiff/walk';
import type { Network } from '../network.js';
import { networkProgram } from '../networkProgram.js';
import { sizeOf } from '../parameterLayout.js';
import type { Habit } from './layerNames.js';
import type { StateArray } from './stateArrays.js';

/** The names of a network's dense weights (in, out): matrices whose columns are the outputs of a product. Tables of embeddings are none. */
export function denseWeights(network: Network): ReadonlySet<string> {
  const { maps } = networkProgram(network, 2);
  const dense = maps.flatMap(({ weight, weightViews, inputs, outputs }) => {
    const { name, shape } = network.parameters[weight];
    if (shape.length !== 2 || shape[0] !== inputs || shape[1] !== outputs) return [];
    // an entry and its neighbour are of two outputs
    return outputs === 1 || placesOf(sizeOf(shape), weightViews)[1] === 1 ? [name] : [];
  });
  return new Set(dense);
}

/** How dense weights of a state lie, as far as their shapes tell. */
export interface Lying {
  readonly habit: Habit;
  /** whether shapes decided; else what PyTorch does */
  readonly certain: boolean;
}

/**
 * Tells (in, out) from (out, in) by the weights that are not square. GPT-2's own layers, c_attn, c_proj and c_fc, are (in, out) in HF's library and may
 * lie otherwise than the rest, so they are asked for themselves.
 *
 * @param wanted shapes (in, out) by name
 */
export function lyingOf(
  wanted: ReadonlyMap<string, readonly number[]>,
  arrays: ReadonlyMap<string, StateArray>,
): (name: string) => Lying {
  const votes = new Map<boolean, Set<Habit>>([
    [true, new Set()],
    [false, new Set()],
  ]);
  for (const [name, [inputs, outputs]] of wanted) {
    const found = arrays.get(name);
    if (found === undefined || inputs === outputs || found.shape.length !== 2) continue;
    if (found.shape[0] === inputs && found.shape[1] === outputs) votes.get(isConv1D(name))!.add('in-out');
    if (found.shape[0] === outputs && found.shape[1] === inputs) votes.get(isConv1D(name))!.add('out-in');
  }
  return (name) => {
    const [first, ...others] = votes.get(isConv1D(name))!;
    return first === undefined || others.length > 0
      ? { habit: 'out-in', certain: false }
      : { habit: first, certain: true };
  };
}

function isConv1D(name: string): boolean {
  return /\bc_(attn|proj|fc)\.weight$/.test(name);
}
