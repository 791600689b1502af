import type { KernelInfo } from '@hyperribbon/kernels';
import type { PosteriorConvention } from '../analytic/effectiveDimension.js';
import type { AssumptionRecord } from './assumptionTexts.js';
import type { DataSplit } from './dataSplit.js';
import type { DrawScheme } from './drawAccount.js';

export const certificateSchema = 'hyperribbon/pac-bayes-certificate';
/** Version 1 named examples by a hash of our own (`fnx128:`), version 2 names them by SHA-256; all else is the same. */
export const certificateVersions = [1, 2] as const;

/** The inequalities a certificate may rest on; titles, sources and hypotheses in docs/theory/certificates.md. */
export type CertificateTheorem =
  | 'maurer'
  | 'kl-exact'
  | 'langford-seeger'
  | 'mcallester'
  | 'catoni'
  | 'thiemann'
  | 'quadratic';

/**
 * A generalisation bound that a stranger can check: what is claimed, from which theorem and measurements, what the prior saw, where
 * every piece of the failure probability went. Plain JSON; `digest` is taken over the canonical form of all the rest.
 */
export interface Certificate {
  readonly schema: typeof certificateSchema;
  readonly version: (typeof certificateVersions)[number];
  readonly claim: ClaimRecord;
  readonly theorem: TheoremRecord;
  readonly risk: ExactRisk | DrawnRisk;
  readonly divergence: DivergenceRecord;
  readonly prior: PriorRecord;
  readonly posterior: PosteriorRecord;
  readonly data: DataRecord;
  /** Where the failure probability went: one entry for the inequality, one for the draws. */
  readonly deltas: readonly DeltaRecord[];
  readonly assumptions: readonly AssumptionRecord[];
  readonly caveats: readonly string[];
  readonly software: SoftwareRecord;
  /** `sha256:` and 64 hexadecimal digits. It shows accidents and careless edits; it is no signature. */
  readonly digest: string;
}

export interface ClaimRecord {
  /** Upper bound on the true risk of the random classifier, rounded up; may exceed 1. */
  readonly bound: number;
  /** Sum of all deltas. */
  readonly delta: number;
  /** 1 - delta. */
  readonly confidence: number;
  /** Risk of guessing, in (0, 1]. */
  readonly chance: number;
  /** bound >= chance: it says nothing. */
  readonly vacuous: boolean;
  /** The claim in a sentence. */
  readonly text: string;
}

export interface TheoremRecord {
  readonly id: CertificateTheorem;
  readonly title: string;
  /** Bibliography key and place. */
  readonly source: string;
  /** Examples of the bound's split. */
  readonly n: number;
  readonly delta: number;
  /** Nats added to KL: ln(constant/delta) and the price of every union. */
  readonly penalty: number;
  /** (KL + penalty)/n, or /(n - 1) for Langford-Seeger; rounded up. */
  readonly rate: number;
  /** Catoni: every constant that was paid for. */
  readonly constants?: readonly number[];
  /** Catoni: the constant used. Thiemann: lambda. */
  readonly parameter?: number;
}

/** The loss, always in [0, 1]. */
export interface LossRecord {
  readonly kind: 'zero-one' | 'bounded';
  /** 'softmax cross-entropy clamped at p = 1e-5, divided by ln 1e5' */
  readonly description: string;
  /** Smallest probability of a clamped cross-entropy. */
  readonly clamp?: number;
}

/** An empirical risk that needed no random draws: a deterministic posterior, or an expectation in closed form. */
export interface ExactRisk {
  readonly kind: 'exact';
  readonly loss: LossRecord;
  readonly value: number;
  /** How it was computed. */
  readonly how: string;
}

/** How the draws relate to the choice of the posterior. */
export interface DrawSelection {
  /**
   * fixed: the posterior was final before any draw; fresh-draws: others were looked at, these count and chose nothing;
   * divided: the best of `candidates` was taken by its draws, and each had delta/candidates.
   */
  readonly kind: 'fixed' | 'fresh-draws' | 'divided';
  readonly candidates: number;
}

export interface DrawnRisk {
  readonly kind: 'drawn';
  readonly loss: LossRecord;
  readonly scheme: DrawScheme;
  /** Draws of weights that each group of examples met. */
  readonly passes: number;
  /** Groups of examples with draws of their own: 1 if a draw of the whole network meets all, n if each example has its own. */
  readonly groups: number;
  /** passes · groups: independent variables in [0, 1] behind the mean; what enters the concentration inequality. */
  readonly units: number;
  /** Pairs of an example and a draw that were evaluated. */
  readonly trials: number;
  /** Mistakes among the trials, for the 0-1 loss. */
  readonly errors?: number;
  readonly mean: number;
  /** binomial: binomial tail, needs units = trials of the 0-1 loss; chernoff: ln(1/delta)/units; kl-inverse: ln(2/delta)/units. */
  readonly method: 'binomial' | 'chernoff' | 'kl-inverse';
  readonly selection: DrawSelection;
  /** Failure probability of this limit: the share of one candidate if the selection divided it. */
  readonly delta: number;
  /** The empirical risk of the posterior is at most this, with probability 1 - delta over the draws. */
  readonly upper: number;
  /** The stream the draws came from. */
  readonly seed: number;
  readonly purpose: string;
}

