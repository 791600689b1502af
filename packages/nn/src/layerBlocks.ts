import type { Network } from './network.js';
import { networkProgram } from './networkProgram.js';
import { sizeOf } from './parameterLayout.js';

/** Parameters that belong together. */
export interface LayerBlock {
  /** what their names begin with, up to the last dot; where they have no dots the name of the first */
  readonly name: string;
  /** names, in the network's order: to be given as a filter of parameters */
  readonly parameters: readonly string[];
  /** how many numbers they hold */
  readonly size: number;
}

/**
 * A network's parameters by layer: weights and bias of a dense layer or convolution stand together, and so do names that are the same up to the
 * last dot (`bn1.weight`, `bn1.bias`). Every parameter is in one block.
 *
 * @returns blocks in the order of their first parameters
 * Cost: traces the network once
 * @example
 * layerBlocks(mlp([784, 256, 10])).map(({ name, parameters }) => [name, parameters]); // [['W1', ['W1', 'b1']], ['W2', ['W2', 'b2']]]
 */
export function layerBlocks(network: Network): readonly LayerBlock[] {
  const { parameters } = network;
  // the block of each parameter is that of the first parameter that it belongs with
  const first = parameters.map((_, i) => i);
  const join = (a: number, b: number): void => {
    const [from, to] = [first[a], first[b]].sort((x, y) => y - x);
    first.forEach((block, i) => {
      if (block === from) first[i] = to;
    });
  };
  for (const { weight, bias } of networkProgram(network, 2).layers) if (bias !== undefined) join(weight, bias);
  const prefixes = parameters.map(({ name }) => name.slice(0, Math.max(0, name.lastIndexOf('.'))));
  prefixes.forEach((prefix, i) => {
    if (prefix !== '') join(i, prefixes.indexOf(prefix));
  });
  return [...new Set(first)].map((block) => {
    const members = parameters.flatMap((spec, i) => (first[i] === block ? [spec] : []));
    return {
      name: prefixes[block] === '' ? parameters[block].name : prefixes[block],
      parameters: members.map(({ name }) => name),
      size: members.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    };
  });
}
