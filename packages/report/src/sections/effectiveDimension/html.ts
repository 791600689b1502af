import { integer, number } from '../../page/format.js';
import { numeric, paragraph, section, table } from '../../page/parts.js';
import type { Sections } from '../shapes.js';
import type { EffectiveDimension } from './shape.js';

/** Names of the spectra by their ids. */
export function spectrumLabels({ curvature = [] }: Sections): ReadonlyMap<string, string> {
  return new Map(curvature.map(({ id, label }) => [id, label]));
}

export function effectiveDimensionDetails(dimensions: readonly EffectiveDimension[], sections: Sections): string {
  const labels = spectrumLabels(sections);
  const columns = ['of which matrix', ...numeric('hard', 'soft', 'parameters', 'threshold'), 'threshold from'];
  const rows = dimensions.map(({ spectrum, hard, soft, parameters, threshold, thresholdFrom, lowerBound }) => {
    const least = lowerBound ? '≥ ' : '';
    return [
      labels.get(spectrum) ?? spectrum,
      `${least}${integer(hard)}`,
      [least, ...number(soft)],
      integer(parameters),
      number(threshold),
      thresholdFrom,
    ];
  });
  const explain =
    'Of each matrix, the directions that the data determine more firmly than the prior: how many eigenvalues have at least the magnitude of the threshold ' +
    '(hard), and the sum of λ/(λ + threshold) over the known positive ones (soft).';
  const least = dimensions.some(({ lowerBound }) => lowerBound)
    ? paragraph('≥: even the smallest computed eigenvalue is above the threshold, so there are at least this many.')
    : '';
  return section('dimension', 'Effective dimension', paragraph(explain), table(columns, rows), least);
}
