import { integer, number } from '../../page/format.js';
import { ascii, type Row } from '../../page/rows.js';
import type { SectionView } from '../section.js';
import { alphaFlowFigure } from './flowFigure.js';
import { weightSpectraDetails } from './html.js';
import type { WeightSpectraSection } from './shape.js';
import { weightSpectraFigure } from './spectraFigure.js';

export const weightSpectraView: SectionView<WeightSpectraSection> = {
  tiles: ({ values, layers, draws }) => {
    const alpha = values.find(({ metric }) => metric === 'alpha');
    const rejected = layers.filter((layer) => layer.rejected).length;
    return [
      ...(alpha === undefined
        ? []
        : [
            {
              value: [
                ...number(alpha.mean),
                ...(alpha.standardError === null ? [] : [' ± ', ...number(alpha.standardError, 2)]),
              ],
              label: `mean exponent of the tails of ${integer(alpha.layers)} layers, with its standard error`,
            },
          ]),
      ...(draws > 0 && layers.length > 0
        ? [
            {
              value: [`${integer(rejected)} of ${integer(layers.length)}`],
              label: 'layers have a tail that is no power law (level 0.05)',
            },
          ]
        : []),
    ];
  },
  details: weightSpectraDetails,
  figures: (content) => [weightSpectraFigure(content), alphaFlowFigure(content)],
  rows: ({ layers, refused }) => [
    ...layers.map(
      ({ name, alpha, verdict }): Row => [`alpha of ${name}`, alpha === null ? 'infinite' : ascii(alpha), verdict],
    ),
    ...refused.map(({ name, sentence }): Row => [name, 'none', sentence]),
  ],
  explanations: [
    {
      title: 'Exponents of weights',
      kind: 'explanation',
      text:
        'Alpha is the exponent of a power law fitted to the largest eigenvalues of WᵀW: the smaller, the heavier the tail. It exists for any spectrum; whether the spectrum is a power law is what the p says. ' +
        'It depends on the ratio of the sides of a matrix, which is why the exponent at one ratio stands beside it.',
    },
  ],
};
