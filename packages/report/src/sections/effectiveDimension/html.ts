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
  const columns = ['spectrum', ...numeric('hard', 'soft', 'parameters', 'threshold'), 'threshold from'];
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
    'Directions that the data determine more firmly than the prior: those with an eigenvalue above the threshold (hard), or the sum of ' +
    'λ/(λ + threshold) over the known positive eigenvalues (soft).';
  const least = dimensions.some(({ lowerBound }) => lowerBound)
    ? paragraph('≥: even the smallest computed eigenvalue is above the threshold, so there are at least this many.')
    : '';
  return section('dimension', 'Effective dimension', paragraph(explain), table(columns, rows), least);
}
