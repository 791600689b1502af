import type { Certificate, DataRecord, Provenance } from '../certificate/certificate.js';
import { issueCertificate } from '../certificate/issueCertificate.js';
import { weightsDigest } from '../certificate/sha256.js';
import type { SubspaceBound } from './certifySubspace.js';
import type { NetworkCertificateArguments } from './networkCertificate.js';
import { measuredBySubspace } from './remeasurePosterior.js';
import { subspaceArrays, type SubspacePosterior } from './subspacePosterior.js';
import { isSpherical, subspacePriorOf, type SubspacePriorFamily } from './subspacePriorFamily.js';

export interface SubspaceCertificateArguments
  extends Pick<NetworkCertificateArguments, 'posteriorSaw' | 'description' | 'caveats' | 'command'> {
  readonly bound: SubspaceBound;
  readonly posterior: SubspacePosterior;
  readonly prior: SubspacePriorFamily;
  readonly data: DataRecord;
  /** where the prior's mean came from, and which splits it saw */
  readonly priorMean: Provenance;
  /** where directions and pattern of the prior came from; needed unless it is spherical */
  readonly priorBasis?: Provenance;
}

/**
 * The certificate of a subspace posterior, with the draws as certified; its arrays are those of `subspaceArrays`.
 *
 * @throws PriorOverlapError if a part of the prior saw examples of the bound; TypeError for a prior with directions of unknown origin
 */
export function subspaceCertificate(request: SubspaceCertificateArguments): Certificate {
  const { bound, posterior, prior, data, priorMean, priorBasis, posteriorSaw, description, caveats, command } = request;
  const { errors, monteCarlo, prior: chosen, examplesPerDraw } = bound;
  const { network, std } = posterior;
  if (!isSpherical(prior) && priorBasis === undefined) {
    throw new TypeError('subspaceCertificate: a prior with directions needs priorBasis, where they came from');
  }
  const arrays = subspaceArrays(posterior, subspacePriorOf(prior, std.length - 1, chosen.variances));
  return issueCertificate({
    theorem: 'maurer',
    delta: bound.bound.ingredients['delta'],
    loss: { kind: 'zero-one', description: 'misclassification by a network whose weights are drawn for every example' },
    risk: {
      kind: 'drawn',
      scheme: 'random-subset',
      passes: errors.passes,
      examplesPerDraw,
      errors: errors.errors,
      delta: monteCarlo.delta,
      seed: errors.seed,
      purpose: errors.purpose,
    },
    divergence: {
      family: 'gaussian-low-rank',
      dimension: network.size,
      parts: chosen.parts,
      orthonormality: chosen.orthonormality,
    },
    prior: {
      mean: priorMean,
      // a spherical prior is the same in every basis
      ...(priorBasis === undefined || isSpherical(prior) ? {} : { basis: priorBasis }),
      scales: prior.scales.map(({ name, grid, fixed = false }, s) =>
        fixed
          ? { kind: 'fixed', name, value: chosen.variances[s], saw: [] }
          : {
              kind: 'grid',
              name,
              value: chosen.variances[s],
              index: chosen.indices[s],
              b: grid.b,
              c: grid.c,
              as: 'variance',
            },
      ),
    },
    posterior: {
      description,
      saw: posteriorSaw,
      architecture: network.name,
      measuredBy: measuredBySubspace,
      weights: Object.entries(arrays).map(([name, array]) => ({ name, digest: weightsDigest(array.data) })),
    },
    data,
    chance: 1 - 1 / network.classes,
    kernels: errors.kernels,
    ...(caveats === undefined ? {} : { caveats }),
    ...(command === undefined ? {} : { command }),
  });
}
