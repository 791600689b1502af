import type { Dtype, FloatArray, KernelInfo } from '@hyperribbon/kernels';
import type { Examples, Network } from '@hyperribbon/nn';
import type { DivergencePart, DrawnRisk, DrawPlan } from '../certificate/certificate.js';
import type { DivergenceEvidence } from '../certificate/issueCertificate.js';
import type { GaussianKl } from '../divergences/gaussianKl.js';
import type { PriorFamily } from './gaussian/priorFamily.js';
import type { NoiseKind } from './noise/noisyForward.js';

/** Arrays with shapes, by name. */
export type NamedArrays = Readonly<Record<string, { readonly shape: readonly number[]; readonly data: FloatArray }>>;

/** A Gaussian in the coordinates of its family: the weights, those in a basis, or k directions and all others. */
export interface Gaussian {
  /** (size,) */
  readonly mean: FloatArray;
  /** standard deviations > 0: (size,), or (k + 1,) */
  readonly std: FloatArray;
}

/** Mistakes of networks that were drawn from a posterior. */
export interface PosteriorErrors {
  /** mistakes among `trials` */
  readonly errors: number;
  readonly trials: number;
  /** independent draws behind the trials: as many, where each trial has its own */
  readonly units: number;
  readonly scheme: 'per-example' | 'random-subset';
  /** over all examples, or networks drawn */
  readonly passes: number;
  /** mistakes of each pass */
  readonly perPass: readonly number[];
  readonly seed: number;
  readonly purpose: string;
  readonly batchSize: number;
  readonly dtype: Dtype;
  readonly noise: NoiseKind;
  readonly kernels: KernelInfo;
  readonly seconds: number;
}

/** How many draws are made, and how. */
export type SettledDraws = Pick<DrawnRisk, 'scheme' | 'passes' | 'trials'> & DrawPlan;

/** A KL for a certificate; every sum rounded up. What a basis not quite orthonormal may have cost is in it. */
export interface KlEvidence extends Pick<DivergenceEvidence, 'family' | 'orthonormality'> {
  readonly kl: GaussianKl;
  /** the same, by array of weights */
  readonly parts: readonly DivergencePart[];
}

/** KL(Q||P) as a function of the scales of P's family. */
export interface KlOfScales {
  /** nats, up to what does not depend on scale `s` */
  search(variances: readonly number[], s: number): number;
  /** the prior with these variances, and the KL from it */
  at(variances: readonly number[]): KlEvidence & Gaussian;
}

/**
 * What certifying needs to know of a family of Gaussian posteriors: how networks are drawn from them, how far they are from a
 * prior, and by which arrays they are known again.
 */
export interface PosteriorFamily<Posterior extends Gaussian, Draws> {
  /** names what draws from such posteriors, in a certificate */
  readonly measuredBy: string;
  errors(posterior: Posterior, examples: Examples, draws: Draws): Promise<PosteriorErrors>;
  /** What `errors` will do, settled before the first draw: what the seed of a certificate's draws is taken from. */
  planDraws(posterior: Posterior, examples: Examples, draws: Draws): SettledDraws;
  /** The draws that a certificate speaks of, `passes` of them. @throws RangeError for draws that this family does not make */
  drawsOf(risk: DrawnRisk, passes: number): Draws;
  klOfScales(prior: PriorFamily, posterior: Posterior): KlOfScales;
  /** From another Gaussian of the same coordinates. @returns nats, rounded up */
  kl(posterior: Posterior, prior: Gaussian): number;
  /** Whether the prior has directions of its own, whose origin a certificate must tell. */
  hasBasis(prior: PriorFamily, posterior: Posterior): boolean;
  /** The arrays that define the coordinates, beside mean and deviations. */
  coordinateArrays(posterior: Posterior): NamedArrays;
  /** The inverse. @throws RangeError for arrays that are unknown */
  fromArrays(network: Network, gaussian: Gaussian, coordinates: Readonly<Record<string, FloatArray>>): Posterior;
  /** @throws RangeError, AssumptionError for sizes that do not fit, numbers that are not finite, deviations that are not positive */
  require(caller: string, posterior: Posterior): void;
}
