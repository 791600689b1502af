import * as is from '@hyperribbon/contract/decode';

const layer = is.checked(
  is.object({
    /** of its array of weights */
    name: is.text,
    rows: is.count,
    columns: is.count,
    /** descending; of the matrix of filters, in which every weight stands once */
    singularValues: is.arrayOf(is.notNegative),
    /** singular values above `tolerance` times the largest */
    numerical: is.count,
    tolerance: is.positive,
    /** ‖W‖_F²/‖W‖₂² */
    stable: is.notNegative,
    /** exponential of the entropy of the singular values */
    effective: is.notNegative,
    /** ‖W‖₂ of the layer as a map of whole examples, and how it is known */
    spectral: is.maybe(is.notNegative),
    spectralIs: is.maybe(is.oneOf('exact', 'upper', 'lower')),
  }),
  ({ singularValues, rows, columns }, path) => {
    if (singularValues.length > Math.min(rows, columns))
      throw new is.Mismatch(`${path}.singularValues`, 'at most as many as the shorter side', singularValues.length);
  },
);
/** Singular values and ranks of the weights of one layer. */
export type LayerRankRow = is.DecodedBy<typeof layer>;

export const layerRanks = is.arrayOf(layer);
