import type { Network } from '@hyperribbon/nn';
import type { Certificate, DataRecord, Provenance } from '../../certificate/certificate.js';
import { issueCertificate, type DivergenceEvidence } from '../../certificate/issueCertificate.js';
import type { DrawnEvidence } from '../../certificate/riskRecord.js';
import { weightsDigest } from '@hyperribbon/contract/digest';
import type { NetworkBound } from './certifyPosterior.js';
import type { PriorScale } from '../gaussian/priorFamily.js';
import type { NamedArrays } from '../gaussian/posteriorArrays.js';

/** What a certificate says about a bound beside what was measured. */
export interface BoundProvenance {
  readonly data: DataRecord;
  /** where the prior's mean came from, and which splits it saw */
  readonly priorMean: Provenance;
  /** splits the posterior saw */
  readonly posteriorSaw: readonly string[];
  /** how the posterior was found: "optimised 30 epochs along kl^-1" */
  readonly description: string;
  readonly caveats?: readonly string[];
  readonly command?: string;
}

/** What is particular to a family of posteriors. */
interface CertifiedFamily {
  readonly network: Network;
  readonly bound: NetworkBound;
  readonly scales: readonly PriorScale[];
  /** where basis and pattern of the prior came from, if it has them */
  readonly priorBasis?: Provenance | undefined;
  readonly scheme: DrawnEvidence['scheme'];
  readonly examplesPerDraw?: number;
  readonly divergence: Pick<DivergenceEvidence, 'family' | 'orthonormality'>;
  readonly measuredBy: string;
  readonly arrays: NamedArrays;
}

/**
 * The certificate of a network bound, whatever the family of its posterior: drawn risk, KL by array of weights, scales on their grids
 * or fixed, digests of the arrays.
 *
 * @throws PriorOverlapError if a part of the prior saw examples of the bound; what `issueCertificate` throws
 */
export function issueNetworkCertificate(
  { data, priorMean, posteriorSaw, description, caveats, command }: BoundProvenance,
  { network, bound, scales, priorBasis, scheme, examplesPerDraw, divergence, measuredBy, arrays }: CertifiedFamily,
): Certificate {
  const { errors, monteCarlo, prior: chosen } = bound;
  const { family, ...rest } = divergence;
  return issueCertificate({
    theorem: 'maurer',
    delta: bound.bound.ingredients['delta'],
    loss: { kind: 'zero-one', description: 'misclassification by a network whose weights are drawn for every example' },
    risk: {
      kind: 'drawn',
      scheme,
      passes: errors.passes,
      ...(examplesPerDraw === undefined ? {} : { examplesPerDraw }),
      errors: errors.errors,
      delta: monteCarlo.delta,
      seed: errors.seed,
      purpose: errors.purpose,
    },
    divergence: { family, dimension: network.size, parts: chosen.parts, ...rest },
    prior: {
      mean: priorMean,
      ...(priorBasis === undefined ? {} : { basis: priorBasis }),
      scales: scales.map(({ name, grid, fixed = false }, s) => {
        const value = chosen.variances[s];
        return fixed
          ? { kind: 'fixed', name, value, saw: [] }
          : { kind: 'grid', name, value, index: chosen.indices[s], b: grid.b, c: grid.c, as: 'variance' };
      }),
    },
    posterior: {
      description,
      saw: posteriorSaw,
      architecture: network.name,
      measuredBy,
      weights: Object.entries(arrays).map(([name, array]) => ({ name, digest: weightsDigest(array.data) })),
    },
    data,
    chance: 1 - 1 / network.classes,
    kernels: errors.kernels,
    ...(caveats === undefined ? {} : { caveats }),
    ...(command === undefined ? {} : { command }),
  });
}
