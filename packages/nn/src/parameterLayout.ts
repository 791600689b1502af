import { type Spec, float32, float64 } from '@hyperribbon/autodiff';
import { refuse, typedArrayName } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import type { Network, ParameterSpec } from './network.js';

/** Product of a shape; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** Total number of weights of some parameters. */
export function totalSize(parameters: readonly ParameterSpec[]): number {
  return parameters.reduce((total, { shape }) => total + sizeOf(shape), 0);
}

/** Specs of a network's weights by name, in the order of its parameters: what a function of {@link ParameterTensors} is traced with. */
export function parameterSpecs(network: Pick<Network, 'parameters'>, dtype: Dtype): Record<string, Spec> {
  const spec = dtype === 'float64' ? float64 : float32;
  return Object.fromEntries(network.parameters.map(({ name, shape }) => [name, spec(...shape)]));
}

/**
 * Values by name, of a list in the order of the parameters. An object may list names such as `1` and `0` in another order.
 * @example weightsByName({ parameters: [{ name: 'b', shape: [] }] }, [7]); // { b: 7 }
 */
export function weightsByName<T>({ parameters }: Pick<Network, 'parameters'>, list: readonly T[]): Record<string, T> {
  return Object.fromEntries(parameters.map(({ name }, i) => [name, list[i]]));
}

/**
 * Values by name as a list in the order of the parameters: the inverse of {@link weightsByName}.
 * @example weightsInOrder({ parameters: [{ name: 'b', shape: [] }, { name: 'a', shape: [] }] }, { a: 1, b: 7 }); // [7, 1]
 */
export function weightsInOrder<T>(
  { parameters }: Pick<Network, 'parameters'>,
  values: Readonly<Record<string, T>>,
): T[] {
  return parameters.map(({ name }) => values[name]);
}

/**
 * Views of a flat vector by parameter name; nothing is copied, writing to a view writes to the vector.
 *
 * @param network whose `parameters` give names, shapes and order
 * @param flat (size,)
 * @throws RangeError if `flat` is not as long as the network has weights
 * @example
 * const { W1 } = unflatten(net, params);   // Float32Array of 784·256 numbers, row-major
 */
export function unflatten<A extends FloatArray>(
  network: Pick<Network, 'name' | 'parameters' | 'size'>,
  flat: A,
): Record<string, A> {
  requireSize('unflatten', network, flat);
  const views: Record<string, A> = {};
  let offset = 0;
  for (const { name, shape } of network.parameters) {
    const length = sizeOf(shape);
    views[name] = flat.subarray(offset, offset + length) as A;
    offset += length;
  }
  return views;
}

/**
 * One flat vector from arrays by name: the inverse of {@link unflatten}; copies.
 *
 * @param arrays one array per parameter; a parameter that is missing, or has the wrong length, throws
 * @param out (size,), default a new array of the same type as the first parameter's
 */
export function flatten(
  network: Pick<Network, 'name' | 'parameters' | 'size'>,
  arrays: Readonly<Record<string, FloatArray>>,
  out?: FloatArray,
): FloatArray {
  const single = typedArrayName(arrays[network.parameters[0]?.name ?? '']) === 'Float32Array';
  const flat = out ?? (single ? new Float32Array(network.size) : new Float64Array(network.size));
  requireSize('flatten', network, flat);
  const views = unflatten(network, flat);
  for (const { name, shape } of network.parameters) {
    const array = arrays[name];
    if (array === undefined) refuse('flatten', `${network.name} has a parameter ${name}, got no such array`);
    const { length } = views[name];
    if (array.length !== length) {
      refuse('flatten', `${name} has shape (${shape.join(', ')}), that is ${length} numbers, got ${array.length}`);
    }
    views[name].set(array);
  }
  return flat;
}

function requireSize(caller: string, network: Pick<Network, 'name' | 'size'>, flat: FloatArray): void {
  if (flat.length !== network.size) {
    refuse(caller, `${network.name} has ${network.size} weights, got a vector of ${flat.length}`);
  }
}
