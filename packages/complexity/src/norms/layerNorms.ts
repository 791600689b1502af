import type { ChainLayer } from './chainLayer.js';
import { convolutionNorms } from './convolutionNorms.js';
import { type DifferenceNorms, type MatrixNorms, matrixNorms } from './matrixNorms.js';
import { pow } from '@hyperribbon/kernels';

/** Norms of the matrix of filters, and of the layer as the linear map of a whole example. */
export interface BothNorms {
  readonly filters: MatrixNorms;
  readonly map: MatrixNorms;
}

/**
 * Norms of a layer's matrix of filters, and of its map: block by block where a dense layer is applied at several positions; of a convolution sums over entries
 * with each weight as often as it is used, and for the spectral norm the smaller of two upper limits: √reads ‖K‖₂, and √(‖M‖₁ ‖M‖_∞).
 *
 * @param layer whose `filters` may be differences of weights
 */
export function layerNorms(layer: ChainLayer, rankTolerance: number): BothNorms {
  const { filters: K, rows, columns, positions, convolution } = layer;
  const filters = matrixNorms(K, rows, columns, { rankTolerance });
  if (convolution === undefined) return { filters, map: positions === 1 ? filters : repeated(filters, positions) };
  const { reads, largestColumnOne, ...sums } = convolutionNorms({ ...layer, geometry: convolution });
  const sides = Math.sqrt(sums.largestRowOne) * Math.sqrt(largestColumnOne);
  // each number of the input is in `reads` patches; of a transposed convolution it is the outputs that are sums of patches
  const byPatches = convolution.transposed ? Infinity : Math.sqrt(reads) * groupSpectral(layer, filters);
  return { filters, map: { ...sums, spectral: Math.min(sides, byPatches, sums.frobenius), spectralIs: 'upper' } };
}

/** The norms of a difference that bounds ask for. */
export function differenceOf({ spectral, spectralIs, frobenius, rowSum }: MatrixNorms): DifferenceNorms {
  return { spectral, spectralIs, frobenius, rowSum };
}

/** ‖diag(K₁, …)‖₂ of the groups' matrices, which stand side by side. */
function groupSpectral({ filters, rows, columns, groups }: ChainLayer, whole: MatrixNorms): number {
  if (groups === 1) return whole.spectral;
  const each = rows / groups;
  let largest = 0;
  for (let g = 0; g < groups; g++) {
    const block = filters.subarray(g * each * columns, (g + 1) * each * columns);
    largest = Math.max(largest, matrixNorms(block, each, columns).spectral);
  }
  return largest;
}

/** Of diag(W, …, W), W so many times. */
function repeated(norms: MatrixNorms, times: number): MatrixNorms {
  const { singularValues, rank, rows, columns } = norms;
  const values = singularValues!;
  return {
    ...norms,
    rows: rows * times,
    columns: columns * times,
    singularValues: Float64Array.from({ length: values.length * times }, (_, i) => values[Math.floor(i / times)]),
    frobenius: norms.frobenius * Math.sqrt(times),
    rowSum: norms.rowSum * times,
    columnSum: norms.columnSum * times,
    threeOneHalf: norms.threeOneHalf * pow(times, 2 / 3),
    rank: rank! * times,
  };
}
