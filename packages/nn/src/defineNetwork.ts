import type { Tensor } from '@hyperribbon/autodiff';
import { refuse, requireInteger } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { stream } from '@hyperribbon/random';
import { constants } from './buffers.js';
import type { Network, ParameterSpec, ParameterTensors, Start } from './network.js';
import { networkProgram } from './networkProgram.js';
import { sizeOf, totalSize, unflatten } from './parameterLayout.js';

/** What a network is made of. */
export interface NetworkDefinition
  extends Pick<
    Network,
    | 'architecture'
    | 'description'
    | 'inputs'
    | 'inputShape'
    | 'vocabulary'
    | 'classes'
    | 'buffers'
    | 'draws'
    | 'applyTraining'
  > {
  /** a label for people, default `custom` */
  readonly name?: string;
  /** with a start where they are no weight or bias of a dense layer or convolution */
  readonly parameters: readonly ParameterSpec[];
  /** logits (batch, classes) of x (batch, inputs); reads the buffers by their names */
  apply(params: ParameterTensors, x: Tensor, buffers: ParameterTensors): Tensor;
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
export function defineNetwork(definition: NetworkDefinition): Network {
  const caller = 'defineNetwork';
  const { name = 'custom', inputs, classes, parameters, buffers = [], draws, vocabulary, inputShape } = definition;
  requireInteger(caller, 'inputs', inputs, 1);
  requireInteger(caller, 'classes', classes, 1);
  if (draws !== undefined) requireInteger(caller, 'draws', draws, 0);
  if (vocabulary !== undefined) requireInteger(caller, 'vocabulary', vocabulary, 1);
  if (inputShape !== undefined && sizeOf(inputShape) !== inputs)
    refuse(caller, `inputShape (${inputShape.join(', ')}) does not hold inputs = ${inputs} numbers`);
  requireArrays(caller, [...parameters, ...buffers]);
  for (const { name, shape, value } of buffers)
    if (typeof value !== 'number' && value.length !== sizeOf(shape))
      refuse(
        caller,
        `buffer ${name} has shape (${shape.join(', ')}), that is ${sizeOf(shape)} numbers, got ${value.length}`,
      );
  const apply: Network['apply'] = (params, x, given = constants(buffers, x)) => definition.apply(params, x, given);
  const { program, layers } = networkProgram({ inputs, parameters, apply }, 2);
  const { shape } = program.values[program.outputs[0]];
  if (shape.length !== 2 || shape[0] !== 2 || shape[1] !== classes) {
    refuse(caller, `apply must give logits (batch, ${classes}), got (${shape.join(', ')}) for a batch of 2`);
  }
  const starts = parameters.map(({ name, start }, i): Start => {
    const fanIn = layers.find(({ weight, bias }) => weight === i || bias === i)?.inputs;
    if (start === undefined && fanIn === undefined) {
      refuse(caller, `${name} is no weight or bias of a dense layer or convolution: its start must be given`);
    }
    return start ?? { uniform: 1 / Math.sqrt(fanIn!) };
  });
  const size = totalSize(parameters);
  const init = (seed: number, dtype: Dtype = 'float32'): FloatArray => {
    const flat = dtype === 'float64' ? new Float64Array(size) : new Float32Array(size);
    const arrays = unflatten({ name, parameters, size }, flat);
    parameters.forEach(({ name }, index) => draw(arrays[name], starts[index], seed, index));
    return flat;
  };
  return {
    name,
    inputs,
    classes,
    parameters,
    size,
    init,
    apply,
    ...(definition.architecture !== undefined && { architecture: definition.architecture }),
    ...(definition.description && { description: definition.description }),
    ...(inputShape && { inputShape }),
    ...(vocabulary !== undefined && { vocabulary }),
    ...(buffers.length > 0 && { buffers }),
    ...(draws !== undefined && draws > 0 && { draws }),
    ...(definition.applyTraining && { applyTraining: definition.applyTraining }),
  };
}

/** @throws ArgumentError for lengths that are no whole numbers ≥ 1, and a name that comes twice */
function requireArrays(
  caller: string,
  arrays: readonly { readonly name: string; readonly shape: readonly number[] }[],
): void {
  const names = new Set<string>();
  for (const { name, shape } of arrays) {
    for (const length of shape) requireInteger(caller, `lengths of ${name}`, length, 1);
    if (names.has(name)) refuse(caller, `two parameters are called ${name}`);
    names.add(name);
  }
}

/** Draws as float64 always, so that a float32 start is the rounded float64 start. Every array has its own stream. */
function draw(array: FloatArray, start: Start, seed: number, index: number): void {
  if (typeof start === 'number') return void array.fill(start);
  const draws = new Float64Array(array.length);
  const own = stream({ seed, purpose: 'init', index });
  if ('normal' in start) own.normal(draws);
  else own.uniform(draws);
  for (let i = 0; i < array.length; i++)
    array[i] = 'normal' in start ? start.normal * draws[i] : (2 * draws[i] - 1) * start.uniform;
}
