import { number } from '../../page/format.js';
import { inline } from '../../page/markup.js';
import type { JacobianSection } from './shape.js';

function value(correlation: number | null): string {
  return correlation === null ? 'none' : inline(number(correlation, 2));
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
  const [{ pearson }] = [withMean, withMax].filter((found) => found !== undefined);
  const words =
    pearson === null
      ? ''
      : pearson > 0.7
        ? ' They rise and fall together here.'
        : pearson < -0.7
          ? ' They go opposite ways here: another factor of the Hessian, such as the curvature of the loss, outweighs the Jacobian.'
          : ' One does not tell the other here.';
  return `Correlation of the sharpness over the moments of this run: ${parts.join('; ')}.${words}`;
}
