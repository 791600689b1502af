import type { WatchOptions } from '@hyperribbon/contract';
import type { ConvolutionGeometry } from '@hyperribbon/autodiff/walk';
import { convolutionSpectrum, svds } from '@hyperribbon/lanczos/svd';
import type { ChainLayer } from './chainLayer.js';
import type { Convolution } from './convolution.js';
import { convolutionMatrix, convolutionOperator } from './convolutionMatrix.js';
import { type MapNorms, mapNorms } from './convolutionNorms.js';
import { type DifferenceNorms, type MatrixNorms, type MatrixNormsOptions, matrixNorms } from './matrixNorms.js';

/** How the spectral norm of a convolution's map is taken. */
export type ConvolutionSpectra =
  /** an upper limit from the filters alone: the smallest of √reads ‖K‖₂, √(‖M‖₁ ‖M‖_∞) and ‖M‖_F */
  | 'filters'
  /** the convolution with circular padding on the image with its zeros: an upper limit, near */
  | 'circular'
  /** the map itself, with its own zeros and steps */
  | 'exact'
  /** circular padding at the size of the network's input and steps of 1, whatever the layer's are: Dziugaite et al. [dziugaite2020] */
  | 'circular-input';

/** Norms of the matrix of filters, and of the layer as the linear map of a whole example. */
export interface BothNorms {
  readonly filters: MatrixNorms;
  readonly map: MatrixNorms;
}

export interface LayerOptions extends WatchOptions {
  readonly rankTolerance: number;
  /** false: norms alone, no singular values and no ranks */
  readonly singularValues?: boolean;
  readonly convolutions: ConvolutionSpectra;
  /** sides of the network's input */
  readonly image: readonly [number, number];
  /** biases as weights of a constant input, handed on or not; absent: left out */
  readonly constant?: { readonly kept: boolean };
}

/** most numbers of a convolution's matrix that is written out for its singular values */
const WRITTEN = 2 ** 22;

/**
 * Norms of a layer's matrix of filters, and of its map: sums over entries with each weight as often as it is used.
 *
 * @param layer whose `filters` and `bias` may be differences
 */
export async function layerNorms(layer: ChainLayer, options: LayerOptions): Promise<BothNorms> {
  const { rankTolerance, constant } = options;
  const filters = filterNorms(layer, options);
  if (layer.positions === 1 && layer.groups === 1 && layer.convolution === undefined) return { filters, map: filters };
  const convolution = asConvolution(layer);
  const { reads, largestColumnOne, ...sums } = mapNorms(convolution, constant && { bias: layer.bias, ...constant });
  if (layer.convolution === undefined && constant === undefined)
    return { filters, map: { ...sums, ...repeated(layer, filters, rankTolerance) } };
  const plain = constant === undefined ? { reads, largestColumnOne, ...sums } : mapNorms(convolution);
  const own = await spectrumOf(layer, convolution, plain, options);
  if (constant === undefined) return { filters, map: { ...sums, ...own, ...rankOf(own, rankTolerance) } };
  const { bias, positions } = layer;
  const column = Math.sqrt(bias.reduce((sum, b) => sum + b * b, 0) * positions);
  const limit = Math.min(blockNorm(own.spectral, column, constant.kept), sums.frobenius);
  return { filters, map: { ...sums, spectral: limit, spectralIs: own.spectralIs === 'lower' ? 'lower' : 'upper' } };
}

/** The norms of a difference that bounds ask for. */
export function differenceOf({ spectral, spectralIs, frobenius, rowSum }: MatrixNorms): DifferenceNorms {
  return { spectral, spectralIs, frobenius, rowSum };
}

/** K, or [[K, b], [0, 1]], or [K, b]. */
function filterNorms(
  { filters, bias, rows, columns }: ChainLayer,
  { rankTolerance, singularValues = true, constant }: LayerOptions,
): MatrixNorms {
  if (constant === undefined) return matrixNorms(filters, rows, columns, { rankTolerance, singularValues });
  const [height, width] = [rows + (constant.kept ? 1 : 0), columns + 1];
  const wide = new Float64Array(height * width);
  for (let o = 0; o < rows; o++) {
    wide.set(filters.subarray(o * columns, (o + 1) * columns), o * width);
    wide[o * width + columns] = bias[o];
  }
  if (constant.kept) wide[wide.length - 1] = 1;
  return matrixNorms(wide, height, width, { rankTolerance, singularValues });
}

/** A dense layer at several positions is a convolution of kernel 1 × 1. */
function asConvolution({ filters, rows, columns, groups, positions, convolution }: ChainLayer): Convolution {
  const geometry: ConvolutionGeometry = convolution ?? {
    transposed: false,
    kernel: [1, 1],
    stride: [1, 1],
    padding: [
      [0, 0],
      [0, 0],
    ],
    dilation: [1, 1],
    input: [positions, 1, columns * groups],
    output: [positions, 1, rows],
  };
  return { filters, rows, columns, groups, geometry };
}

