import { refuse } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { foldBatchNorm, type Network, networkProgram } from '@hyperribbon/nn';
import { type Between, between, isActive, lipschitzOf, type Path } from './between.js';
import { type ChainLayer, chainLayer } from './chainLayer.js';
import { mergedLayers } from './mergedLayers.js';
import { outsideSentences } from './outsideSentences.js';

/** A network in the form that bounds have: its layers, in order, and what stands between them. */
export interface Chain {
  /** batch norms folded */
  readonly network: Network;
  readonly params: FloatArray;
  readonly layers: readonly ChainLayer[];
  /** of every layer: Lipschitz constant of what stands between it and the next, behind the last: and the output */
  readonly lipschitz: readonly number[];
  /** of every layer: where the channels of the one before it are when it reads them */
  readonly channels: readonly Path['channels'][];
  /** whether all activations are positively homogeneous */
  readonly homogeneous: boolean;
  readonly outside: readonly string[];
}

export interface ChainOptions {
  /** layers with nothing between them become one, whose matrix is the product; default true */
  readonly merge?: boolean;
  /** whether biases count as weights of a constant input; default not */
  readonly biases?: 'left-out' | 'homogeneous';
}

/**
 * The layers of a network at some weights, batch norms folded.
 *
 * @throws ArgumentError for weights that do not fit, a network without layers, and one with latent weights
 * Cost: traces the network, copies the weights
 */
export function chainOf(
  caller: string,
  given: Network,
  weights: FloatArray,
  { merge = true, biases = 'left-out' }: ChainOptions = {},
): Chain {
  if (given.latent !== undefined)
    refuse(
      caller,
      `weights of ${given.name} are latent: ask about the network that usedWeights of @hyperribbon/nn makes`,
    );
  const { network, params } = foldBatchNorm(given, weights);
  const { program, layers: maps } = networkProgram(network, 2);
  if (maps.length === 0)
    refuse(caller, `${network.name} has no dense layer and no convolution: there is no matrix to take norms of`);
  const found = between(program, maps, network.parameters.length);
  const straight = isStraight(found);
  const single = maps.map((map, i) => chainLayer(caller, network, params, map, i));
  const layers =
    merge && straight
      ? mergedLayers(single, (i) => found.before[i]?.bare === true && !isActive(found.before[i]!))
      : single;
  const behind = layers.map(({ last }) => wayFrom(found, last, straight));
  return {
    network,
    params,
    layers,
    lipschitz: behind.map((path) => (path === undefined ? NaN : lipschitzOf(path))),
    channels: layers.map(({ first }) => found.before[first]?.channels ?? 'last'),
    homogeneous: straight && found.homogeneous,
    outside: [...found.outside, ...outsideSentences(network, maps, found, { straight, biases })],
  };
}

/** Whether every layer reads the one before it and nothing else. */
function isStraight({ before, after }: Between): boolean {
  return before.every((path, i) => path?.from === i - 1) && after?.from === before.length - 1;
}

/** The way from a layer's output to the only layer that reads it, or to the network's output. */
function wayFrom({ before, after }: Between, layer: number, straight: boolean): Path | undefined {
  if (straight) return layer + 1 < before.length ? before[layer + 1] : after;
  const ways = [...before, after].filter((path) => path?.from === layer);
  return ways.length === 1 ? ways[0] : undefined;
}
