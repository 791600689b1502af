import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { chosenParameters, type Network, type ParameterFilter, requireWeights, restrict } from '@hyperribbon/nn';

/** A network with its weights, checked, of the chosen parameters alone. */
export interface Scoped {
  readonly network: Network;
  readonly params: FloatArray;
}

/**
 * The network that the option `parameters` leaves, and its weights; the network itself without the option.
 *
 * @throws ArgumentError in the caller's name for weights that do not fit, and a filter that chooses nothing
 */
export function scoped(
  caller: string,
  network: Network,
  params: FloatArray,
  { parameters, dtype = 'float64' }: { readonly parameters?: ParameterFilter | undefined; readonly dtype?: Dtype },
): Scoped {
  requireWeights(caller, 'params', network, params, dtype);
  if (parameters === undefined) return { network, params };
  chosenParameters(caller, network, parameters);
  return restrict(network, params, parameters);
}
