import { refuse } from '@hyperribbon/contract';
import { weightsDigest } from '@hyperribbon/contract/digest';
import type { FloatArray } from '@hyperribbon/kernels';
import type { Network } from '@hyperribbon/nn';
import type { Gaussian, NamedArrays } from '../posteriorFamily.js';
import { familyOf, type NetworkPosterior } from './familyOf.js';

/**
 * Everything that defines a posterior and the prior it is compared with, as arrays for a file: `posterior.mean`, `posterior.std`,
 * `prior.mean`, `prior.std`, and their coordinates: `basis.L.input`, `basis.L.output` for layers L = 1, 2, …, or
 * `subspace.directions` (k, size), whose presence tells subspace posteriors from others.
 */
export function posteriorArrays(posterior: NetworkPosterior, prior: Gaussian): NamedArrays {
  return { ...gaussianArrays(posterior), 'prior.mean': flat(prior.mean), 'prior.std': flat(prior.std) };
}

/** The arrays of the posterior alone, on which its draws depend. */
export function gaussianArrays(posterior: NetworkPosterior): NamedArrays {
  const { mean, std } = posterior;
  return {
    'posterior.mean': flat(mean),
    'posterior.std': flat(std),
    ...familyOf(posterior).coordinateArrays(posterior),
  };
}

/** As a certificate names arrays. */
export function arrayDigests(arrays: NamedArrays): { readonly name: string; readonly digest: string }[] {
  return Object.entries(arrays).map(([name, { data }]) => ({ name, digest: weightsDigest(data) }));
}

function flat(data: FloatArray): NamedArrays[string] {
  return { shape: [data.length], data };
}

/**
 * Posterior and prior in {@link posteriorArrays}.
 *
 * @throws RangeError for arrays that are missing, unknown or of sizes that do not fit; AssumptionError for deviations that are not positive
 */
export function posteriorFromArrays(
  network: Network,
  arrays: Readonly<Record<string, FloatArray>>,
): { readonly posterior: NetworkPosterior; readonly prior: Gaussian } {
  const caller = 'posteriorFromArrays';
  const { 'posterior.mean': mean, 'posterior.std': std, ...others } = arrays;
  const { 'prior.mean': priorMean, 'prior.std': priorStd, ...coordinates } = others;
  if ([mean, std, priorMean, priorStd].includes(undefined as never)) {
    refuse(
      caller,
      `need mean and std of posterior and prior, as posterior.mean, got ${Object.keys(arrays).join(', ')}`,
    );
  }
  const family = familyOf('subspace.directions' in coordinates ? { directions: coordinates } : {});
  const posterior = family.fromArrays(network, { mean, std }, coordinates);
  const prior = { mean: priorMean, std: priorStd };
  family.require(caller, posterior);
  family.require(caller, { ...posterior, ...prior });
  return { posterior, prior };
}
