import { refuse } from '@hyperribbon/contract';
import type { Certificate, Provenance } from '../../certificate/certificate.js';
import type { SubspaceBound } from './certifySubspace.js';
import { issueNetworkCertificate, type BoundProvenance } from '../certify/issueNetworkCertificate.js';
import { measuredBySubspace } from '../certify/remeasurePosterior.js';
import { subspaceArrays, type SubspacePosterior } from './subspacePosterior.js';
import { isSpherical, subspacePriorOf, type SubspacePriorFamily } from './subspacePriorFamily.js';

export interface SubspaceCertificateArguments extends BoundProvenance {
  readonly bound: SubspaceBound;
  readonly posterior: SubspacePosterior;
  readonly prior: SubspacePriorFamily;
  /** where directions and pattern of the prior came from; needed unless it is spherical */
  readonly priorBasis?: Provenance;
}

/**
 * The certificate of a subspace posterior, with the draws as certified; its arrays are those of `subspaceArrays`.
 *
 * @throws PriorOverlapError if a part of the prior saw examples of the bound; TypeError for a prior with directions of unknown origin
 */
export function subspaceCertificate(request: SubspaceCertificateArguments): Certificate {
  const { bound, posterior, prior, priorBasis } = request;
  const { prior: chosen, examplesPerDraw } = bound;
  const { network, std } = posterior;
  const spherical = isSpherical(prior);
  if (!spherical && priorBasis === undefined) {
    refuse('subspaceCertificate', 'a prior with directions needs priorBasis, where they came from');
  }
  return issueNetworkCertificate(request, {
    network,
    bound,
    scales: prior.scales,
    // a spherical prior is the same in every basis
    priorBasis: spherical ? undefined : priorBasis,
    draws: { scheme: 'random-subset', examplesPerDraw },
    divergence: { family: 'gaussian-low-rank', orthonormality: chosen.orthonormality },
    measuredBy: measuredBySubspace,
    arrays: subspaceArrays(posterior, subspacePriorOf(prior, std.length - 1, chosen.variances)),
  });
}
