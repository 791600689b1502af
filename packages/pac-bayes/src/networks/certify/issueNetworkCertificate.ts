import type { Network } from '@hyperribbon/nn';
import type { Certificate, DataRecord, Provenance } from '../../certificate/certificate.js';
import {
  type CertificateArguments,
  issueCertificate,
  type DivergenceEvidence,
} from '../../certificate/issueCertificate.js';
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
  /** what `parseArchitecture` of nn makes the network of, so that others can draw again: `architectureOf(network)` */
  readonly architecture?: string | undefined;
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
  /** how examples and draws meet */
  readonly draws: Pick<DrawnEvidence, 'scheme' | 'examplesPerDraw'>;
  readonly divergence: Pick<DivergenceEvidence, 'family' | 'orthonormality'>;
  /** the function that draws from such posteriors, by which `remeasurePosterior` knows them */
  readonly measuredBy: string;
  readonly arrays: NamedArrays;
}

const loss = {
  kind: 'zero-one',
  description: 'misclassification by a network whose weights are drawn for every example',
} as const;

/**
 * The certificate of a network bound, whatever the family of its posterior: drawn risk, KL by array of weights, scales on their grids
 * or fixed, digests of the arrays.
 *
 * @throws PriorOverlapError if a part of the prior saw examples of the bound; what `issueCertificate` throws
 */
export function issueNetworkCertificate(said: BoundProvenance, family: CertifiedFamily): Certificate {
  const { network, bound, priorBasis, draws, divergence, measuredBy } = family;
  const { passes, errors, seed, purpose, kernels } = bound.errors;
  const { architecture, data, description, posteriorSaw, caveats, command } = said;
  return issueCertificate({
    theorem: 'maurer',
    delta: bound.bound.ingredients['delta'],
    loss,
    risk: { kind: 'drawn', ...draws, passes, errors, delta: bound.monteCarlo.delta, seed, purpose },
    divergence: { ...divergence, dimension: network.size, parts: bound.prior.parts },
    prior: {
      mean: said.priorMean,
      ...(priorBasis === undefined ? {} : { basis: priorBasis }),
      scales: scaleRecords(family),
    },
    posterior: {
      description,
      saw: posteriorSaw,
      ...(architecture === undefined ? {} : { architecture }),
      measuredBy,
      weights: Object.entries(family.arrays).map(([name, array]) => ({ name, digest: weightsDigest(array.data) })),
    },
    data,
    chance: 1 - 1 / network.classes,
    kernels,
    ...(caveats === undefined ? {} : { caveats }),
    ...(command === undefined ? {} : { command }),
  });
}

/** The prior's scales as chosen: on their grids, or fixed in advance. */
function scaleRecords({ scales, bound }: CertifiedFamily): CertificateArguments['prior']['scales'] {
  const { variances, indices } = bound.prior;
  return scales.map(({ name, grid: { b, c }, fixed = false }, s) =>
    fixed
      ? { kind: 'fixed', name, value: variances[s], saw: [] }
      : { kind: 'grid', name, value: variances[s], index: indices[s], b, c, as: 'variance' },
  );
}
