import { refuse, requireInteger } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { stream } from '@hyperribbon/random';
import type { Network, ParameterSpec } from './network.js';
import { networkProgram } from './networkProgram.js';
import { totalSize, unflatten } from './parameterLayout.js';

/** What a network is made of. */
export interface NetworkDefinition extends Pick<Network, 'inputs' | 'classes' | 'apply'> {
  /** a label for people, default `custom` */
  readonly name?: string;
  /** with a start where they are no weight or bias of a dense layer or convolution */
  readonly parameters: readonly ParameterSpec[];
}

/**
 * A network from a function of tensors. Weights and biases of its dense layers and convolutions start as in PyTorch, uniform on
 * ±1/√fan_in, where the fan-in is the number of inputs of one output, read from the function.
 *
 * @throws RangeError for sizes that are no whole numbers ≥ 1, a name that comes twice, a parameter whose start is not known, logits of another shape
 * @example
 * const net = defineNetwork({
 *   inputs: 4,
 *   classes: 3,
 *   parameters: [{ name: 'W', shape: [4, 3] }, { name: 'b', shape: [3] }],
 *   apply: ({ W, b }, x) => dense(x, W, b),
 * });
 */
export function defineNetwork({ name = 'custom', inputs, classes, parameters, apply }: NetworkDefinition): Network {
  const caller = 'defineNetwork';
  requireInteger(caller, 'inputs', inputs, 1);
  requireInteger(caller, 'classes', classes, 1);
  for (const [i, { name, shape }] of parameters.entries()) {
    for (const length of shape) requireInteger(caller, `lengths of ${name}`, length, 1);
    if (parameters.findIndex((other) => other.name === name) < i) refuse(caller, `two parameters are called ${name}`);
  }
  const { program, maps } = networkProgram({ inputs, parameters, apply }, 2);
  const { shape } = program.values[program.outputs[0]];
  if (shape.length !== 2 || shape[0] !== 2 || shape[1] !== classes) {
    refuse(caller, `apply must give logits (batch, ${classes}), got (${shape.join(', ')}) for a batch of 2`);
  }
  const bounds = parameters.map(({ name, start }, i) => {
    const fanIn = maps.find(({ weight, bias }) => weight === i || bias === i)?.inputs;
    if (start === undefined && fanIn === undefined) {
      refuse(caller, `${name} is no weight or bias of a dense layer or convolution: its start must be given`);
    }
    return 1 / Math.sqrt(fanIn ?? 1);
  });
  const size = totalSize(parameters);
  const init = (seed: number, dtype: Dtype = 'float32'): FloatArray => {
    const flat = dtype === 'float64' ? new Float64Array(size) : new Float32Array(size);
    const arrays = unflatten({ name, parameters, size }, flat);
    parameters.forEach(({ name, start }, index) => {
      const array = arrays[name];
      // drawn as float64 always, so that a float32 start is the rounded float64 start
      const draws = stream({ seed, purpose: 'init', index }).uniform(new Float64Array(array.length));
      for (let i = 0; i < array.length; i++) array[i] = start ?? (2 * draws[i] - 1) * bounds[index];
    });
    return flat;
  };
  return { name, inputs, classes, parameters, size, init, apply };
}
