import { type Examples, refuse } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import type { Network } from './network.js';
import { totalSize } from './parameterLayout.js';

export type { Examples };

/** @throws RangeError for parameters of the same name, and a size that is not that of their shapes */
function requireLayout(caller: string, { name, parameters, size }: Network): void {
  const names = parameters.map((parameter) => parameter.name);
  const twice = names.find((other, i) => names.indexOf(other) < i);
  if (twice !== undefined) refuse(caller, `${name} has two parameters called ${twice}`);
  const total = totalSize(parameters);
  if (size !== total) refuse(caller, `${name} says size ${size}, but its parameters hold ${total} numbers`);
}

/**
 * Checks that examples are what they say and fit a network; every function that takes examples calls it once.
 *
 * @param dtype what they are computed in, default float64: numbers beyond its range count as infinite
 * @throws RangeError naming the argument, the index and the value. Cost: one pass over the inputs.
 */
export function requireExamples(caller: string, network: Network, examples: Examples, dtype: Dtype = 'float64'): void {
  requireLayout(caller, network);
  const { inputs, labels, count, features } = examples;
  if (!(count >= 1) || !Number.isInteger(count)) {
    refuse(caller, `examples must hold at least one example, got count=${count}`);
  }
  if (features !== network.inputs) {
    refuse(caller, `${network.name} takes ${network.inputs} features, got examples with ${features}`);
  }
  if (inputs.length !== count * features) {
    refuse(
      caller,
      `inputs must hold count × features = ${count} × ${features} = ${count * features} numbers, got ${inputs.length}`,
    );
  }
  if (labels.length !== count) {
    refuse(caller, `labels must hold count = ${count} class numbers, got ${labels.length}`);
  }
  for (let i = 0; i < count; i++) {
    const label = labels[i];
    if (!(label >= 0 && label < network.classes)) {
      refuse(caller, `labels[${i}] must be in [0, ${network.classes}), the classes of ${network.name}, got ${label}`);
    }
  }
  const bad = firstNonFinite(inputs, dtype);
  if (bad >= 0) {
    const [row, column] = [Math.floor(bad / features), bad % features];
    refuse(
      caller,
      `inputs must be finite${within(dtype, inputs[bad])}, got ${inputs[bad]} in example ${row}, feature ${column}`,
    );
  }
}

/**
 * Checks flat weights against a network.
 *
 * @throws RangeError naming the array, the index in it, and the value
 */
export function requireWeights(
  caller: string,
  argument: string,
  network: Network,
  weights: FloatArray,
  dtype: Dtype = 'float64',
): void {
  requireLayout(caller, network);
  if (weights.length !== network.size) {
    refuse(caller, `${argument} must hold the ${network.size} weights of ${network.name}, got ${weights.length}`);
  }
  const bad = firstNonFinite(weights, dtype);
  if (bad < 0) return;
  let offset = 0;
  for (const { name, shape } of network.parameters) {
    const length = shape.reduce((product, extent) => product * extent, 1);
    if (bad < offset + length) {
      refuse(
        caller,
        `${argument} must be finite${within(dtype, weights[bad])}, got ${weights[bad]} at index ${bad} (${name}[${bad - offset}])`,
      );
    }
    offset += length;
  }
}

function within(dtype: Dtype, value: number): string {
  return Number.isFinite(value) ? ` in ${dtype}` : '';
}

/** Index of the first number that is NaN or infinite in the dtype, −1 if there is none. */
export function firstNonFinite(values: FloatArray, dtype: Dtype = 'float64'): number {
  const single = dtype === 'float32';
  for (let i = 0; i < values.length; i++) {
    const value = single ? Math.fround(values[i]) : values[i];
    // x − x is 0 for finite x only: one comparison without a call
    if (value - value !== 0) return i;
  }
  return -1;
}