type Spectrum = Pick<MatrixNorms, 'spectral' | 'spectralIs' | 'singularValues'>;

async function spectrumOf(
  layer: ChainLayer,
  convolution: Convolution,
  { reads, largestColumnOne, largestRowOne, frobenius, rows, columns }: MapNorms,
  { convolutions, image, signal, singularValues: listed = true }: LayerOptions,
): Promise<Spectrum> {
  const { geometry } = convolution;
  // each number of the input is in `reads` patches; of a transposed convolution it is the outputs that are sums of patches
  const byPatches = geometry.transposed ? Infinity : Math.sqrt(reads) * groupSpectral(layer);
  const limit = Math.min(Math.sqrt(largestRowOne) * Math.sqrt(largestColumnOne), byPatches, frobenius);
  if (layer.convolution === undefined) return { spectral: byPatches, spectralIs: 'exact' };
  if (convolutions === 'exact') {
    if (rows * columns <= WRITTEN) {
      const matrix = convolutionMatrix(convolution);
      const { spectral, spectralIs, singularValues } = matrixNorms(matrix, rows, columns, { singularValues: listed });
      return { spectral, spectralIs, ...(singularValues && { singularValues }) };
    }
    const { values, converged } = await svds(convolutionOperator(convolution), {
      k: 1,
      tol: 1e-10,
      ...(signal && { signal }),
    });
    return { spectral: values[0], spectralIs: converged ? 'exact' : 'lower' };
  }
  if (convolutions === 'filters' || geometry.transposed) return { spectral: limit, spectralIs: 'upper' };
  if (convolutions === 'circular') {
    const [circular] = convolutionSpectrum(convolution, { image: withZeros(geometry) });
    return { spectral: Math.min(limit, circular), spectralIs: 'upper' };
  }
  const [spectral] = convolutionSpectrum({ ...convolution, geometry: { ...geometry, stride: [1, 1] } }, { image });
  return { spectral, spectralIs: 'lower' };
}

/** Sides of the image with all zeros that windows reach, rounded up to whole steps: the convolution is a part of the circular one on it. */
function withZeros({
  input,
  output,
  kernel,
  stride,
  padding,
  dilation,
}: ConvolutionGeometry): readonly [number, number] {
  const side = (axis: 0 | 1): number => {
    const [before, after] = padding[axis];
    const reach = (output[axis] - 1) * stride[axis] + (kernel[axis] - 1) * dilation[axis] + 1;
    const needed = Math.max(before + input[axis] + after, reach);
    return Math.ceil(needed / stride[axis]) * stride[axis];
  };
  return [side(0), side(1)];
}

/** ‖diag(K₁, …)‖₂ of the groups' matrices, which stand side by side. */
function groupSpectral(layer: ChainLayer): number {
  return blocksOf(layer).reduce((largest, { spectral }) => Math.max(largest, spectral), 0);
}

/** Norms of the matrix of each group. */
function blocksOf(
  { filters, rows, columns, groups }: ChainLayer,
  options: MatrixNormsOptions = { singularValues: false },
): readonly MatrixNorms[] {
  const each = rows / groups;
  return Array.from({ length: groups }, (_, g) =>
    matrixNorms(filters.subarray(g * each * columns, (g + 1) * each * columns), each, columns, options),
  );
}

/** An upper limit of ‖[[M, B], [0, 1]]‖₂ by the norms of its blocks, B one column; without the last row where it is not there. */
function blockNorm(spectral: number, column: number, kept: boolean): number {
  return matrixNorms(Float64Array.of(spectral, column, 0, kept ? 1 : 0), 2, 2).spectral;
}

/** Of diag(W, …, W), a W for each place, where W is diag(K₁, …) of the groups. */
function repeated(
  layer: ChainLayer,
  filters: MatrixNorms,
  rankTolerance: number,
): Spectrum & Pick<MatrixNorms, 'rank' | 'rankTolerance'> {
  const { groups, positions } = layer;
  if (filters.singularValues === undefined) return { spectral: groupSpectral(layer), spectralIs: 'exact' };
  const blocks = groups === 1 ? [filters] : blocksOf(layer, {});
  const values = Float64Array.from(blocks.flatMap(({ singularValues }) => [...singularValues!]));
  values.sort().reverse();
  const all = Float64Array.from({ length: values.length * positions }, (_, i) => values[Math.floor(i / positions)]);
  const spectrum = { spectral: values[0] ?? 0, spectralIs: 'exact', singularValues: all } as const;
  return { ...spectrum, ...rankOf(spectrum, rankTolerance) };
}

function rankOf(
  { singularValues, spectral }: Spectrum,
  rankTolerance: number,
): Pick<MatrixNorms, 'rank' | 'rankTolerance'> {
  if (singularValues === undefined) return {};
  return {
    rank: singularValues.reduce((count, x) => count + (x > rankTolerance * spectral ? 1 : 0), 0),
    rankTolerance,
  };
}
