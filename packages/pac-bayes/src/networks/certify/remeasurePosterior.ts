import { refuse } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { Examples, Network } from '@hyperribbon/nn';
import type { Remeasure } from '../../certificate/verifyCertificate.js';
import { diagonalGaussianKl } from '../../divergences/gaussianKl.js';
import { subspaceGaussianKl } from '../../divergences/subspaceGaussianKl.js';
import { posteriorFromArrays } from '../gaussian/posteriorArrays.js';
import { posteriorErrors } from './posteriorErrors.js';
import { subspaceErrors } from '../subspace/subspaceErrors.js';
import { subspaceFromArrays } from '../subspace/subspacePosterior.js';

/** Names what draws from subspace posteriors, in a certificate. */
export const measuredBySubspace = '@hyperribbon/pac-bayes/networks subspaceErrors';

/** A certificate is a stranger's: no draw meets more examples than memory has room for. */
const mostExamples = 100_000;

/**
 * What `verifyCertificate` needs to measure a network bound again: fresh draws of the posterior in `arrays` on the bound's examples,
 * and the KL of the arrays.
 *
 * @param arrays as `posteriorArrays` or `subspaceArrays` wrote them
 * @throws what `posteriorFromArrays` and `subspaceFromArrays` throw
 */
export function remeasurePosterior(
  network: Network,
  arrays: Readonly<Record<string, FloatArray>>,
  examples: Examples,
): Remeasure {
  return arrays['subspace.directions'] === undefined
    ? independentWeights(network, arrays, examples)
    : subspace(network, arrays, examples);
}

function independentWeights(
  network: Network,
  arrays: Readonly<Record<string, FloatArray>>,
  examples: Examples,
): Remeasure {
  const posterior = posteriorFromArrays(network, arrays);
  const { 'prior.mean': priorMean, 'prior.std': priorStd } = arrays;
  return async (_certificate, { seed, purpose, passes, signal, onProgress }) => {
    const { errors, trials } = await posteriorErrors(posterior, examples, {
      seed,
      purpose,
      passes,
      signal,
      onProgress: ({ done, of }) => onProgress?.({ done, of }),
    });
    const drawn = { mean: errors / trials, units: trials };
    if (priorMean === undefined || priorStd === undefined) return drawn;
    const { mean: posteriorMean, std: posteriorStd } = posterior;
    return { ...drawn, kl: diagonalGaussianKl({ posteriorMean, posteriorStd, priorMean, priorStd }).kl };
  };
}

function subspace(network: Network, arrays: Readonly<Record<string, FloatArray>>, examples: Examples): Remeasure {
  const { posterior, prior } = subspaceFromArrays(network, arrays);
  return async ({ risk }, { seed, purpose, passes, signal, onProgress }) => {
    if (risk.kind !== 'drawn' || risk.scheme !== 'random-subset') {
      refuse('remeasurePosterior', 'draws of whole networks from a subspace posterior meet random subsets');
    }
    const examplesPerDraw = risk.trials / risk.passes;
    if (examplesPerDraw > mostExamples) {
      const limit = `${mostExamples} at most are`;
      refuse(
        'remeasurePosterior',
        `draws that meet ${examplesPerDraw} random examples each are not made again, ${limit}`,
      );
    }
    const errors = await subspaceErrors(posterior, examples, {
      draws: passes,
      examplesPerDraw,
      seed,
      purpose,
      signal,
      onProgress,
    });
    const { kl } = subspaceGaussianKl({
      directions: posterior.directions,
      posteriorMean: posterior.mean,
      posteriorStd: posterior.std,
      priorMean: prior.mean,
      priorStd: prior.std,
    });
    return { mean: errors.reduce((sum, error) => sum + error, 0) / errors.length, units: errors.length, kl };
  };
}
