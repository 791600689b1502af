import { integer, number } from '../../page/format.js';
import { figureBlock, numeric, paragraph, section, small, table } from '../../page/parts.js';
import { ascii } from '../../page/rows.js';
import type { SectionView } from '../section.js';
import { layerRanksFigure } from './figure.js';
import type { LayerRankRow } from './shape.js';

const knownAs = { exact: 'to rounding', upper: 'from above', lower: 'from below' } as const;

export const layerRanksView: SectionView<readonly LayerRankRow[]> = {
  details: (layers) =>
    section(
      'layers',
      'Singular values and ranks of the layers',
      paragraph(
        'Of the matrix of filters of each layer, one row a unit or filter, every weight once. A trained matrix has full rank to rounding; what falls are these ways of counting.',
      ),
      figureBlock(layerRanksFigure(layers)),
      table(
        [
          'layer',
          ...numeric('rows', 'columns', 'numerical rank', 'stable', 'effective', 'largest', 'norm as a map'),
          'known',
        ],
        layers.map((layer) => [
          layer.name,
          integer(layer.rows),
          integer(layer.columns),
          integer(layer.numerical),
          number(layer.stable),
          number(layer.effective),
          number(layer.singularValues[0] ?? 0),
          layer.spectral === undefined ? null : number(layer.spectral),
          layer.spectralIs === undefined ? null : knownAs[layer.spectralIs],
        ]),
        { dense: true },
      ),
      small(
        `Numerical rank: singular values above ${layers[0].tolerance} of the largest. Stable: ‖W‖_F²/‖W‖₂². Effective: the exponential of the entropy of the singular values.`,
      ),
    ),
  figures: (layers) => [layerRanksFigure(layers)],
  rows: (layers) =>
    layers.map(({ name, numerical, rows, columns, stable, effective }) => [
      `rank of ${name}`,
      integer(numerical),
      `of ${rows} x ${columns}; stable ${ascii(stable)}, effective ${ascii(effective)}`,
    ]),
};
