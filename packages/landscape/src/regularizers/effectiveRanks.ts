import { requireInteger, requireNoOthers, watch, type WatchOptions } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { convolutionSpectrum } from '@hyperribbon/lanczos/svd';
import { type Network, type ParameterFilter, requireWeights } from '@hyperribbon/nn';
import { type FilterLayer, filterLayers } from './filterLayers.js';

export interface LayerRankOptions extends WatchOptions {
  /**
   * sides of the image that a convolution goes over, with its ends joined; default each layer's own, or where that is smaller its kernel's. The public code of
   * [goldblum2020] has 56, 28, 14 and 7, those of another data set than its own.
   */
  readonly grid?: readonly [number, number];
  /** names the weights, as `restrict` does; default those of convolutions larger than 1 × 1: the paper leaves out the others */
  readonly parameters?: ParameterFilter;
}

/** The singular values of one layer in a few numbers; plain data. */
export interface LayerRank {
  /** of its array of weights */
  readonly name: string;
  readonly kind: 'dense' | 'convolution';
  /** 1 × 1 for a dense layer */
  readonly grid: readonly [number, number];
  /** how many singular values there are: min(outputs, inputs) for each frequency */
  readonly count: number;
  readonly largest: number;
  readonly smallest: number;
  /** Σ σ */
  readonly nuclear: number;
  /** √(Σ σ²) = √places ‖K‖_F */
  readonly frobenius: number;
  /** Σ σ / √(Σ σ²), in [1, √count]; 0 for weights that are all zero */
  readonly effectiveRank: number;
}

/**
 * Effective ranks of layers: the nuclear norm over the Frobenius norm, of a convolution as a map of a whole image with circular padding, all of whose singular
 * values come from the Fourier transform of its filters [sedghi2019]; [goldblum2020, §5]. Between 1 (one direction) and √count (all alike): neither the
 * exponential of an entropy nor the stable rank ‖W‖_F²/‖W‖².
 *
 * Steps of a convolution are left out, as in the paper: the filters are looked at on every place. A dense layer has the singular values of its matrix.
 *
 * @param params (size,) flat weights
 * @throws ArgumentError for weights that do not fit or are not finite, a grid out of range, parameters that choose no layer; AbortError
 * Cost: half the frequencies of each layer times a complex SVD, values only: 8 (m n² − n³/3) multiplications
 * @example
 * const ranks = await effectiveRanks(net, run.params, { parameters: /weight|^W/ });
 * ranks.map(({ name, effectiveRank, count }) => [name, effectiveRank / Math.sqrt(count)]);
 */
export async function effectiveRanks(
  network: Network,
  params: FloatArray,
  options: LayerRankOptions = {},
): Promise<readonly LayerRank[]> {
  const { grid, parameters, signal, onProgress, ...others } = options;
  requireNoOthers('effectiveRanks', others, 'LayerRankOptions');
  const layers = layersOnGrid('effectiveRanks', network, params, { grid, parameters });
  const ranks: LayerRank[] = [];
  const between = watch('effectiveRanks', layers.length, { signal, onProgress }, () => ranks.length);
  for (const layer of layers) {
    await between();
    ranks.push(rankOf(layer, spectrumOf(layer)));
  }
  return ranks;
}

/** The layers that are asked for, on the grid that is asked for. */
export function layersOnGrid(
  caller: string,
  network: Network,
  params: FloatArray,
  { grid, parameters }: { readonly grid: LayerRankOptions['grid']; readonly parameters: ParameterFilter | undefined },
): readonly FilterLayer[] {
  requireWeights(caller, 'params', network, params);
  const layers = filterLayers(caller, network, params, parameters);
  if (grid === undefined) return layers;
  requireInteger(caller, 'grid[0]', grid[0], 1);
  requireInteger(caller, 'grid[1]', grid[1], 1);
  return layers.map((layer) => (layer.kind === 'dense' ? layer : { ...layer, grid }));
}

/** Descending. */
export function spectrumOf({ convolution, grid }: Pick<FilterLayer, 'convolution' | 'grid'>): Float64Array {
  return convolutionSpectrum(convolution, { image: grid });
}

/** @param values descending */
export function rankOf({ name, kind, grid }: FilterLayer, values: Float64Array): LayerRank {
  const largest = values[0];
  let [sum, squares] = [0, 0];
  // over the largest: squares of 1e-200 vanish
  for (const value of values) {
    const share = largest === 0 ? 0 : value / largest;
    sum += share;
    squares += share * share;
  }
  const root = Math.sqrt(squares);
  return {
    name,
    kind,
    grid,
    count: values.length,
    largest,
    smallest: values[values.length - 1],
    nuclear: largest * sum,
    frobenius: largest * root,
    effectiveRank: root === 0 ? 0 : sum / root,
  };
}
