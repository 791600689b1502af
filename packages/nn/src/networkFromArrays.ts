import type { FloatArray } from '@hyperribbon/kernels';
import { lenet } from './models/lenet.js';
import { mlp } from './models/mlp.js';
import type { ActivationName, Network } from './network.js';
import { sizeOf } from './parameterLayout.js';

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
    return gather(mlp(mlpWidths(arrays), { activation: activation as ActivationName }), arrays);
  }
  if (family === 'lenet' && activation === undefined) return gather(lenetFrom(arrays), arrays);
  throw new RangeError(`networkFromArrays: kind must be mlp:ACTIVATION (such as mlp:tanh) or lenet, got "${kind}"`);
}

function mlpWidths(arrays: ReadonlyMap<string, NamedArray>): number[] {
  const widths: number[] = [];
  for (let layer = 1; layer === 1 || arrays.has(`W${layer}`); layer++) {
    const { shape } = need(arrays, `W${layer}`, 2, '(in, out)');
    const previous = widths[layer - 1];
    if (previous !== undefined && shape[0] !== previous) {
      const transposed = shape[1] === previous ? ' (it looks transposed: weights are stored (in, out))' : '';
      throw shapeError(`W${layer}`, shape, `(${previous}, out), the width of W${layer - 1}${transposed}`);
    }
    if (previous === undefined) widths.push(shape[0]);
    widths.push(shape[1]);
    const bias = need(arrays, `b${layer}`, 1, '(out,)');
    if (bias.shape[0] !== shape[1]) {
      const transposed = bias.shape[0] === shape[0] ? `; or W${layer} is transposed: weights are stored (in, out)` : '';
      throw shapeError(`b${layer}`, bias.shape, `(${shape[1]},), the output width of W${layer}${transposed}`);
    }
  }
  return widths;
}

function lenetFrom(arrays: ReadonlyMap<string, NamedArray>): Network {
  const conv1 = need(arrays, 'conv1.weight', 4, '(out, 1, 5, 5)');
  const conv2 = need(arrays, 'conv2.weight', 4, '(out, in, 5, 5)');
  const hidden: number[] = [];
  let last = 1;
  while (arrays.has(`fc${last + 1}.weight`)) last++;
  for (let layer = 1; layer <= last; layer++) {
    hidden.push(need(arrays, `fc${layer}.weight`, 2, '(in, out)').shape[1]);
  }
  const classes = hidden.pop()!;
  return lenet({ channels: [conv1.shape[0], conv2.shape[0]], hidden, classes });
}

/** Copies the arrays of a network into one vector, checking each shape and that no array is left over. */
function gather(network: Network, arrays: ReadonlyMap<string, NamedArray>): { network: Network; params: FloatArray } {
  const wide = [...arrays.values()].some(({ data }) => data instanceof Float64Array);
  const params = wide ? new Float64Array(network.size) : new Float32Array(network.size);
  let offset = 0;
  for (const { name, shape } of network.parameters) {
    const array = need(arrays, name, shape.length, written(shape));
    if (array.shape.some((extent, axis) => extent !== shape[axis])) {
      throw shapeError(name, array.shape, `${written(shape)} in ${network.name}`);
    }
    const length = sizeOf(shape);
    const { data } = array;
    if (!(data instanceof Float32Array || data instanceof Float64Array)) {
      throw new RangeError(
        `networkFromArrays: ${name} must hold float32 or float64 numbers, got ${data.constructor.name}`,
      );
    }
    if (data.length !== length) {
      throw new RangeError(
        `networkFromArrays: ${name} has shape ${written(shape)}, that is ${length} numbers, but holds ${data.length}`,
      );
    }
    params.set(data, offset);
    offset += length;
  }
  const known = new Set(network.parameters.map(({ name }) => name));
  const unknown = [...arrays.keys()].filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new RangeError(
      `networkFromArrays: ${network.name} has no parameter ${unknown.join(', ')}; it has ${[...known].join(', ')}`,
    );
  }
  return { network, params };
}

function need(arrays: ReadonlyMap<string, NamedArray>, name: string, rank: number, expected: string): NamedArray {
  const array = arrays.get(name);
  if (array === undefined) {
    throw new RangeError(
      `networkFromArrays: expected an array ${name} of shape ${expected}, got ${[...arrays.keys()].join(', ') || 'none'}`,
    );
  }
  if (array.shape.length !== rank) throw shapeError(name, array.shape, expected);
  return array;
}

function shapeError(name: string, shape: readonly number[], expected: string): RangeError {
  return new RangeError(`networkFromArrays: ${name} has shape ${written(shape)}, expected ${expected}`);
}

function written(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}
