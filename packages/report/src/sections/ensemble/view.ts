import { integer, percent } from '../../page/format.js';
import type { Tile } from '../../page/parts.js';
import type { Row } from '../../page/rows.js';
import type { SectionView } from '../section.js';
import { mapFigures } from './figures.js';
import { ensembleDetails } from './html.js';
import { mapsOpening } from './mapsHtml.js';
import type { EnsembleSection, SampleMaps } from './shape.js';
import { statementText } from './statementText.js';

export const ensembleView: SectionView<EnsembleSection> = {
  tiles: ({ maps: [first] = [] }) => (first === undefined ? [] : mapTiles(first)),
  lead: ({ maps: [first] = [] }) => (first === undefined ? '' : statementText(first)),
  opening: mapsOpening,
  details: ensembleDetails,
  figures: (ensemble) => (ensemble.maps ?? []).flatMap((part) => mapFigures(part, ensemble)),
  rows: ({ runs, checkpointEpochs, seeds, maps = [] }) => [
    ['runs', integer(runs.length), `${checkpointEpochs.length} checkpoints each, ${seeds.length} seeds`],
    ...maps.flatMap(mapRows),
  ],
};

function mapTiles({ stress, statement }: SampleMaps): readonly Tile[] {
  const two = stress.find(({ id }) => id === 'all')?.values[1];
  const tiles: Tile[] = [];
  if (two !== undefined) tiles.push({ value: [percent(two)], label: 'of the stress of all models in two dimensions' });
  if (statement !== undefined) {
    const { dimensions, ratio, ratioDeviation, perSeed } = statement;
    const spread = perSeed.length > 1 ? ` (± ${(100 * ratioDeviation).toFixed(1)})` : '';
    tiles.push({
      value: [percent(ratio)],
      label: `of what ${dimensions} dimensions of their own tell of nonlinear models, told by linear ones${spread}`,
    });
  }
  return tiles;
}

function mapRows({ samples, stress, statement }: SampleMaps): readonly Row[] {
  const curves = stress
    .filter(({ values }) => values.length > 2)
    .map(
      ({ label, values: [one, two, three] }): Row => [
        `  ${label}`,
        percent(two),
        `${percent(one)} in one, ${percent(three)} in three dimensions`,
      ],
    );
  const head: Row[] =
    curves.length > 0
      ? [[`explained stress, ${samples === 'train' ? 'training' : 'test'} samples`, 'two dim.', '']]
      : [];
  if (statement === undefined) return [...head, ...curves];
  const { perSeed, ratio, ratioDeviation, mean, ownMean, dimensions } = statement;
  const seeds =
    perSeed.length > 1 ? `+- ${(100 * ratioDeviation).toFixed(1)} over ${perSeed.length} seeds` : 'one seed';
  return [
    ...head,
    ...curves,
    [
      '  nonlinear, told by linear',
      percent(ratio),
      `${seeds}: ${percent(mean)} of ${percent(ownMean)} in ${dimensions} dimensions`,
    ],
  ];
}
