import { percent } from '../../page/format.js';
import type { SampleMaps, Statement } from './shape.js';
import { where } from './where.js';

/** Linear models explain the nonlinear ones where they hold this share of their stress, and this share of what their own map holds. */
const least = { stress: 0.5, ratio: 0.75 };
/** Less than this is no explanation. */
const little = 0.25;

/**
 * What the shares allow to be said, less and more a standard deviation over seeds.
 *
 * 'open': the seeds differ by more than the shares themselves
 */
export function verdictOf({
  mean,
  deviation,
  ratio,
  ratioDeviation,
}: Statement): 'explain' | 'partly' | 'little' | 'open' {
  if (mean - deviation >= least.stress && ratio - ratioDeviation >= least.ratio) return 'explain';
  if (mean + deviation < little) return 'little';
  return mean - deviation <= 0 ? 'open' : 'partly';
}

const sentence = {
  explain: 'Linear models explain the nonlinear ones',
  partly: 'Linear models explain a part of the nonlinear ones',
  little: 'Linear models do not explain the nonlinear ones',
  open: 'Whether linear models explain the nonlinear ones cannot be told from these seeds',
};

/** How much of the nonlinear models linear ones tell, with its spread over seeds; nothing where it was not measured. */
export function statementText(part: SampleMaps): string {
  const { statement } = part;
  if (statement === undefined) return '';
  const { dimensions, perSeed, mean, deviation, ownMean, ratio, ratioDeviation } = statement;
  const several = perSeed.length > 1;
  const spread = (value: number): string => (several ? ` ± ${(100 * value).toFixed(1)}` : '');
  const seeds = several
    ? `mean and standard deviation over ${perSeed.length} seeds`
    : 'one seed: nothing is known of the spread';
  const said = several
    ? sentence[verdictOf(statement)]
    : `${sentence[verdictOf(statement)]} in the one seed that was run`;
  return (
    `${said}: ${dimensions} dimensions of a map made by linear models alone hold ${percent(mean)}${spread(deviation)} of the ` +
    `stress of nonlinear networks that the map has never seen, ${percent(ratio)}${spread(ratioDeviation)} of the ${percent(ownMean)} that as many dimensions of ` +
    `their own map hold (${seeds}), on ${where(part)}. “Explain” stands for at least ${100 * least.stress} % of the stress and ` +
    `${100 * least.ratio} % of what their own map holds, less the spread; less than ${100 * little} % is said not to.`
  );
}
