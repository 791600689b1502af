import { refuse, requireInteger } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { stream } from '@hyperribbon/random';
import type { Network, ParameterSpec } from './network.js';
import { networkProgram } from './networkProgram.js';
import { sizeOf, totalSize } from './parameterLayout.js';

/** What a network is made of. */
export interface NetworkDefinition extends Pick<Network, 'inputs' | 'classes' | 'apply'> {
  /** a label for people, default `custom` */
  readonly name?: string;
  readonly parameters: readonly (ParameterSpec & {
    /** the one value the array starts at; needed where it is no weight or bias of a dense layer or convolution */
    readonly start?: number;
  })[];
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
  const specs = parameters.map(({ name, shape }) => ({ name, shape }));
  for (const [i, { name, shape }] of specs.entries()) {
    for (const length of shape) requireInteger(caller, `lengths of ${name}`, length, 1);
    if (specs.findIndex((other) => other.name === name) < i) refuse(caller, `two parameters are called ${name}`);
  }
  const { program, maps } = networkProgram({ inputs, parameters: specs, apply }, 2);
  const { shape } = program.values[program.outputs[0]];
  if (shape.length !== 2 || shape[0] !== 2 || shape[1] !== classes) {
    refuse(caller, `apply must give logits (batch, ${classes}), got (${shape.join(', ')}) for a batch of 2`);
  }
  const starts = parameters.map(({ name, start }, i) => {
    const fanIn = maps.find(({ weight, bias }) => weight === i || bias === i)?.inputs;
    if (start !== undefined) return { value: start };
    if (fanIn !== undefined) return { bound: 1 / Math.sqrt(fanIn) };
    return refuse(caller, `${name} is no weight or bias of a dense layer or convolution: its start must be given`);
  });
  const size = totalSize(specs);
  return {
    name,
    inputs,
    classes,
    parameters: specs,
    size,
    apply,
    init: (seed, dtype) => initial(specs, starts, { seed, dtype, size }),
  };
}

/** Array i from the stream (seed, 'init', i), drawn as float64 always: a float32 start is the rounded float64 start. */
function initial(
  parameters: readonly ParameterSpec[],
  starts: readonly ({ readonly bound: number } | { readonly value: number })[],
  {
    seed,
    dtype = 'float32',
    size,
  }: { readonly seed: number; readonly dtype?: Dtype | undefined; readonly size: number },
): FloatArray {
  const out = dtype === 'float64' ? new Float64Array(size) : new Float32Array(size);
  let offset = 0;
  parameters.forEach(({ shape }, index) => {
    const array = out.subarray(offset, (offset += sizeOf(shape)));
    const start = starts[index];
    if ('value' in start) array.fill(start.value);
    else {
      const draws = stream({ seed, purpose: 'init', index }).uniform(new Float64Array(array.length));
      for (let i = 0; i < draws.length; i++) array[i] = (2 * draws[i] - 1) * start.bound;
    }
  });
  return out;
}
