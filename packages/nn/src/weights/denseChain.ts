import { refuse } from '@hyperribbon/contract';
import type { Habit, NamedLayer } from './layerNames.js';
import { caller, written, type NamedArray } from './namedArray.js';

type Arrays = ReadonlyMap<string, NamedArray>;
type Layer = NamedLayer & { readonly bias: string };

/** Dense layers in the order in which they follow one another, and how their weights lie. */
export interface DenseChain {
  readonly layers: readonly Layer[];
  readonly stored: Habit;
  /** lengths of what goes in, between, and out */
  readonly widths: readonly number[];
  /** that names decided what shapes leave open */
  readonly note?: string;
}

/**
 * Orders dense layers and tells (in, out) from (out, in): each layer takes what the one before gives, and has as many biases as outputs. Where
 * all are square either is possible, and the habit of those who use such names decides, which the note says.
 *
 * @param named in the order of their numbers, which is tried first, then that of the arrays, then any
 * @param inputs what the first layer takes, if that is known
 * @throws ArgumentError where no order or no way of lying fits, or several do
 */
export function denseChain(arrays: Arrays, named: readonly NamedLayer[], inputs?: number): DenseChain {
  const layers = named.map((layer) => withBias(arrays, layer));
  const place = (layer: Layer): number => [...arrays.keys()].indexOf(layer.weight);
  const asTheyCome = [...layers].sort((a, b) => place(a) - place(b));
  const ways = (orders: readonly (readonly Layer[])[]): DenseChain[] =>
    orders.flatMap((order) => waysOf(arrays, order, inputs));
  let found = ways([layers]);
  if (found.length === 0) found = ways([asTheyCome]);
  if (found.length === 0) found = ways(permutations(layers));
  if (found.length === 0) return refuseChain(arrays, layers, inputs);
  if (found.length === 1) return found[0];
  const usual = found.filter(({ stored, layers: order }) => order.every(({ habit }) => habit === stored));
  const list = layers.map(({ weight }) => weight).join(', ');
  if (usual.length !== 1)
    return refuse(caller, `${list} can be read in ${found.length} ways; name them W1, b1, W2, b2, …`);
  const way = usual[0].stored === 'in-out' ? '(in, out)' : '(out, in), as PyTorch stores them';
  return { ...usual[0], note: `the shapes of ${list} fit both ways of lying: by their names they are read as ${way}` };
}

function withBias(arrays: Arrays, layer: NamedLayer): Layer {
  const { bias, weight } = layer;
  if (bias === undefined)
    return refuse(
      caller,
      `${weight} has no bias among ${[...arrays.keys()].join(', ')}; networks here have one in every layer: add zeros to the file, and the spectrum will count them as parameters`,
    );
  return { ...layer, bias };
}

function waysOf(arrays: Arrays, layers: readonly Layer[], inputs: number | undefined): DenseChain[] {
  return (['in-out', 'out-in'] as const).flatMap((stored) => {
    const shapes = layers.map(({ weight }) => arrays.get(weight)!.shape);
    const pairs = shapes.map((shape) => (stored === 'in-out' ? shape : shape.toReversed()));
    const fits = pairs.every(
      (pair, l) =>
        pair.length === 2 &&
        (l === 0 ? inputs === undefined || pair[0] === inputs : pair[0] === pairs[l - 1][1]) &&
        arrays.get(layers[l].bias)!.shape.join() === String(pair[1]),
    );
    return fits ? [{ layers, stored, widths: [pairs[0][0], ...pairs.map(([, out]) => out)] }] : [];
  });
}

/** All orders of a few layers; none of many, which nobody names without numbers. */
function permutations<T>(items: readonly T[]): T[][] {
  if (items.length > 6) return [];
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

function refuseChain(arrays: Arrays, layers: readonly Layer[], inputs: number | undefined): never {
  const shape = (name: string): string => `${name} of shape ${written(arrays.get(name)!.shape)}`;
  const list = layers.map(({ weight, bias }) => `${shape(weight)} with ${shape(bias)}`).join(', ');
  const first = inputs === undefined ? '' : ` from ${inputs} inputs on`;
  return refuse(
    caller,
    `the layers do not follow one another${first}, neither stored (in, out) nor transposed as in PyTorch, (out, in): ${list}`,
  );
}
