import type { ActivationName } from '@hyperribbon/autodiff';
import { describe, isFloatArray, refuse, typedArrayName } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { lenet } from './models/lenet.js';
import { mlp } from './models/mlp.js';
import type { Network } from './network.js';
import { unflatten } from './parameterLayout.js';

/** An array as an npz or safetensors reader returns it: row-major data and its shape. */
export interface NamedArray {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number | bigint>;
}

/**
 * The network that some stored weights belong to, and the weights as one flat vector.
 *
 * `mlp:ACTIVATION` reads W1, b1, W2, b2, … with W of shape (in, out); `lenet` reads conv1.weight (out, 1, 5, 5),
 * conv1.bias, conv2.…, fc1.weight (in, out), fc1.bias, …. Widths and channels are taken from the shapes.
 *
 * @param kind `mlp:tanh`, `mlp:relu`, …, or `lenet`
 * @param arrays by name, as `parseNpz` returns them
 * @returns the weights are float64 where any array is, else float32
 * @throws RangeError naming the array, its shape, and the shape that was expected
 */
export function networkFromArrays(
  kind: string,
  arrays: ReadonlyMap<string, NamedArray>,
): { network: Network; params: FloatArray } {
  const [family, activation, ...rest] = kind.split(':');
  if (family === 'mlp' && activation !== undefined && rest.length === 0) {
    const [inputs] = shapeOf(arrays, 'W1', 2, '(in, out)');
    const widths = [inputs, ...outsOf(arrays, (layer) => `W${layer}`)];
    return gather(mlp(widths, { activation: activation as ActivationName }), arrays);
  }
  if (family === 'lenet' && activation === undefined) {
    const [c1] = shapeOf(arrays, 'conv1.weight', 4, '(out, 1, 5, 5)');
    const [c2] = shapeOf(arrays, 'conv2.weight', 4, '(out, in, 5, 5)');
    const outs = outsOf(arrays, (layer) => `fc${layer}.weight`);
    return gather(lenet({ channels: [c1, c2], hidden: outs.slice(0, -1), classes: outs[outs.length - 1] }), arrays);
  }
  return refuse(caller, `kind must be mlp:ACTIVATION (such as mlp:tanh) or lenet, got "${kind}"`);
}

const caller = 'networkFromArrays';

type Arrays = ReadonlyMap<string, NamedArray>;

/** Output widths of dense layers 1, 2, … as far as there are any. */
function outsOf(arrays: Arrays, nameOf: (layer: number) => string): number[] {
  const outs: number[] = [];
  do outs.push(shapeOf(arrays, nameOf(outs.length + 1), 2, '(in, out)')[1]);
  while (arrays.has(nameOf(outs.length + 1)));
  return outs;
}

/** Copies the arrays of a network into one vector, checking each shape and that no array is left over. */
function gather(network: Network, arrays: Arrays): { network: Network; params: FloatArray } {
  const wide = [...arrays.values()].some(({ data }) => typedArrayName(data) === 'Float64Array');
  const params = wide ? new Float64Array(network.size) : new Float32Array(network.size);
  const views = unflatten(network, params);
  for (const { name, shape } of network.parameters) {
    const found = shapeOf(arrays, name, shape.length, written(shape));
    if (found.some((extent, axis) => extent !== shape[axis])) {
      refuseShape(
        arrays,
        name,
        `${written(shape)} in ${network.name}; dense weights are stored (in, out), not transposed as in PyTorch`,
      );
    }
    const { data } = arrays.get(name)!;
    if (!isFloatArray(data)) refuse(caller, `${name} must hold float32 or float64 numbers, got ${describe(data)}`);
    const { length } = views[name];
    if (data.length !== length) {
      refuse(caller, `${name} has shape ${written(shape)}, that is ${length} numbers, but holds ${data.length}`);
    }
    views[name].set(data);
  }
  const unknown = [...arrays.keys()].filter((name) => !(name in views));
  if (unknown.length > 0) {
    refuse(caller, `${network.name} has no parameter ${unknown.join(', ')}; it has ${Object.keys(views).join(', ')}`);
  }
  return { network, params };
}

function shapeOf(arrays: Arrays, name: string, rank: number, expected: string): readonly number[] {
  const shape = arrays.get(name)?.shape;
  if (shape === undefined) {
    const names = [...arrays.keys()].join(', ') || 'none';
    refuse(caller, `expected an array ${name} of shape ${expected}, got ${names}`);
  }
  if (shape.length !== rank) refuseShape(arrays, name, expected);
  return shape;
}

function refuseShape(arrays: Arrays, name: string, expected: string): never {
  return refuse(caller, `${name} has shape ${written(arrays.get(name)!.shape)}, expected ${expected}`);
}

function written(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}
