import { withMinus } from '../../page/format.js';
import type { JacobianSection } from './shape.js';

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
