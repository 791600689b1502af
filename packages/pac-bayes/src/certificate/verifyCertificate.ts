import {
  type FloatArray,
  type OnProgress,
  refuse,
  requireBetween,
  requireInteger,
  requireSeed,
  requireWithin,
  throwIfAborted,
} from '@hyperribbon/contract';
import { klInverseLower, klInverseUpper } from '../limits/klInverse.js';
import type { Certificate, DrawnRisk } from './certificate.js';
import { checkData, checkWeights } from './checkGiven.js';
import { checkRecord, type Recomputed } from './checkRecord.js';
import { parseCertificate } from './parseCertificate.js';
import { drawRate } from './recomputeKl.js';
import { toNumberUp } from './recomputeInterval.js';
import { Findings, type Reason } from './reason.js';

const caller = 'verifyCertificate';

export interface CertificateChecks {
  /**
   * Digest of each split, taken afresh from the data, by name of the split: `examplesIdentity` of @hyperribbon/data. Certificates of
   * version 1 have digests of another kind, `fnx128:`; `hyperribbon verify` takes those.
   */
  readonly data?: Readonly<Record<string, string>>;
  /** The arrays that define posterior and prior, by the names the certificate gives them. */
  readonly weights?: Readonly<Record<string, FloatArray>>;
  /** Measures the empirical risk of the posterior again. */
  readonly remeasure?: Remeasure;
  /** Seed of the fresh draws; their purpose differs from the certificate's, so any seed gives fresh ones. Default 0. */
  readonly seed?: number;
  /** Passes of the fresh measurement. Default: as many as the certificate's. */
  readonly passes?: number;
  /** Probability with which a true certificate is refused by the fresh draws. Default 1e-6. */
  readonly level?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** Measures the posterior's empirical risk on the bound split again, with draws from `stream({ seed, purpose, ... })`. */
export type Remeasure = (
  certificate: Certificate,
  request: {
    readonly seed: number;
    readonly purpose: string;
    readonly passes: number;
    readonly signal?: AbortSignal;
    readonly onProgress?: OnProgress;
  },
) => Remeasurement | Promise<Remeasurement>;

export interface Remeasurement {
  /** Mean loss of the fresh draws. */
  readonly mean: number;
  /** Independent variables behind it; see `drawAccount`. */
  readonly units: number;
  /** KL(Q||P) from the weights, if it was computed again. */
  readonly kl?: number;
}

/** What was seen about the draws. */
export interface RemeasureEvidence extends Remeasurement {
  readonly level: number;
  /** Risks compatible with the fresh draws, each side at level/4. */
  readonly interval: readonly [low: number, high: number];
}

export interface Verification {
  readonly valid: boolean;
  /** Why it is refused; empty if it is valid. */
  readonly reasons: readonly Reason[];
  /** What was checked, in words; what was not given is not in it. */
  readonly checked: readonly string[];
  readonly recomputed: Recomputed;
  readonly remeasured?: RemeasureEvidence;
}

/**
 * Checks a certificate: reads it defensively, recomputes every number from the ingredients by other code than that which issued it
 * (interval arithmetic in whole numbers), re-derives the split arithmetic, the accounting of draws and the list of assumptions, and
 * compares digests. With data and weights their digests are compared too, and `remeasure` draws again.
 *
 * A certificate with a re-made digest is refused all the same if its numbers do not fit each other. What no arithmetic can show
 * (that the examples are independent, that the posterior was final before the draws) is listed under its assumptions.
 * @param source text, bytes or parsed JSON
 * @returns reasons, empty for a valid certificate; `recomputed` has the numbers of the second implementation
 * @throws CertificateError for what is no certificate; ArgumentError for options out of range; AbortError once `signal` is
 * aborted, as long as draws are made
 * @example
 * // with the certificate of issueCertificate's example
 * const reasonsAgainst = async (certificate) => (await verifyCertificate(certificate)).reasons.map(({ code }) => code);
 */
export async function verifyCertificate(source: unknown, options: CertificateChecks = {}): Promise<Verification> {
  const { data, weights, remeasure } = options;
  const certificate = parseCertificate(source);
  const found = new Findings();
  const { reasons } = found;
  const recomputed = checkRecord(certificate, found);
  const checked = [
    'digest',
    'arithmetic',
    'ledger of delta',
    'data splits and prior',
    'accounting of draws',
    'assumptions',
  ];
  if (data !== undefined) {
    checkData(caller, certificate.data.splits, data, found);
    checked.push(`data of ${Object.keys(data).join(', ')}`);
  }
  if (weights !== undefined) {
    checkWeights(caller, certificate.posterior.weights, weights, found);
    checked.push(`weights ${Object.keys(weights).join(', ')}`);
  }
  // an account of draws that cannot be is nothing to compare fresh ones with
  const countable = !reasons.some(({ code }) => code === 'draw-account');
  if (remeasure === undefined || !countable) return { valid: reasons.length === 0, reasons, checked, recomputed };
  const { risk } = certificate;
  if (risk.kind === 'exact') return refuse(caller, 'remeasure needs a risk that was drawn, got an exact one');
  const remeasured = await drawAgain(certificate, risk, remeasure, options);
  compareDraws(certificate, risk, remeasured, found);
  checked.push(`empirical risk from ${remeasured.units} fresh draws`);
  return { valid: reasons.length === 0, reasons, checked, recomputed, remeasured };
}

async function drawAgain(
  certificate: Certificate,
  risk: DrawnRisk,
  remeasure: Remeasure,
  { seed = 0, level = 1e-6, passes = risk.passes, signal, onProgress }: CertificateChecks,
): Promise<RemeasureEvidence> {
  requireBetween(caller, 'level', level, 0, 1);
  requireInteger(caller, 'passes', passes, 1);
  requireSeed(caller, seed);
  throwIfAborted(caller, signal);
  const fresh = await remeasure(certificate, {
    seed,
    purpose: `verify/${risk.purpose}`,
    passes,
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  requireWithin(caller, 'mean that remeasure returns', fresh.mean, 0, 1);
  requireInteger(caller, 'units that remeasure returns', fresh.units, 1);
  return { ...fresh, level, interval: compatible(fresh.mean, fresh.units, level / 4) };
}

/** Risks p with units · kl(mean||p) <= ln(1/level), on either side. */
function compatible(mean: number, units: number, level: number): [number, number] {
  const rate = toNumberUp(drawRate(1, level, units));
  return [klInverseLower(mean, rate), klInverseUpper(mean, rate)];
}

/**
 * Two-sample test: if both means are of the same risk, each lies within its interval but for level/4 on either side, so the two
 * intervals meet with probability 1 - level at least.
 */
function compareDraws(certificate: Certificate, risk: DrawnRisk, fresh: RemeasureEvidence, found: Findings): void {
  const { level, interval } = fresh;
  const [low, high] = interval;
  const recorded = compatible(risk.mean, risk.units, level / 4);
  found.unless(
    low <= recorded[1] && high >= recorded[0],
    'risk-differs',
    '$.risk.mean',
    `fresh draws give a risk in [${low}, ${high}], the recorded ones in [${recorded[0]}, ${recorded[1]}] (level ${level})`,
  );
  found.unless(
    low <= risk.upper,
    'risk-above-limit',
    '$.risk.upper',
    `fresh draws give a risk of at least ${low}, above the limit ${risk.upper} (level ${level})`,
  );
  const { kl } = certificate.divergence;
  found.unless(
    fresh.kl === undefined || fresh.kl <= kl * (1 + 1e-9),
    'divergence-differs',
    '$.divergence.kl',
    `the weights have KL ${fresh.kl}, the certificate ${kl}`,
  );
}
