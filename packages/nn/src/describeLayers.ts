import type { Program } from '@hyperribbon/autodiff';
import type { AffineMap } from '@hyperribbon/autodiff/walk';
import { layerBlocks } from './layerBlocks.js';
import type { Network } from './network.js';
import { networkProgram } from './networkProgram.js';

/** How the parameters of a layer enter the network's function. */
export type LayerKind = 'dense' | 'convolution' | 'transposed convolution' | 'table' | 'scale' | 'shift' | 'other';

/** A layer, as a person would list it. */
export interface LayerDescription {
  readonly name: string;
  /** several where its parameters enter in several ways: scale and shift of a normalisation */
  readonly kinds: readonly LayerKind[];
  /** shapes of one example before and after it: [channels, height, width] of a convolution, [positions, features] or [features] of a dense layer */
  readonly input?: readonly number[];
  readonly output?: readonly number[];
  /** [vertical, horizontal], of a convolution */
  readonly kernel?: readonly [number, number];
  readonly stride?: readonly [number, number];
  readonly dilation?: readonly [number, number];
  /** of a convolution; channels of a depthwise one */
  readonly groups?: number;
  /** names, as the network has them */
  readonly parameters: readonly string[];
  /** how many numbers they hold */
  readonly size: number;
  /** products of numbers per example that its maps make */
  readonly multiplications: number;
}

/**
 * The layers of a network, read from its program: what each does, between which shapes, with how many parameters.
 *
 * @returns in the order of their parameters; each parameter is in one of them
 * Cost: traces the network twice
 * @example
 * describeLayers(mlp([784, 256, 10])).map(({ name, kinds, size }) => [name, kinds[0], size]); // [['W1', 'dense', 200960], ['W2', 'dense', 2570]]
 */
export function describeLayers(network: Network): readonly LayerDescription[] {
  const { program, layers } = networkProgram(network, 2);
  const numbers = new Map(network.parameters.map(({ name }, i) => [name, i]));
  return layerBlocks(network).map(({ name, parameters, size }) => {
    const own = parameters.map((parameter) => numbers.get(parameter)!);
    const maps = layers.filter(
      ({ weight, bias }) => own.includes(weight) || (bias !== undefined && own.includes(bias)),
    );
    const inMaps = new Set(maps.flatMap(({ weight, bias }) => [weight, bias]));
    const entered = own.flatMap((number) => {
      const kinds = entrances(program, number);
      // weights of a map may be read elsewhere: the table of a language model that its last layer shares
      return inMaps.has(number) ? kinds.filter((kind) => kind === 'table') : kinds.slice(0, 1);
    });
    return {
      name,
      kinds: [...new Set([...maps.map(kindOf), ...entered])],
      ...(maps.length > 0 && shapesOf(maps[0])),
      parameters,
      size,
      multiplications: maps.reduce(
        (sum, { groups, inputs, outputs, positions }) => sum + groups * inputs * outputs * positions,
        0,
      ),
    };
  });
}

function kindOf({ convolution }: AffineMap): LayerKind {
  if (convolution === undefined) return 'dense';
  return convolution.transposed ? 'transposed convolution' : 'convolution';
}

function shapesOf({ convolution, inputs, outputs, positions, groups }: AffineMap): Partial<LayerDescription> {
  if (convolution !== undefined) {
    const { kernel, stride, dilation, input, output } = convolution;
    const channelsFirst = ([height, width, channels]: readonly [number, number, number]): readonly number[] => [
      channels,
      height,
      width,
    ];
    return { input: channelsFirst(input), output: channelsFirst(output), kernel, stride, dilation, groups };
  }
  const shape = (width: number): readonly number[] => (positions === 1 ? [width] : [positions, width]);
  return { input: shape(groups * inputs), output: shape(groups * outputs) };
}

/** What operations do with a parameter that are no views of it, in their order. */
function entrances({ inputs, equations }: Program, parameter: number): readonly LayerKind[] {
  const shown = new Set([inputs[parameter]]);
  const kinds = equations.flatMap(({ op, inputs: read, output }): LayerKind[] => {
    if (!read.some((value) => shown.has(value))) return [];
    if (op === 'reshape' || op === 'transpose' || op === 'broadcast') {
      shown.add(output);
      return [];
    }
    if (op === 'gatherFlat') return ['table'];
    if (op === 'mul' || op === 'div') return ['scale'];
    return op === 'add' || op === 'sub' ? ['shift'] : ['other'];
  });
  return kinds.length === 0 ? ['other'] : kinds;
}
