import { refuse } from '@hyperribbon/contract';
import { subspaceGaussianKl } from '../../divergences/subspaceGaussianKl.js';
import { isSpherical } from '../gaussian/priorFamily.js';
import type { PosteriorFamily } from '../posteriorFamily.js';
import { klOfScales } from './klOfScales.js';
import { subspaceErrors, type SubspaceErrorOptions } from './subspaceErrors.js';
import { requireSubspacePosterior, type SubspacePosterior } from './subspacePosterior.js';

/** A certificate is a stranger's: no draw meets more examples than memory has room for. */
const mostExamples = 100_000;

/** A deviation along each of k directions and one in all others: whole networks are drawn, each for random examples of its own. */
export const subspaceFamily: PosteriorFamily<SubspacePosterior, SubspaceErrorOptions> = {
  measuredBy: '@hyperribbon/pac-bayes/networks subspaceErrors',
  errors: subspaceErrors,
  planDraws({ directions }, _examples, { draws = 10_000, examplesPerDraw = 1 }) {
    const dtype = directions.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32';
    const trials = draws * examplesPerDraw;
    return { scheme: 'random-subset', passes: draws, trials, batchSize: examplesPerDraw, dtype, noise: 'weights' };
  },
  drawsOf({ scheme, trials, passes: recorded }, draws) {
    if (scheme !== 'random-subset') {
      refuse('remeasurePosterior', 'draws of whole networks from a subspace posterior meet random subsets');
    }
    const examplesPerDraw = trials / recorded;
    if (examplesPerDraw > mostExamples) {
      const many = `draws that meet ${examplesPerDraw} random examples each are not made again`;
      refuse('remeasurePosterior', `${many}, ${mostExamples} at most are`);
    }
    return { draws, examplesPerDraw };
  },
  klOfScales,
  kl: ({ directions, mean: posteriorMean, std: posteriorStd }, { mean: priorMean, std: priorStd }) =>
    subspaceGaussianKl({ directions, posteriorMean, priorMean, posteriorStd, priorStd }).kl,
  hasBasis: (prior) => !isSpherical(prior),
  coordinateArrays: ({ network, std, directions }) => ({
    'subspace.directions': { shape: [std.length - 1, network.size], data: directions },
  }),
  fromArrays(network, { mean, std }, { 'subspace.directions': directions, ...others }) {
    const unknown = Object.keys(others);
    if (unknown.length > 0) refuse('posteriorFromArrays', `subspace posteriors have no use for ${unknown.join(', ')}`);
    return { network, mean, std, directions };
  },
  require: requireSubspacePosterior,
};
