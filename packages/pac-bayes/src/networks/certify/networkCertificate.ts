import { refuse } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { Certificate, Provenance } from '../../certificate/certificate.js';
import type { NetworkBound } from './certifyPosterior.js';
import type { GaussianPosterior } from '../gaussian/gaussianPosterior.js';
import type { PriorFamily } from '../gaussian/priorFamily.js';
import { issueNetworkCertificate, type BoundProvenance } from './issueNetworkCertificate.js';
import { posteriorArrays } from '../gaussian/posteriorArrays.js';

export interface NetworkCertificateArguments extends BoundProvenance {
  readonly bound: NetworkBound;
  readonly posterior: GaussianPosterior;
  readonly prior: PriorFamily;
  /** where basis and pattern of the prior came from; needed where it has them, not for an isotropic one that `turnPrior` turned */
  readonly priorBasis?: Provenance;
}

/** Names what draws from such posteriors, in a certificate: see `remeasurePosterior`. */
export const measuredBy = '@hyperribbon/pac-bayes/networks posteriorErrors';

/**
 * The certificate of a network bound: its ingredients, provenance and accounting as plain JSON that `verifyCertificate` checks.
 *
 * @throws PriorOverlapError if a part of the prior saw examples of the bound; what `issueCertificate` throws
 */
export function networkCertificate(request: NetworkCertificateArguments): Certificate {
  const { bound, posterior, prior, priorBasis } = request;
  const { network, basis } = posterior;
  const shaped = prior.tensors.some((tensor) => tensor.shaped !== undefined);
  // an isotropic prior over the weights, turned with what that costs, has no basis of its own
  const own = shaped || (basis !== undefined && prior.turned === undefined);
  if (own && priorBasis === undefined) {
    refuse('networkCertificate', 'a prior with a basis needs priorBasis, where it came from');
  }
  return issueNetworkCertificate(request, {
    network,
    bound,
    scales: prior.scales,
    priorBasis,
    draws: { scheme: 'per-example' },
    divergence:
      basis === undefined
        ? { family: 'gaussian-diagonal' }
        : {
            family: 'gaussian-kronecker',
            orthonormality: orthonormality(basis.layers.flatMap((layer) => [layer.input, layer.output])),
          },
    measuredBy,
    arrays: posteriorArrays(posterior, prior, bound.prior),
  });
}

/** Largest entry of |B Bᵀ − I| over the bases: n³ products each, 0.3 s for n = 784. */
function orthonormality(bases: readonly (FloatArray | undefined)[]): number {
  let worst = 0;
  for (const rows of bases) {
    if (rows === undefined) continue;
    const n = Math.sqrt(rows.length);
    for (let i = 0; i < n; i++) {
      for (let j = i; j < n; j++) {
        let sum = i === j ? -1 : 0;
        for (let k = 0; k < n; k++) sum += rows[i * n + k] * rows[j * n + k];
        worst = Math.max(worst, Math.abs(sum));
      }
    }
  }
  return worst;
}
