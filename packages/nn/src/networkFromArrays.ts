import type { ActivationName } from '@hyperribbon/autodiff';
import { describe, isFloatArray, refuse, requireNoOthers, typedArrayName } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { withBuffers } from './buffers.js';
import { mlp } from './models/mlp.js';
import type { Network } from './network.js';
import { sizeOf, unflatten } from './parameterLayout.js';
import { parseArchitecture } from './parseArchitecture.js';
import { denseChain } from './weights/denseChain.js';
import { namedLayers, type NamedLayer } from './weights/layerNames.js';
import { lenetOf } from './weights/lenetArrays.js';
import { caller, written, type NamedArray } from './weights/namedArray.js';
import { networkFromState } from './weights/networkFromState.js';
import { transposed, type ReadArrays } from './weights/readArrays.js';

export type { NamedArray };

type Arrays = ReadonlyMap<string, NamedArray>;

/**
 * The network that some stored weights belong to, and the weights as one flat vector.
 *
 * Names may be ours (W1, b1, … or conv1.weight, conv1.bias, …), PyTorch's (0.weight, fc1.weight), Keras's and Flax's (dense/kernel:0,
 * Dense_0/kernel) or numbered in one's own way (W0, w_1, weights1). Dense weights are (in, out) or (out, in), as the shapes of layers that follow one
 * another tell; where all are square the names decide, and a note says so. Filters of a LeNet are (out, in, 5, 5) or (5, 5, in, out), with the
 * order of the pixels that goes with it. Widths and channels are taken from the shapes. Arrays that no layer is made of, such as counters and
 * histories, are left aside, and a note names them.
 *
 * Every other architecture says all its sizes, and the arrays are a state dict of it: named as the network names them, as torchvision, timm or HF's library does,
 * with or without what wrappers put before names (`module.`, `model.`, `_orig_mod.`, `transformer.`). Running statistics become buffers,
 * counters and masks are left aside, and a head that is tied to the embedding is left off, or made of it where the network has its own.
 *
 * @param kind `mlp:tanh`, `mlp:relu`, …, `lenet`, `allcnn:CHANNELS:CLASSES:IMAGE` (conv1.weight, conv1.bias, bn1.weight, …, and running statistics), or
 * any other text that `parseArchitecture` reads, such as resnet:18:10:3,64,64
 * @param arrays by name, as `parseNpz` and `weightsFromSafetensors` return them
 * @param options `lying`: how dense weights lie, where that is known; default: as shapes and names tell
 * @returns the weights are float64 where any array is, else float32; `notes` say what was decided and left aside
 * @throws ArgumentError naming the arrays, their shapes, and what was expected
 */
export function networkFromArrays(
  kind: string,
  arrays: Arrays,
  { lying, ...unknown }: { readonly lying?: 'in-out' | 'out-in' } = {},
): { network: Network; params: FloatArray; notes: readonly string[] } {
  requireNoOthers(caller, unknown, 'the options');
  const [family, activation, ...others] = kind.split(':');
  if (!['mlp', 'lenet', 'allcnn'].includes(family)) return networkFromState(parseArchitecture(kind), arrays, lying);
  if (family === 'allcnn') return allCnnOf(kind, arrays);
  const named = (family === 'mlp' && activation !== undefined && others.length === 0) || kind === 'lenet';
  if (!named) refuse(caller, `kind must be mlp:ACTIVATION (such as mlp:tanh), lenet or allcnn:…, got "${kind}"`);
  const { layers, strange, rest } = namedLayers(arrays);
  if (strange.length > 0)
    refuse(caller, `${kind} has no parameter ${strange.join(', ')}; arrays that no network needs may stay, these act`);
  for (const { weight, bias } of layers)
    for (const name of bias === undefined ? [weight] : [weight, bias]) requireNumbers(name, arrays.get(name)!);
  const read = kind === 'lenet' ? lenetOf(arrays, layers) : mlpOf(activation as ActivationName, arrays, layers);
  const notes = rest.length === 0 ? [] : [`left aside: ${rest.slice(0, 8).join(', ')}${rest.length > 8 ? ', …' : ''}`];
  return gather({ ...read, notes: [...read.notes, ...notes] }, arrays);
}

function mlpOf(activation: ActivationName, arrays: Arrays, layers: readonly NamedLayer[]): ReadArrays {
  if (layers.length === 0)
    refuse(
      caller,
      `expected arrays W1 (in, out), b1, …, or fc1.weight, fc1.bias, …, got ${[...arrays.keys()].join(', ') || 'none'}`,
    );
  const { layers: ordered, stored, widths, note } = denseChain(arrays, layers);
  const parts = ordered.flatMap(({ weight, bias }, l): [string, NamedArray][] => [
    [`W${l + 1}`, stored === 'in-out' ? arrays.get(weight)! : transposed(arrays.get(weight)!)],
    [`b${l + 1}`, arrays.get(bias)!],
  ]);
  const turned = stored === 'out-in' && note === undefined ? ['weights are (out, in), as PyTorch stores them'] : [];
  return { network: mlp(widths, { activation }), parts: new Map(parts), notes: note === undefined ? turned : [note] };
}

/** Running statistics among the arrays are the network's own. */
function allCnnOf(kind: string, arrays: Arrays): ReturnType<typeof networkFromArrays> {
  const statistic = /^bn\d+\.running_(mean|var)$/;
  const found = [...arrays].filter(([name]) => statistic.test(name));
  const parts = new Map([...arrays].filter(([name]) => !statistic.test(name)));
  // weights first: if sizes differ, theirs say more
  const { network, ...rest } = gather({ network: parseArchitecture(kind), parts, notes: [] }, arrays);
  const values = Object.fromEntries(found.map(([name, { data }]) => [name, Float64Array.from(data, Number)]));
  return { ...rest, network: found.length === 0 ? network : withBuffers(network, values) };
}

function requireNumbers(name: string, { shape, data }: NamedArray): void {
  if (!isFloatArray(data)) refuse(caller, `${name} must hold float32 or float64 numbers, got ${describe(data)}`);
  const length = sizeOf(shape);
  if (data.length !== length)
    refuse(caller, `${name} has shape ${written(shape)}, that is ${length} numbers, but holds ${data.length}`);
}

/** Copies the arrays of a network into one vector, checking each shape and that no array is left over. */
function gather(
  { network, parts, notes }: ReadArrays,
  arrays: Arrays,
): { network: Network; params: FloatArray; notes: readonly string[] } {
  const wide = [...arrays.values()].some(({ data }) => typedArrayName(data) === 'Float64Array');
  const params = wide ? new Float64Array(network.size) : new Float32Array(network.size);
  const views = unflatten(network, params);
  for (const { name, shape } of network.parameters) {
    const found = parts.get(name);
    if (found === undefined)
      refuse(
        caller,
        `expected an array ${name} of shape ${written(shape)}, got ${[...parts.keys()].join(', ') || 'none'}`,
      );
    if (found.shape.join() !== shape.join())
      refuse(caller, `${name} has shape ${written(found.shape)}, expected ${written(shape)} in ${network.name}`);
    requireNumbers(name, found);
    views[name].set(found.data as FloatArray);
  }
  const unknown = [...parts.keys()].filter((name) => !(name in views));
  if (unknown.length > 0) {
    refuse(caller, `${network.name} has no parameter ${unknown.join(', ')}; it has ${Object.keys(views).join(', ')}`);
  }
  return { network, params, notes };
}
