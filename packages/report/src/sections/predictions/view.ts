import { integer, percent } from '../../page/format.js';
import { ascii, type Row } from '../../page/rows.js';
import type { SectionView } from '../section.js';
import { predictionsMapFigure, predictionsWidthsFigure } from './figures.js';
import { predictionsDetails } from './html.js';
import type { PredictionsSection } from './shape.js';

export const predictionsView: SectionView<PredictionsSection> = {
  tiles: ({ stress, decline }) => [
    ...(stress.length > 1 ? [{ value: [percent(stress[1])], label: 'of the stress in two dimensions' }] : []),
    ...(decline === undefined
      ? []
      : [{ value: [decline.ratio.toFixed(2)], label: `is each width over the one before (first ${decline.fitted})` }]),
  ],
  opening: predictionsDetails,
  figures: (section) => [predictionsMapFigure(section), predictionsWidthsFigure(section)],
  rows: ({ models, samples, classes, map, stress, widths, decline }) => [
    [
      'models',
      integer(models),
      `${integer(map.runs.length)} runs, ${integer(samples)} samples of ${integer(classes)} classes`,
    ],
    ...[1, 2, 3, 10]
      .filter((k) => k <= stress.length)
      .map(
        (k): Row => [`in ${k} dimension${k === 1 ? '' : 's'}`, percent(stress[k - 1]), 'of the stress is explained'],
      ),
    ...(widths[0] === 0 ? [['widths', '0', 'all models predict the same'] as const] : []),
    ...(decline === undefined
      ? []
      : [
          [
            'widths',
            `x ${ascii(decline.ratio)}`,
            `from one to the next, R2 ${decline.rSquared.toFixed(3)} over the first ${decline.fitted}`,
          ] as const,
        ]),
  ],
};
