import {
  refuse,
  requireFloatArray,
  requireInteger,
  requireNoOthers,
  requireOneOf,
  requirePositive,
} from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { type AnyExamples, logits, type Network } from '@hyperribbon/nn';
import { affineChain, type ChainLayer, readLayer, writeLayer } from './affineChain.js';
import { factorAffine } from './factorAffine.js';
import { tapRows } from './tapRows.js';

/** A shallow network inside a deeper one. Plain data. */
export interface EmbeddedNetwork {
  /** (size,) of the deeper network */
  readonly params: Float64Array;
  /** numbers that the inserted layers pass on */
  readonly rank: number;
  /** largest difference between the outputs of the two on the examples */
  readonly outputDifference: number;
}

export interface EmbedOptions {
  /** which dense layer of the shallow network becomes several, from 0; default 0 */
  readonly layer?: number;
  /** 'svd' (default): inserted layers pass the singular pairs of that layer's map; 'identity': they pass its inputs as they are */
  readonly by?: 'svd' | 'identity';
  /** c > 0, smallest pre-activation of the units that pass something on; default 1 */
  readonly margin?: number;
  /** units that pass nothing on: active with bias c (default), or dead with bias −c */
  readonly unused?: 'active' | 'dead';
}

/**
 * Weights of a deeper network that computes what a shallow one does on the examples: one dense layer is replaced by several with offsets that keep their units
 * active. Called again on its result it goes deeper still.
 *
 * @param shallow of dense layers and rectifiers; `deep` has the same layers but for those that take the place of `layer`
 * @param params (shallow.size,)
 * @throws ArgumentError for networks that do not fit one into the other, layers that are too narrow; names both widths
 * Cost: two forward passes and one singular value decomposition of a layer
 * @example
 * const shallow = mlp([2, 3, 2], { activation: 'relu' });
 * const deep = mlp([2, 3, 3, 3, 2], { activation: 'relu' });
 * const x = { shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) };
 * const examples = examplesFromArrays(x, { shape: [2], data: Int32Array.of(0, 1) });
 * embedNetwork(shallow, shallow.init(1, 'float64'), deep, examples, { layer: 1 }).outputDifference; // 1e-16
 * Source: remark on recursion of [goldblum2020, section 2].
 */
export function embedNetwork(
  shallow: Network,
  params: FloatArray,
  deep: Network,
  examples: AnyExamples,
  { layer = 0, by = 'svd', margin = 1, unused = 'active', ...others }: EmbedOptions = {},
): EmbeddedNetwork {
  const caller = 'embedNetwork';
  requireNoOthers(caller, others, 'EmbedOptions');
  requireFloatArray(caller, 'params', params, shallow.size);
  requireOneOf(caller, 'by', by, ['svd', 'identity']);
  requireOneOf(caller, 'unused', unused, ['active', 'dead']);
  requirePositive(caller, 'margin', margin);
  const [from, to] = [denseChain(caller, 'shallow', shallow), denseChain(caller, 'deep', deep)];
  requireInteger(caller, 'layer', layer, 0, from.length - 1);
  const inserted = to.length - from.length;
  if (inserted < 1) refuse(caller, `deep must have more layers than shallow, got ${to.length} and ${from.length}`);
  requireSameWidths(caller, from, to, layer, inserted);
  const weights = Float64Array.from(params);
  const rows = layer === 0 ? Float64Array.from(examples.inputs) : tapRows(shallow, weights, examples, layer, 'input');
  const between = to.slice(layer, layer + inserted);
  const { layers, rank } = factorAffine(
    caller,
    readLayer(shallow, weights, from[layer]),
    rows,
    between.map(({ map }) => map.outputs),
    between.map(({ weight }) => weight),
    { margin, unused, by },
  );
  const made = new Float64Array(deep.size);
  to.forEach((target, l) => {
    const within = l >= layer && l <= layer + inserted;
    const source = l < layer ? from[l] : from[l - inserted];
    writeLayer(deep, made, target, within ? layers[l - layer] : readLayer(shallow, weights, source));
  });
  const wanted = logits(shallow, weights, examples);
  const found = Float64Array.from(logits(deep, made, examples));
  const outputDifference = found.reduce((most, z, i) => Math.max(most, Math.abs(z - wanted[i])), 0);
  return { params: made, rank, outputDifference };
}

/** A network of dense layers alone, one row per example. */
export function denseChain(caller: string, argument: string, network: Network): readonly ChainLayer[] {
  const chain = affineChain(caller, network);
  const strange = chain.find(({ map }) => map.convolution !== undefined || map.positions !== 1);
  if (strange !== undefined) refuse(caller, `${argument} must have dense layers alone, got ${strange.weight}`);
  return chain;
}

function requireSameWidths(
  caller: string,
  from: readonly ChainLayer[],
  to: readonly ChainLayer[],
  layer: number,
  inserted: number,
): void {
  const widths = (chain: readonly ChainLayer[]): number[] => [
    chain[0].map.inputs,
    ...chain.map(({ map }) => map.outputs),
  ];
  const [few, many] = [widths(from), widths(to)];
  const left = [...many.slice(0, layer + 1), ...many.slice(layer + 1 + inserted)];
  if (few.some((width, i) => width !== left[i]))
    refuse(
      caller,
      `deep must have the widths [${few.join(', ')}] of shallow around layer ${layer}, got [${many.join(', ')}]`,
    );
}
