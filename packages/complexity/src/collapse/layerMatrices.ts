import type { AffineMap } from '@hyperribbon/autodiff/walk';
import type { FloatArray } from '@hyperribbon/contract';
import { type Network, networkProgram } from '@hyperribbon/nn';
import { type ChainLayer, chainLayer } from '../norms/chainLayer.js';

/** An affine map of a network with its weights as a matrix, one row for each output or filter. */
export interface LayerMatrix {
  readonly map: AffineMap;
  readonly layer: ChainLayer;
}

/** The matrices of a network's affine maps, in the order in which they are applied; those of groups on top of each other. */
export function layerMatrices(caller: string, network: Network, params: FloatArray): readonly LayerMatrix[] {
  const { layers } = networkProgram(network, 1);
  const weights = Float64Array.from(params);
  return layers.map((map, i) => ({ map, layer: chainLayer(caller, network, weights, map, i) }));
}

/** That of the last map that is one matrix; undefined where there is none. */
export function lastMatrix(caller: string, network: Network, params: FloatArray): LayerMatrix | undefined {
  const { layers } = networkProgram(network, 1);
  const at = layers.findLastIndex(({ groups }) => groups === 1);
  if (at < 0) return undefined;
  return { map: layers[at], layer: chainLayer(caller, network, Float64Array.from(params), layers[at], at) };
}
