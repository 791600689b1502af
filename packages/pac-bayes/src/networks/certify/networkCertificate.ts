import { refuse } from '@hyperribbon/contract';
import type { BasisOrigin, Certificate, DataRecord, MeanOrigin } from '../../certificate/certificate.js';
import type { Issued } from '../../certificate/issued.js';
import type { Provenance } from '../../certificate/provenance.js';
import { type CertificateArguments, issueCertificate } from '../../certificate/issueCertificate.js';
import type { PriorFamily } from '../gaussian/priorFamily.js';
import type { NetworkBound } from './certifyPosterior.js';
import { familyOf, type NetworkPosterior } from './familyOf.js';
import { arrayDigests, posteriorArrays } from './posteriorArrays.js';

/** A bound, and what a certificate says of it beside what was measured. */
export interface NetworkCertificateArguments {
  readonly bound: NetworkBound;
  readonly posterior: NetworkPosterior;
  readonly prior: PriorFamily;
  readonly data: Issued<DataRecord>;
  /** where the prior's mean came from, and which splits it saw */
  readonly priorMean: Provenance<MeanOrigin>;
  /** where basis and pattern of the prior came from; needed where it has them, which a prior that is the same in every basis has not */
  readonly priorBasis?: Provenance<BasisOrigin>;
  /** splits the posterior saw */
  readonly posteriorSaw: readonly string[];
  /** how the posterior was found: "optimised 30 epochs along kl^-1" */
  readonly description: string;
  /** what `parseArchitecture` of nn makes the network of, so that others can draw again: `architectureOf(network)` */
  readonly architecture?: string | undefined;
  readonly caveats?: readonly string[];
  readonly command?: string;
}

/** What the certificate of a network bound counts. */
export const networkLoss = {
  kind: 'zero-one',
  description: 'misclassification by a network whose weights are drawn from the posterior',
} as const;

/**
 * The certificate of a network bound: its ingredients, provenance and accounting as plain JSON that `verifyCertificate` checks: drawn risk,
 * KL by array of weights, scales on their grids or fixed, digests of `posteriorArrays`.
 *
 * @throws PriorOverlapError if a part of the prior saw examples of the bound; RangeError for a prior with a basis of unknown origin;
 * what `issueCertificate` throws
 */
export function networkCertificate(request: NetworkCertificateArguments): Certificate {
  const { bound, posterior, prior, priorBasis, priorMean, posteriorSaw, description, architecture, ...said } = request;
  const { network } = posterior;
  const { kl: _kl, parts, family: kind, orthonormality } = bound.prior;
  const { scheme, trials, passes, errors, seed, purpose, kernels, batchSize, dtype, noise } = bound.errors;
  const family = familyOf(posterior);
  if (family.hasBasis(prior, posterior) && priorBasis === undefined) {
    refuse('networkCertificate', 'a prior with a basis needs priorBasis, where it came from');
  }
  const subset = scheme === 'random-subset' ? { scheme, examplesPerDraw: trials / passes } : { scheme };
  return issueCertificate({
    theorem: bound.theorem,
    delta: bound.bound.ingredients['delta'],
    loss: networkLoss,
    risk: {
      kind: 'drawn',
      ...subset,
      passes,
      errors,
      delta: bound.monteCarlo.delta,
      seed,
      purpose,
      draws: { batchSize, dtype, noise },
    },
    divergence: {
      family: kind,
      ...(orthonormality === undefined ? {} : { orthonormality }),
      dimension: network.size,
      parts,
    },
    prior: {
      mean: priorMean,
      shape: prior.shape,
      ...(priorBasis === undefined ? {} : { basis: priorBasis }),
      scales: scaleRecords(prior, bound),
    },
    posterior: {
      description,
      saw: posteriorSaw,
      ...(architecture === undefined ? {} : { architecture }),
      measuredBy: family.measuredBy,
      weights: arrayDigests(posteriorArrays(posterior, bound.prior)),
    },
    chance: bound.chance,
    kernels,
    ...said,
  });
}

/** The prior's scales as chosen: on their grids, or fixed in advance. */
function scaleRecords(
  { scales }: PriorFamily,
  { prior: { variances, indices } }: NetworkBound,
): CertificateArguments['prior']['scales'] {
  return scales.map(({ name, grid: { b, c }, fixed = false }, s) =>
    fixed
      ? { kind: 'fixed', name, value: variances[s], saw: [] }
      : { kind: 'grid', name, value: variances[s], index: indices[s], b, c, as: 'variance' },
  );
}
