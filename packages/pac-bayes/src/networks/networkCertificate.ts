import type { FloatArray } from '@hyperribbon/kernels';
import type { Certificate, DataRecord, Provenance } from '../certificate/certificate.js';
import { issueCertificate } from '../certificate/issueCertificate.js';
import { weightsDigest } from '../certificate/sha256.js';
import type { NetworkBound } from './certifyPosterior.js';
import type { GaussianPosterior } from './gaussianPosterior.js';
import type { PriorFamily } from './gaussianPrior.js';
import { posteriorArrays } from './posteriorArrays.js';

export interface NetworkCertificateArguments {
  readonly bound: NetworkBound;
  readonly posterior: GaussianPosterior;
  readonly prior: PriorFamily;
  readonly data: DataRecord;
  /** where the prior's mean came from, and which splits it saw */
  readonly priorMean: Provenance;
  /** where basis and pattern of the prior came from; needed where it has them, not for an isotropic one that `turnPrior` turned */
  readonly priorBasis?: Provenance;
  /** splits the posterior saw */
  readonly posteriorSaw: readonly string[];
  /** how the posterior was found: "optimised 30 epochs along kl^-1" */
  readonly description: string;
  readonly caveats?: readonly string[];
  readonly command?: string;
}

/** Names what draws from such posteriors, in a certificate: see `remeasurePosterior`. */
export const measuredBy = '@hyperribbon/pac-bayes/networks posteriorErrors';

/**
 * The certificate of a network bound: its ingredients, provenance and accounting as plain JSON that `verifyCertificate` checks.
 *
 * @throws PriorOverlapError if a part of the prior saw examples of the bound; what `issueCertificate` throws
 */
export function networkCertificate(request: NetworkCertificateArguments): Certificate {
  const { bound, posterior, prior, data, priorMean, priorBasis, posteriorSaw, description, caveats, command } = request;
  const { errors, monteCarlo, prior: chosen } = bound;
  const { network, basis } = posterior;
  const shaped = prior.tensors.some((tensor) => tensor.shaped !== undefined);
  // an isotropic prior over the weights, turned with what that costs, has no basis of its own
  const own = shaped || (basis !== undefined && prior.turned === undefined);
  if (own && priorBasis === undefined) {
    throw new TypeError('networkCertificate: a prior with a basis needs priorBasis, where it came from');
  }
  return issueCertificate({
    theorem: 'maurer',
    delta: bound.bound.ingredients['delta'],
    loss: { kind: 'zero-one', description: 'misclassification by a network whose weights are drawn for every example' },
    risk: {
      kind: 'drawn',
      scheme: 'per-example',
      passes: errors.passes,
      errors: errors.errors,
      delta: monteCarlo.delta,
      seed: errors.seed,
      purpose: errors.purpose,
    },
    divergence: {
      family: basis === undefined ? 'gaussian-diagonal' : 'gaussian-kronecker',
      dimension: network.size,
      parts: chosen.parts,
      ...(basis === undefined
        ? {}
        : { orthonormality: orthonormality(basis.layers.flatMap((layer) => [layer.input, layer.output])) }),
    },
    prior: {
      mean: priorMean,
      ...(priorBasis === undefined ? {} : { basis: priorBasis }),
      scales: prior.scales.map(({ name, grid, fixed = false }, k) =>
        fixed
          ? { kind: 'fixed', name, value: chosen.variances[k], saw: [] }
          : {
              kind: 'grid',
              name,
              value: chosen.variances[k],
              index: chosen.indices[k],
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
      measuredBy,
      weights: Object.entries(posteriorArrays(posterior, prior, chosen)).map(([name, array]) => ({
        name,
        digest: weightsDigest(array.data),
      })),
    },
    data,
    chance: 1 - 1 / network.classes,
    kernels: errors.kernels,
    ...(caveats === undefined ? {} : { caveats }),
    ...(command === undefined ? {} : { command }),
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
