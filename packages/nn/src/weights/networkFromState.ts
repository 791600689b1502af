import { refuse, typedArrayName } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { withBuffers } from '../buffers.js';
import type { Network } from '../network.js';
import { unflatten } from '../parameterLayout.js';
import { denseWeights, lyingOf } from './denseWeights.js';
import type { Habit } from './layerNames.js';
import { caller, written, type NamedArray } from './namedArray.js';
import { transposed } from './readArrays.js';
import { type Matched, type StateArray, matchNames } from './stateArrays.js';

/** A network with the weights of a state, and what was decided about them. */
export interface NetworkWithState {
  readonly network: Network;
  readonly params: FloatArray;
  readonly notes: readonly string[];
}

/** Names in a message. */
const listed = (names: readonly string[], most = 12): string =>
  names.slice(0, most).join(', ') + (names.length > most ? `, … (${names.length} in all)` : '');

/**
 * A network with the weights and buffers of a state dict.
 *
 * Names are the network's, torchvision's, timm's or those of HF's library, with or without what wrappers put before them. Dense weights are turned where they are
 * (out, in), which the shapes of those that are not square tell. A head that is tied to the embedding is left off, or made of it where the
 * network has its own. Counters and masks are left aside.
 *
 * @param lying how dense weights lie, where it is known; default: as their shapes tell, else (out, in)
 * @throws ArgumentError that lists what is missing, what is not used, and arrays of other shapes
 */
export function networkFromState(
  network: Network,
  given: ReadonlyMap<string, NamedArray>,
  lying?: Habit,
): NetworkWithState {
  const { parameters, buffers = [] } = network;
  const named = [...parameters, ...buffers];
  const matched = matchNames(
    named.map(({ name }) => name),
    given,
  );
  const { arrays, unused, notes } = withTiedHead(network, matched, given);
  const missing = named.filter(({ name }) => !arrays.has(name)).map(({ name }) => name);
  if (missing.length + unused.length > 0) refuseNames(network, missing, unused, given);
  const dense = denseWeights(network);
  const wanted = new Map(parameters.flatMap(({ name, shape }) => (dense.has(name) ? [[name, shape]] : [])));
  const shapesTell = lyingOf(wanted, arrays);
  const unsure: string[] = [];
  const read = ({ name, shape }: (typeof named)[number]): FloatArray => {
    const array = arrays.get(name)!;
    if (!dense.has(name)) return fitted(network, name, shape, array);
    if (array.shape.length !== 2) return refuseShape(network, name, shape, array);
    const { habit, certain } = lying === undefined ? shapesTell(name) : { habit: lying, certain: true };
    if (!certain && shape[0] === shape[1]) unsure.push(array.source);
    if (habit === 'in-out') return fitted(network, name, shape, array);
    fitted(network, name, shape.toReversed(), array);
    return transposed(array).data as FloatArray;
  };
  const wide = [...arrays.values()].some(({ data }) => typedArrayName(data) === 'Float64Array');
  const params = wide ? new Float64Array(network.size) : new Float32Array(network.size);
  const views = unflatten(network, params);
  for (const parameter of parameters) views[parameter.name].set(read(parameter));
  const kept = Object.fromEntries(buffers.map((buffer) => [buffer.name, read(buffer)]));
  return {
    network: buffers.length === 0 ? network : withBuffers(network, kept),
    params,
    notes: [
      ...notes,
      ...(unsure.length === 0 ? [] : [`${listed(unsure)} are square: read as (out, in), as PyTorch stores them`]),
      ...(matched.aside.length === 0 ? [] : [`left aside: ${listed(matched.aside, 8)}`]),
    ],
  };
}

const isHead = (name: string): boolean => /(^|\.)lm_head\.weight$/.test(name);

/** A head is made of the embedding's table where the network has one of its own and the state none, and left off where it is that table. */
function withTiedHead(
  { name: own, parameters }: Network,
  { arrays, unused }: Matched,
  given: ReadonlyMap<string, NamedArray>,
): Pick<Matched, 'arrays' | 'unused'> & { readonly notes: readonly string[] } {
  const table = [...arrays].find(([name]) => /(^|\.)(wte|embed_tokens)\.weight$/.test(name))?.[1];
  const head = parameters.find(({ name }) => isHead(name));
  const tied = head === undefined ? unused.find(isHead) : undefined;
  if (table === undefined) return { arrays, unused, notes: [] };
  if (head !== undefined && !arrays.has(head.name)) {
    const notes = [`${head.name} is not in the file: it is ${table.source}, to which it is tied`];
    return { arrays: new Map([...arrays, [head.name, table]]), unused, notes };
  }
  if (tied === undefined) return { arrays, unused, notes: [] };
  const { data } = given.get(tied)!;
  if (data.length !== table.data.length || Array.from(data).some((x, i) => x !== table.data[i]))
    refuse(caller, `${tied} is not ${table.source}, to which ${own} ties it; say tied=false in the architecture`);
  return { arrays, unused: unused.filter((name) => name !== tied), notes: [`${tied} is ${table.source} once more`] };
}

/** The numbers of an array of this shape; axes of length 1 do not count. */
function fitted(network: Network, name: string, shape: readonly number[], array: StateArray): FloatArray {
  const long = (lengths: readonly number[]): string => lengths.filter((length) => length !== 1).join();
  return long(array.shape) === long(shape) ? (array.data as FloatArray) : refuseShape(network, name, shape, array);
}

function refuseShape(network: Network, name: string, shape: readonly number[], array: StateArray): never {
  const own = array.source === name ? name : `${array.source}, which is ${name},`;
  return refuse(caller, `${own} has shape ${written(array.shape)}, expected ${written(shape)} in ${network.name}`);
}

function refuseNames(
  network: Network,
  missing: readonly string[],
  unused: readonly string[],
  given: ReadonlyMap<string, NamedArray>,
): never {
  const parts = [
    ...(missing.length === 0 ? [] : [`missing are ${listed(missing)}`]),
    ...(unused.length === 0 ? [] : [`not used are ${listed(unused)}`]),
  ];
  const found = missing.length === 0 ? '' : `; the file has ${listed([...given.keys()])}`;
  return refuse(caller, `the arrays are not those of ${network.name}: ${parts.join('; ')}${found}`);
}
