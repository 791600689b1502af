import { integer } from '../../page/format.js';
import { ascii } from '../../page/rows.js';
import type { SectionView } from '../section.js';
import { effectiveDimensionDetails, spectrumLabels } from './html.js';
import type { EffectiveDimension } from './shape.js';

export const effectiveDimensionView: SectionView<readonly EffectiveDimension[]> = {
  tiles: (dimensions) => {
    const count = dimensions.find(({ lowerBound }) => !lowerBound) ?? dimensions[0];
    const { hard, lowerBound, parameters } = count;
    return [
      {
        value: [`${lowerBound ? '≥ ' : ''}${integer(hard)}`],
        label: `effective dimension of ${integer(parameters)} parameters`,
      },
    ];
  },
  details: effectiveDimensionDetails,
  rows: (dimensions, sections) => {
    const labels = spectrumLabels(sections);
    return dimensions.map(({ spectrum, hard, soft, parameters, lowerBound }) => [
      'effective dimension',
      `${lowerBound ? '>= ' : ''}${integer(hard)}`,
      `of ${integer(parameters)}; soft ${ascii(soft)} (${labels.get(spectrum) ?? spectrum})`,
    ]);
  },
  explanations: [
    {
      title: 'Threshold of the effective dimension',
      kind: 'reconstruction',
      text:
        'Counting eigenvalues above a threshold is the published definition. The threshold ε/(2(n − 1)) is derived here from the posterior ' +
        'that minimises the linearised bound; the paper’s own constant was not available.',
    },
  ],
};
