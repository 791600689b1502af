import type { LayerNorms, NetworkNorms, SampleNorms } from '../../norms/networkNorms.js';
import { cutNetwork } from '../lowRank/truncation.js';

/** A network whose layers have their numerical rank, and the sample as it sees it. */
export interface CutNorms {
  readonly network: NetworkNorms;
  /** margins less twice what the cuts change outputs by */
  readonly sample: SampleNorms;
  readonly assumptions: readonly string[];
}

/**
 * Norms of a network after its layers were cut to their numerical rank, so that limits can be put on ranks and norms of what is left.
 *
 * @param cuts layers that may be cut; the others keep their full rank
 */
export function cutToRank(
  network: NetworkNorms,
  sample: SampleNorms,
  cuts: (layer: LayerNorms) => boolean,
  rankTolerance: number | undefined,
): CutNorms {
  const layers = network.layers.map((layer) => (cuts(layer) ? layer : withoutValues(layer)));
  const options = { ...(rankTolerance !== undefined && { rankTolerance }) };
  // any margin will do: error and ranks do not depend on it
  const { error, assumptions } = cutNetwork({ ...network, layers }, sample, 1, options);
  const plain = layers.map((layer) => ({ ...layer, lipschitz: 1 }));
  const limits = cutNetwork({ ...network, layers: plain }, sample, 1, options).layers;
  return {
    network: {
      ...network,
      layers: layers.map((layer, i) => {
        const { rank, frobenius } = limits[i]!;
        return { ...layer, map: { ...layer.map, rank, frobenius } };
      }),
    },
    sample: error === 0 ? sample : { ...sample, margins: sample.margins.map((margin) => margin - 2 * error) },
    assumptions,
  };
}

function withoutValues(layer: LayerNorms): LayerNorms {
  const { singularValues: _, rank: __, ...map } = layer.map;
  return { ...layer, map };
}

/** Whether weights of the layer stand at several places of its map. */
export function sharesWeights({ filters, map }: LayerNorms): boolean {
  return filters.rows !== map.rows || filters.columns !== map.columns;
}
