import { type FloatArray, requireBetween } from '@hyperribbon/contract';
import { svd } from '@hyperribbon/lanczos/svd';
import { type Network, requireWeights } from '@hyperribbon/nn';
import { rankNotions, type RankNotions } from '../rank/rankNotions.js';
import { layerMatrices } from './layerMatrices.js';

/** The ranks of one layer's weights. */
export interface LayerRanks {
  /** of its array of weights */
  readonly name: string;
  /** of the matrix of filters: (outputs, inputs) of a dense layer, (output channels, input channels · kernel) of a convolution */
  readonly rows: number;
  readonly columns: number;
  /** (min(rows, columns),) descending */
  readonly singularValues: Float64Array;
  readonly ranks: RankNotions;
}

/**
 * Ranks of the matrices of a network's affine maps, in the order in which they are applied; a convolution by its filters, each weight once.
 *
 * @param params flat weights (size,)
 * @param tolerance ε in (0, 1) of numerical ranks, default 1e-3
 * @throws ArgumentError for weights that do not fit, are not finite, or stand in a matrix more than once
 * Cost: the singular values of each matrix.
 * @example layerRanks(net, params).map(({ ranks }) => ranks.numerical); // [4, 3]: a fresh network has full rank
 */
export function layerRanks(network: Network, params: FloatArray, tolerance: number = 1e-3): readonly LayerRanks[] {
  requireWeights('layerRanks', 'params', network, params);
  requireBetween('layerRanks', 'tolerance', tolerance, 0, 1);
  return layerMatrices('layerRanks', network, params).map(({ layer: { name, rows, columns, filters } }) => {
    const singularValues = svd(filters, rows, columns).values;
    return {
      name,
      rows,
      columns,
      singularValues,
      ranks: rankNotions(singularValues, { tolerance, rows: Math.max(rows, columns) }),
    };
  });
}
