import { refuse } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { diagonalGaussianKl } from '../../divergences/gaussianKl.js';
import type { PosteriorFamily } from '../posteriorFamily.js';
import { noisyForward } from '../noise/noisyForward.js';
import { basisLayers } from './basisLayers.js';
import { requirePosterior, type GaussianPosterior } from './gaussianPosterior.js';
import { klOfScales } from './klOfScales.js';
import { posteriorErrors, type PosteriorErrorOptions } from './posteriorErrors.js';

/** Independent weights, in a Kronecker basis or none: every example meets a draw of its own. */
export const gaussianFamily: PosteriorFamily<GaussianPosterior, PosteriorErrorOptions> = {
  measuredBy: '@hyperribbon/pac-bayes/networks posteriorErrors',
  errors: posteriorErrors,
  planDraws({ network, basis }, { count }, { passes = 1, batchSize = 500, dtype = 'float32', noise: wanted }) {
    const { kind: noise } = noisyForward(network, { basis, dtype, ...(wanted === undefined ? {} : { kind: wanted }) });
    const together = noise === 'local' ? Math.min(batchSize, count) : 1;
    return { scheme: 'per-example', passes, trials: passes * count, batchSize: together, dtype, noise };
  },
  drawsOf({ scheme, draws }, passes) {
    if (scheme !== 'per-example')
      refuse('posteriorErrors', 'draws from a Gaussian over the weights meet one example each');
    return { passes, ...draws };
  },
  klOfScales,
  kl: ({ mean: posteriorMean, std: posteriorStd }, { mean: priorMean, std: priorStd }) =>
    diagonalGaussianKl({ posteriorMean, posteriorStd, priorMean, priorStd }).kl,
  // an isotropic prior over the weights, turned with what that costs, has no basis of its own
  hasBasis: ({ tensors, turned }, { basis }) =>
    tensors.some(({ shaped }) => shaped !== undefined) || (basis !== undefined && turned === undefined),
  coordinateArrays({ basis }) {
    const square = (data: FloatArray) => ({ shape: [Math.sqrt(data.length), Math.sqrt(data.length)], data });
    return Object.fromEntries(
      (basis?.layers ?? []).flatMap(({ input, output }, l) => [
        ...(input === undefined ? [] : [[`basis.${l + 1}.input`, square(input)]]),
        ...(output === undefined ? [] : [[`basis.${l + 1}.output`, square(output)]]),
      ]),
    );
  },
  fromArrays(network, { mean, std }, coordinates) {
    const named = Object.entries(coordinates);
    if (named.length === 0) return { network, mean, std };
    const layers: { input?: FloatArray; output?: FloatArray }[] = (basisLayers(network) ?? []).map(() => ({}));
    for (const [name, data] of named) {
      const place = /^basis\.(\d+)\.(input|output)$/.exec(name);
      const layer = place === null ? undefined : layers[Number(place[1]) - 1];
      if (place === null || layer === undefined) {
        refuse('posteriorFromArrays', `${network.name} has no use for an array ${name}`);
      }
      layer[place[2] as 'input' | 'output'] = data;
    }
    return { network, mean, std, basis: { layers } };
  },
  require: requirePosterior,
};
