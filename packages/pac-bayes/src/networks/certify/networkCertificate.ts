import { refuse } from '@hyperribbon/contract';
import { weightsDigest } from '@hyperribbon/contract/digest';
import type { Certificate, DataRecord, Provenance } from '../../certificate/certificate.js';
import { type CertificateArguments, issueCertificate } from '../../certificate/issueCertificate.js';
import type { PriorFamily } from '../gaussian/priorFamily.js';
import type { NetworkBound } from './certifyPosterior.js';
import { familyOf, type NetworkPosterior } from './familyOf.js';
import { posteriorArrays } from './posteriorArrays.js';

/** A bound, and what a certificate says of it beside what was measured. */
export interface NetworkCertificateArguments {
  readonly bound: NetworkBound;
  readonly posterior: NetworkPosterior;
  readonly prior: PriorFamily;
  readonly data: DataRecord;
  /** where the prior's mean came from, and which splits it saw */
  readonly priorMean: Provenance;
  /** where basis and pattern of the prior came from; needed where it has them, which a prior that is the same in every basis has not */
  readonly priorBasis?: Provenance;
  /** splits the posterior saw */
  readonly posteriorSaw: readonly string[];
  /** how the posterior was found: "optimised 30 epochs along kl^-1" */
  readonly description: string;
  /** what `parseArchitecture` of nn makes the network of, so that others can draw again: `architectureOf(network)` */
  readonly architecture?: string | undefined;
  readonly caveats?: readonly string[];
  readonly command?: string;
}

const loss = {
  kind: 'zero-one',
  description: 'misclassification by a network whose weights are drawn for every example',
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
  const { scheme, trials, passes, errors, seed, purpose, kernels } = bound.errors;
  const family = familyOf(posterior);
  if (family.hasBasis(prior, posterior) && priorBasis === undefined) {
    refuse('networkCertificate', 'a prior with a basis needs priorBasis, where it came from');
  }
  const draws = scheme === 'random-subset' ? { scheme, examplesPerDraw: trials / passes } : { scheme };
  const arrays = Object.entries(posteriorArrays(posterior, bound.prior));
  return issueCertificate({
    theorem: bound.theorem,
    delta: bound.bound.ingredients['delta'],
    loss,
    risk: { kind: 'drawn', ...draws, passes, errors, delta: bound.monteCarlo.delta, seed, purpose },
    divergence: {
      family: kind,
      ...(orthonormality === undefined ? {} : { orthonormality }),
      dimension: network.size,
      parts,
    },
    prior: {
      mean: priorMean,
      ...(priorBasis === undefined ? {} : { basis: priorBasis }),
      scales: scaleRecords(prior, bound),
    },
    posterior: {
      description,
      saw: posteriorSaw,
      ...(architecture === undefined ? {} : { architecture }),
      measuredBy: family.measuredBy,
      weights: arrays.map(([name, { data }]) => ({ name, digest: weightsDigest(data) })),
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
