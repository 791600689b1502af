import { requireInteger, requireNoOthers, requirePositive, watch } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { mapConvolutionSpectrum } from '@hyperribbon/lanczos/svd';
import type { Network } from '@hyperribbon/nn';
import { type LayerRank, type LayerRankOptions, layersOnGrid, rankOf, spectrumOf } from './effectiveRanks.js';
import type { FilterLayer } from './filterLayers.js';

export interface RankProjectionOptions extends LayerRankOptions {
  /** singular value > 0; default 0.5 of RankMin, 1.5 of RankMax, those of the paper's scripts */
  readonly threshold?: number;
  /** how often the projection is done: the size of kernels makes each inexact. Integer ≥ 1, default 1 as in the paper */
  readonly passes?: number;
}

/** What a projection did to one layer; plain data. */
export interface ProjectedLayer {
  readonly before: LayerRank;
  readonly after: LayerRank;
  /** singular values that the first pass changed */
  readonly changed: number;
  /** Frobenius norm of what the last pass cut off beside the kernel, over that of the filters: 0 where the projection was exact */
  readonly cut: number;
  /** how far the values are from what was asked: those that a further pass would change by more than 1e-9 of the largest, and ‖σ − f(σ)‖₂/‖σ‖₂ */
  readonly left: { readonly values: number; readonly distance: number };
}

export interface RankProjection {
  /** (size,) weights with projected filters, of the array type of those given */
  readonly params: FloatArray;
  readonly layers: readonly ProjectedLayer[];
}

/**
 * RankMin [goldblum2020, §5]: singular values below a threshold become zero, in every convolution of a network, so that the effective rank falls.
 *
 * Filters go to the frequencies of a stated grid, their matrices there lose what is below the threshold, and the inverse transform is cut off at the size of the
 * kernel: not an exact projection, what it left is reported. Steps are left out, see {@link effectiveRanks}.
 *
 * @param params (size,) flat weights; not changed
 * @throws ArgumentError for weights that do not fit or are not finite, a threshold that is not positive, a grid smaller than a kernel; AbortError
 * Cost: for each layer and pass half the frequencies times an SVD with vectors, about 120 r³ flops for r channels
 * @example
 * const images = resnet(8, { image: [1, 8, 8], width: 0.25 });
 * const { params, layers } = await rankMin(images, images.init(1), { threshold: 0.5 });
 * layers.map(({ before, after, left }) => [before.effectiveRank, after.effectiveRank, left.distance]);
 */
export function rankMin(
  network: Network,
  params: FloatArray,
  options: RankProjectionOptions = {},
): Promise<RankProjection> {
  const { threshold = 0.5 } = options;
  return project('rankMin', network, params, { ...options, threshold }, (sigma) => (sigma < threshold ? 0 : sigma));
}

/**
 * RankMax [goldblum2020, §5]: singular values above a threshold are capped at it, in every convolution of a network, so that the effective rank rises. Else as
 * {@link rankMin}.
 *
 * @example
 * const images = resnet(8, { image: [1, 8, 8], width: 0.25 });
 * const { params } = await rankMax(images, images.init(1), { threshold: 1.5, passes: 3 });
 */
export function rankMax(
  network: Network,
  params: FloatArray,
  options: RankProjectionOptions = {},
): Promise<RankProjection> {
  const { threshold = 1.5 } = options;
  return project('rankMax', network, params, { ...options, threshold }, (sigma) => Math.min(sigma, threshold));
}

async function project(
  caller: string,
  network: Network,
  given: FloatArray,
  options: RankProjectionOptions & { readonly threshold: number },
  f: (sigma: number) => number,
): Promise<RankProjection> {
  const { threshold, passes = 1, grid, parameters, signal, onProgress, ...others } = options;
  requireNoOthers(caller, others, 'RankProjectionOptions');
  requirePositive(caller, 'threshold', threshold);
  requireInteger(caller, 'passes', passes, 1);
  const layers = layersOnGrid(caller, network, given, { grid, parameters });
  const params = given.slice();
  const done: ProjectedLayer[] = [];
  const between = watch(caller, layers.length, { signal, onProgress }, () => done.length);
  for (const layer of layers) {
    await between();
    const { places } = layer;
    const before = rankOf(layer, spectrumOf(layer));
    const [first, ...rest] = repeated(layer, f, passes);
    const last = rest.at(-1) ?? first;
    // what did not change keeps its bits, whatever the array
    for (let k = 0; k < places.length; k++) params[places[k]] = last.filters[k];
    const filters = Float64Array.from(places, (place) => params[place]);
    const values = spectrumOf({ ...layer, convolution: { ...layer.convolution, filters } });
    done.push({
      before,
      after: rankOf(layer, values),
      changed: first.changed,
      cut: last.cut,
      left: distanceOf(values, f),
    });
  }
  return { params, layers: done };
}

interface Pass {
  readonly filters: Float64Array;
  /** relative to the filters */
  readonly cut: number;
  readonly changed: number;
}

/** The passes, each on the filters of the one before. */
function repeated({ convolution, grid }: FilterLayer, f: (sigma: number) => number, passes: number): readonly Pass[] {
  const made: Pass[] = [];
  for (let pass = 0; pass < passes; pass++) {
    const filters = made.at(-1)?.filters ?? convolution.filters;
    const mapped = mapConvolutionSpectrum({ ...convolution, filters }, f, { image: grid });
    const length = lengthOf(filters);
    made.push({ ...mapped, cut: length === 0 ? 0 : mapped.cut / length });
  }
  return made;
}

/** ‖x‖₂, of numbers however small. */
function lengthOf(x: ArrayLike<number>): number {
  let [largest, squares] = [0, 0];
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]));
  if (largest === 0) return 0;
  for (let i = 0; i < x.length; i++) squares += (x[i] / largest) * (x[i] / largest);
  return largest * Math.sqrt(squares);
}

/** @param values descending */
function distanceOf(values: Float64Array, f: (sigma: number) => number): ProjectedLayer['left'] {
  const off = values.map((sigma) => Math.abs(sigma - f(sigma)));
  const length = lengthOf(values);
  const beyond = off.reduce((count, x) => count + (x > 1e-9 * values[0] ? 1 : 0), 0);
  return { values: beyond, distance: length === 0 ? 0 : lengthOf(off) / length };
}
