import { percent } from '../../page/format.js';
import type { SampleMaps } from './shape.js';
import { where } from './where.js';

/** "Linear models explain the nonlinear ones", with its spread over seeds; nothing where it was not measured. */
export function statementText(part: SampleMaps): string {
  const { statement } = part;
  if (statement === undefined) return '';
  const { dimensions, perSeed, mean, deviation, ownMean, ratio, ratioDeviation } = statement;
  const spread = (value: number): string => (perSeed.length > 1 ? ` ± ${(100 * value).toFixed(1)}` : '');
  const seeds = perSeed.length > 1 ? ` (mean and standard deviation over ${perSeed.length} seeds)` : ' (one seed)';
  return (
    `Linear models explain the nonlinear ones: ${dimensions} dimensions of a map made by linear models alone hold ${percent(mean)}${spread(deviation)} of the ` +
    `stress of nonlinear networks that the map has never seen, ${percent(ratio)}${spread(ratioDeviation)} of the ${percent(ownMean)} that as many dimensions of ` +
    `their own map hold${seeds}, on ${where(part)}.`
  );
}
