import type { FloatArray } from '@hyperribbon/kernels';
import { bufferValues, withBuffers } from '../buffers.js';
import { requireWeights } from '../examples.js';
import type { Network } from '../network.js';

/**
 * The network without its latent weights: the one that computes with the weights that those stand for, and these weights. Outputs are the same,
 * derivatives are its own.
 *
 * @param params (size,) latent weights
 * @returns network and weights as they are where nothing is latent; buffers are those of the network given
 * @throws ArgumentError for weights of another length
 * Cost: one copy of the weights
 * @example
 * const net = binaryWeights(mlp([4, 3, 2]));
 * const { params } = usedWeights(net, net.init(1)); // ± 1/√4 and ± 1/√3, and biases
 */
export function usedWeights(
  network: Network,
  params: FloatArray,
): { readonly network: Network; readonly params: FloatArray } {
  if (network.latent === undefined) return { network, params };
  requireWeights('usedWeights', 'params', network, params);
  const plain = network.latent.network;
  return {
    network: network.buffers === undefined ? plain : withBuffers(plain, bufferValues(network, 'float64')),
    params: network.latent.use(params),
  };
}
