import { integer, number, withMinus } from '../../page/format.js';
import type { JacobianSection, SharpnessChangeRow } from './shape.js';

function value(correlation: number | null): string {
  return correlation === null ? 'none' : withMinus(correlation.toFixed(2));
}

/** What goes with what over the moments, in words that follow the numbers. */
export function correlationText({ withMean, withMax, moments }: JacobianSection): string {
  if (withMean === undefined && withMax === undefined)
    return moments.length < 2
      ? 'At one moment nothing can be said of what goes with what.'
      : 'At fewer than three moments with both numbers, no correlation is given.';
  const parts = [
    ...(withMean === undefined ? [] : ([['the mean norm', withMean]] as const)),
    ...(withMax === undefined ? [] : ([['the largest norm', withMax]] as const)),
  ].map(
    ([name, { pearson, spearman }]) => `with ${name} Pearson’s ${value(pearson)} and Spearman’s ${value(spearman)}`,
  );
  const [first] = [withMean, withMax].filter((found) => found !== undefined);
  return `Correlation of the sharpness over the moments of this run: ${parts.join('; ')}.${inWords(first)}`;
}

/** Values and ranks may disagree: a long part of a run in which one of the two stands still weighs more in ranks. */
function inWords({ pearson, spearman }: NonNullable<JacobianSection['withMean']>): string {
  if (pearson === null || spearman === null) return '';
  if (pearson > 0.7 && spearman > 0.7) return ' They rise and fall together here.';
  if (pearson < -0.7 && spearman < -0.7)
    return ' They go opposite ways here: another factor of the Hessian, such as the curvature of the loss, outweighs the Jacobian.';
  return Math.abs(pearson) > 0.7
    ? ' Over the whole way they go together; their ranks do so less: in a part of the run one of the two moves and the other does not.'
    : ' One does not tell the other here.';
}

/** In the list of factors, and in the verdict. */
const names = {
  tangent: ['that of the tangent kernel, on which Jacobians act,', 'The tangent kernel'],
  curvature: ['that of the curvature of the losses by the outputs', 'The curvature of the losses'],
  residual: ['what the residual of the Hessian makes of them', 'The part of the residual'],
} as const;

/** Why the sharpness changed, in words that follow the numbers. */
export function changeText(change: SharpnessChangeRow): string {
  const { from, to, before, after, jacobian, converged } = change;
  const times = (ratio: number): string => `× ${number(ratio)}`;
  const parts = (['tangent', 'curvature', 'residual'] as const).map(
    (name) => `${names[name][0]} ${times(change[name])}`,
  );
  const rough = converged ? '' : ' Not all eigenvalues were settled: the ratios are rough.';
  return `From step ${integer(from)} to step ${integer(to)} the sharpness went from ${number(before)} to ${number(after)}, ${times(after / before)}. It is the product of three factors: ${parts.join('; ')}. The mean norm of the Jacobian is ${times(jacobian)} meanwhile.${verdictOf(change)}${rough}`;
}

/** Factors within 5 % count as still. */
const still = 1.05;
const moved = (ratio: number): boolean => Math.max(ratio, 1 / ratio) > still;

function verdictOf({ before, after, jacobian, most, ...factors }: SharpnessChangeRow): string {
  if (most === undefined || !moved(factors[most])) return ' None of them moved by more than 5 %.';
  const ratio = after / before;
  const way = factors[most] < 1 ? 'fell' : 'rose';
  const [, name] = names[most];
  if (!moved(ratio)) return ` ${name} ${way} most, and the others took it back.`;
  if (ratio < 1 !== factors[most] < 1) return ` ${name} ${way} most, and the others outweigh it.`;
  const apart = most !== 'tangent' && moved(jacobian) && ratio < 1 !== jacobian < 1;
  return ` ${name} ${way} most, and the sharpness with it${apart ? ', against the Jacobian' : ''}.`;
}
