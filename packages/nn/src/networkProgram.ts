import { type Program, type Tensor, float32, float64, trace } from '@hyperribbon/autodiff';
import { hash } from '@hyperribbon/autodiff/hash';
import { type AffineMap, type Tap, affineMaps, tap } from '@hyperribbon/autodiff/walk';
import { textDigest } from '@hyperribbon/contract/digest';
import type { Dtype } from '@hyperribbon/kernels';
import type { Network, ParameterTensors } from './network.js';
import { weightsByName, weightsInOrder, parameterSpecs } from './parameterLayout.js';

/** A network's function, traced for a batch: what algorithms read that want more of a network than its logits. */
export interface NetworkProgram {
  /** inputs: the arrays of the network's parameters, in their order, then x (batch, inputs); output: logits (batch, classes) */
  readonly program: Program;
  /** its dense layers and convolutions that are one matrix each; `weight` and `bias` are numbers of the network's parameters */
  readonly maps: readonly AffineMap[];
  /** all of them, convolutions by groups and depthwise ones too */
  readonly layers: readonly AffineMap[];
  /**
   * The network on tensors, with what enters and leaves its maps.
   *
   * @param change gives the outputs (rows, outputs) of map i in place of the network's own
   */
  run(
    params: ParameterTensors,
    x: Tensor,
    change?: (tap: Tap, map: number) => Tensor,
  ): { readonly logits: Tensor; readonly taps: readonly Tap[] };
}

/**
 * Traces a network.
 *
 * @param batch rows of x
 * @param dtype default float64
 * Cost: that of calling the network once on symbolic tensors, a millisecond for a few layers
 * @example
 * networkProgram(mlp([784, 256, 10]), 1).maps.map(({ inputs, outputs }) => [inputs, outputs]); // [[784, 256], [256, 10]]
 */
export function networkProgram(
  network: Pick<Network, 'inputs' | 'parameters' | 'apply'>,
  batch: number,
  dtype: Dtype = 'float64',
): NetworkProgram {
  const x = (dtype === 'float64' ? float64 : float32)(batch, network.inputs);
  const { program } = trace(
    (params: readonly Tensor[], rows: Tensor) => network.apply(weightsByName(network, params), rows),
    [weightsInOrder(network, parameterSpecs(network, dtype)), x],
  );
  const examples = network.parameters.length;
  const layers = affineMaps(program, { parameters: network.parameters.map((_, i) => i), examples });
  const maps = layers.filter(({ groups }) => groups === 1);
  return {
    program,
    maps,
    layers,
    run(params, inputs, change) {
      const { outputs, taps } = tap(program, maps, [...weightsInOrder(network, params), inputs], change);
      return { logits: outputs[0], taps };
    },
  };
}

/**
 * What tells networks apart: a digest of the function that a network computes and of the names and shapes of its parameters.
 * Its `name` is a label for people and does not count.
 *
 * @returns `sha256:` and 64 hexadecimal digits, the same in every runtime
 */
export function networkIdentity(network: Network): string {
  const { program } = networkProgram(network, 2);
  return textDigest(JSON.stringify([hash(program), network.parameters.map(({ name, shape }) => [name, shape])]));
}
