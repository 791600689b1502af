import { integer, number } from '../../page/format.js';
import { inline } from '../../page/markup.js';
import { ascii } from '../../page/rows.js';
import type { SectionView } from '../section.js';
import { effectiveDimensionDetails, spectrumLabels } from './html.js';
import type { EffectiveDimension } from './shape.js';

export const effectiveDimensionView: SectionView<readonly EffectiveDimension[]> = {
  tiles: (dimensions, sections) => {
    // of several matrices, one whose count is exact
    const { spectrum, hard, lowerBound, parameters, threshold } =
      dimensions.find(({ lowerBound }) => !lowerBound) ?? dimensions[0];
    const name = spectrumLabels(sections).get(spectrum) ?? spectrum;
    return [
      {
        value: [`${lowerBound ? '≥ ' : ''}${integer(hard)}`],
        label: `effective dimension (${name}): eigenvalues of at least ${inline(number(threshold, 2))}, of ${integer(parameters)}`,
      },
    ];
  },
  details: effectiveDimensionDetails,
  rows: (dimensions, sections) => {
    const labels = spectrumLabels(sections);
    return dimensions.map(({ spectrum, hard, soft, parameters, threshold, lowerBound }) => [
      'effective dimension',
      `${lowerBound ? '>= ' : ''}${integer(hard)}`,
      `${labels.get(spectrum) ?? spectrum}: eigenvalues >= ${ascii(threshold, 2)} of ${integer(parameters)}; soft ${lowerBound ? '>= ' : ''}${ascii(soft)}`,
    ]);
  },
  explanations: [
    {
      title: 'Effective dimension',
      kind: 'reconstruction',
      text:
        'Of a matrix, the number of its eigenvalues whose magnitude is at least ε/(2(n − 1)), or the threshold that the table names: there the data outweigh the ' +
        'prior. Each count is of one matrix and named for it; counts of different matrices are different numbers. Counting above a threshold is the published ' +
        'definition. This threshold is derived here, from the posterior that minimises the linearised bound; the paper’s own constant was not available.',
    },
  ],
};
