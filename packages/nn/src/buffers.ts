import { type Tensor, constant, full } from '@hyperribbon/autodiff';
import { floatArray, refuse } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import type { BufferSpec, Network, ParameterTensors } from './network.js';
import { sizeOf } from './parameterLayout.js';

/** Buffers as constants of a program, in the dtype of its examples. */
export function constants(buffers: readonly BufferSpec[], { dtype }: Pick<Tensor, 'dtype'>): ParameterTensors {
  return Object.fromEntries(
    buffers.map(({ name, shape, value }) => [
      name,
      typeof value === 'number' ? full(shape, value, dtype) : constant(floatArray(dtype as Dtype, value), shape),
    ]),
  );
}

/**
 * The values of a network's buffers, by name; copies.
 *
 * @returns none for a network that keeps nothing beside its weights
 */
export function bufferValues({ buffers = [] }: Network, dtype: Dtype = 'float32'): Record<string, FloatArray> {
  return Object.fromEntries(
    buffers.map(({ name, shape, value }) => [
      name,
      typeof value === 'number' ? floatArray(dtype, sizeOf(shape)).fill(value) : floatArray(dtype, value).slice(),
    ]),
  );
}

/**
 * The same network with other statistics: what it computes in evaluation changes, its weights do not.
 *
 * @param values by name, each as long as its buffer's shape says; buffers that are left off keep theirs
 * @throws ArgumentError for a name that is no buffer's, another length, and numbers that are not finite or too small
 * @example
 * const moved = withBuffers(resnet(8, { image: [1, 8, 8] }), { 'bn1.running_mean': new Float32Array(16).fill(0.1) });
 */
export function withBuffers(network: Network, values: Readonly<Record<string, FloatArray>>): Network {
  const { buffers = [], apply } = network;
  for (const [name, array] of Object.entries(values)) {
    const spec = buffers.find((buffer) => buffer.name === name);
    if (spec === undefined)
      return refuse(
        'withBuffers',
        `${network.name} has no buffer ${name}; it has ${buffers.map((buffer) => buffer.name).join(', ') || 'none'}`,
      );
    const length = sizeOf(spec.shape);
    if (array.length !== length) refuse('withBuffers', `${name} must hold ${length} numbers, got ${array.length}`);
    const bad = array.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) refuse('withBuffers', `${name} must be finite, got ${array[bad]} at ${bad}`);
    const { least = -Infinity } = spec;
    const low = array.findIndex((value) => value < least);
    if (low >= 0) refuse('withBuffers', `${name} must hold numbers ≥ ${least}, got ${array[low]} at ${low}`);
  }
  const bound = buffers.map((spec): BufferSpec => ({ ...spec, value: values[spec.name]?.slice() ?? spec.value }));
  return { ...network, buffers: bound, apply: (params, x, given = constants(bound, x)) => apply(params, x, given) };
}

/**
 * The same network without its training mode: trained as it is evaluated, with the statistics that it has (frozen batch norms) and without dropout. What
 * bounds and penalties are about, which are about the evaluated network.
 *
 * @example
 * const run = await train(inEvaluation(net), digits.train, { initial: params, epochs: 2 });
 */
export function inEvaluation(network: Network): Network {
  const { applyTraining: _applyTraining, draws: _draws, ...evaluated } = network;
  return evaluated;
}