export interface DivergenceRecord {
  /** KL(Q||P), nats, rounded up: covariance + displacement. */
  readonly kl: number;
  readonly covariance: number;
  readonly displacement: number;
  readonly family: 'gaussian-diagonal' | 'gaussian-kronecker' | 'gaussian-low-rank' | 'gaussian-dense' | 'finite';
  /** Number of weights (or of hypotheses for `finite`). */
  readonly dimension: number;
  /** By tensor; sums to covariance and displacement. */
  readonly parts?: readonly DivergencePart[];
  /** |V'V - I| of the bases, for Gaussians in a rotated basis: how far from orthonormal they were. */
  readonly orthonormality?: number;
  /** For the analytic bound everything behind the divergence, so that it can be recomputed from the record alone. */
  readonly analytic?: AnalyticIngredients;
}

export interface DivergencePart {
  readonly name: string;
  readonly dimension: number;
  readonly covariance: number;
  readonly displacement: number;
}

export interface AnalyticIngredients {
  readonly eigenvalues: readonly number[];
  readonly displacementSquared: number;
  readonly precision: number;
  readonly convention: PosteriorConvention;
}

/** Where one ingredient of the prior came from. */
export interface Provenance {
  readonly description: string;
  /** Names of the data splits it depends on; empty for a random initialisation or a constant. */
  readonly saw: readonly string[];
  readonly seed?: number;
  readonly purpose?: string;
}

/** One scale of the prior. A scale on a grid may be chosen after seeing everything: the theorem pays for the grid. */
export type PriorScale = FixedScale | GridScale | ListedScale;

export interface FixedScale {
  readonly kind: 'fixed';
  readonly name: string;
  readonly value: number;
  readonly saw: readonly string[];
}

/** value = c exp(-index/b) as a variance, exp(index/b)/c as a precision. */
export interface GridScale {
  readonly kind: 'grid';
  readonly name: string;
  readonly value: number;
  readonly index: number;
  readonly b: number;
  readonly c: number;
  readonly as: 'variance' | 'precision';
}

/** value is one of finitely many members written down before the data were seen; costs ln(number of members). */
export interface ListedScale {
  readonly kind: 'listed';
  readonly name: string;
  readonly value: number;
  readonly members: readonly number[];
}

export interface PriorRecord {
  readonly mean: Provenance;
  /** The basis in which the covariance is diagonal; left out for isotropic and axis-parallel priors. */
  readonly basis?: Provenance;
  readonly scales: readonly PriorScale[];
}

export interface PosteriorRecord {
  readonly description: string;
  /** Splits it depends on, for information: a posterior may see anything but the certifying draws. */
  readonly saw: readonly string[];
  /** As `parseArchitecture` of @hyperribbon/nn reads it, if it is such a network. */
  readonly architecture?: string;
  /** Names the code that can measure it again; see `verifyCertificate`. */
  readonly measuredBy?: string;
  /** Digests of the arrays that define posterior and prior: `weightsDigest`. */
  readonly weights: readonly { readonly name: string; readonly digest: string }[];
}

export interface DataRecord {
  /** Every split that anything above names. */
  readonly splits: readonly DataSplit[];
  /** Name of the split whose examples the theorem speaks about. */
  readonly bound: string;
  /** Left out: the labels are those of the data set. */
  readonly labels?: RandomLabels;
}

/** A control: example i of the data set got integer i, below the number of classes, of `stream({ seed, purpose })` as its label. */
export interface RandomLabels {
  readonly kind: 'random';
  readonly seed: number;
  readonly purpose: string;
}

export interface DeltaRecord {
  readonly purpose: 'inequality' | 'draws';
  readonly delta: number;
  readonly text: string;
}

export interface SoftwareRecord {
  readonly name: string;
  readonly version: string;
  readonly kernels: KernelInfo;
  readonly command?: string;
}

/** Every part of a prior that may have seen data, by name. */
export function priorParts({ mean, basis, scales }: PriorRecord): { part: string; saw: readonly string[] }[] {
  const parts = [{ part: 'prior mean', saw: mean.saw }];
  if (basis !== undefined) parts.push({ part: 'prior basis', saw: basis.saw });
  for (const scale of scales)
    if (scale.kind === 'fixed') parts.push({ part: `prior scale "${scale.name}"`, saw: scale.saw });
  return parts;
}
