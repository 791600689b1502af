import { refuse } from '@hyperribbon/contract';
import { networkProgram, type Network } from '@hyperribbon/nn';

/** A dense layer as a Kronecker basis turns it: y = x W + b with W (inputs, outputs) as it is stored. */
export interface BasisLayer {
  /** name of W */
  readonly weight: string;
  /** name of b, where there is one */
  readonly bias?: string;
  readonly inputs: number;
  readonly outputs: number;
}

/**
 * The layers that a Kronecker basis has an entry for: all affine maps of a network, if all are dense layers with weights of their own, stored
 * (in, out); else undefined. Parameters that belong to no layer keep their coordinates.
 *
 * Cost: that of tracing the network
 */
export function basisLayers(network: Network): readonly BasisLayer[] | undefined {
  const { maps } = networkProgram(network, 2);
  const dense = maps.every(({ positions, alone, weightViews }) => positions === 1 && alone && weightViews.length === 0);
  if (maps.length === 0 || !dense) return undefined;
  const nameOf = (parameter: number): string => network.parameters[parameter].name;
  return maps.map(({ weight, bias, inputs, outputs }) => ({
    weight: nameOf(weight),
    ...(bias === undefined ? {} : { bias: nameOf(bias) }),
    inputs,
    outputs,
  }));
}

/** {@link basisLayers} of a network that must have some. @throws RangeError naming the caller and the network */
export function requireBasisLayers(caller: string, network: Network): readonly BasisLayer[] {
  return (
    basisLayers(network) ?? refuse(caller, `a Kronecker basis needs a network of dense layers, got ${network.name}`)
  );
}
