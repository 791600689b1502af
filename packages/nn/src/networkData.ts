import type { ElementType, Equation, PrimitiveParams, Program } from '@hyperribbon/autodiff';
import { hash } from '@hyperribbon/autodiff/hash';
import { tap } from '@hyperribbon/autodiff/walk';
import { refuse, typedArrayName } from '@hyperribbon/contract';
import type { Dtype } from '@hyperribbon/kernels';
import { defineNetwork } from './defineNetwork.js';
import type { Network } from './network.js';
import { networkProgram } from './networkProgram.js';
import { weightsInOrder } from './parameterLayout.js';

/** A network without a function, as it is evaluated: what goes to workers and into files. JSON and structuredClone keep it; constants are typed arrays. */
export interface NetworkData
  extends Pick<Network, 'name' | 'architecture' | 'inputs' | 'inputShape' | 'vocabulary' | 'classes' | 'parameters'> {
  /** traced for a batch of {@link BATCH} in float64 */
  readonly program: Program;
  /** it has a training mode of its own, which these data do not hold */
  readonly trainingMode?: true;
}

/** A prime that no width is a multiple of: it marks the lengths of a program that count examples. */
const BATCH = 1_000_003;

/**
 * A network as data.
 *
 * @throws RangeError for a network whose function of one example depends on how many there are
 * Cost: that of tracing the network twice
 */
export function networkToData(network: Network): NetworkData {
  const { name, architecture, inputs, classes, parameters, inputShape, vocabulary } = network;
  const { program } = networkProgram(network, BATCH);
  const other = 65_537;
  if (hash(forBatch(program, other, 'float64')) !== hash(networkProgram(network, other).program)) {
    refuse('networkToData', `${name} does not do the same for batches of any size`);
  }
  const kept = {
    ...(architecture !== undefined && { architecture }),
    ...(inputShape && { inputShape }),
    ...(vocabulary !== undefined && { vocabulary }),
    ...(network.applyTraining && { trainingMode: true as const }),
  };
  return { name, inputs, ...kept, classes, parameters, program };
}

/**
 * The network that {@link networkToData} wrote: the same programs, so the same numbers to the bit. One with a training mode of its own is
 * evaluated as it was; to train it is refused, make it of its `architecture`.
 */
export function networkFromData({ program, trainingMode, ...data }: NetworkData): Network {
  return defineNetwork({
    ...data,
    ...(trainingMode && {
      applyTraining: () =>
        refuse('train', `${data.name} was made of data, which tell how it is evaluated: make it of its architecture`),
    }),
    apply: (params, x) =>
      tap(forBatch(program, x.shape[0], x.dtype as Dtype), [], [...weightsInOrder(data, params), x]).outputs[0],
  });
}

/** The program as if it had been traced with another batch size and element type. */
function forBatch({ values, constants, equations, ...rest }: Program, batch: number, dtype: Dtype): Program {
  const length = (n: number): number => (n % BATCH === 0 ? (n / BATCH) * batch : n);
  const typed = (own: ElementType): ElementType => (own === 'float64' ? dtype : own);
  const converted = (params: PrimitiveParams): PrimitiveParams => {
    const lists = Object.entries(params).map(([key, value]) => [key, Array.isArray(value) ? value.map(length) : value]);
    const { window, dtype: own, value } = params;
    return {
      ...Object.fromEntries(lists),
      ...(window && { window: { ...window, batch: length(window.batch) } }),
      ...(own && { dtype: typed(own) }),
      ...(value !== undefined && own === 'float64' && dtype === 'float32' && { value: Math.fround(value) }),
    };
  };
  return {
    ...rest,
    values: values.map(({ shape, dtype: own }) => ({ shape: shape.map(length), dtype: typed(own) })),
    constants: constants.map(({ value, data }) => ({
      value,
      data: dtype === 'float32' && typedArrayName(data) === 'Float64Array' ? Float32Array.from(data) : data,
    })),
    equations: equations.map((equation): Equation => ({ ...equation, params: converted(equation.params) })),
  };
}
