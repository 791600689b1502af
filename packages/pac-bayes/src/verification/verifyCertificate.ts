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
import type { Certificate, DrawnRisk } from '../certificate/certificate.js';
import { checkData, checkWeights } from './checkGiven.js';
import { checkRecord, type Recomputed } from './checkRecord.js';
import { freshPurpose } from '../certificate/drawSeed.js';
import { freshBound } from './freshBound.js';
import { readRecord } from '../certificate/parseCertificate.js';
import { drawRate } from './recomputeKl.js';
import { toNumberUp } from './recomputeInterval.js';
import { Findings, type Reason } from './reason.js';

const caller = 'verifyCertificate';

export interface CertificateChecks {
  /**
   * Looks at data, arrays, prior, divergence and recorded draws: `networkExaminer` of @hyperribbon/pac-bayes/examine. Without it no more
   * than the options below is looked at.
   */
  readonly examine?: Examine;
  /**
   * Digest of each split, taken afresh from the data, by name of the split: `examplesIdentity` of @hyperribbon/data. Certificates of
   * version 1 have digests of another kind, `fnx128:`; `hyperribbon verify` takes those.
   */
  readonly data?: Readonly<Record<string, string>>;
  /** The arrays that define posterior and prior, by the names the certificate gives them. */
  readonly weights?: Readonly<Record<string, FloatArray>>;
  /** Measures the empirical risk of the posterior again. */
  readonly remeasure?: Remeasure;
  /** Seed of the fresh draws. Default: one that nobody can know beforehand. */
  readonly seed?: number;
  /** Passes of the fresh measurement. Default: as many as the certificate's. */
  readonly passes?: number;
  /** Probability with which a true certificate is refused by the fresh draws. Default 1e-6. */
  readonly level?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress<string>;
}

/** What a certificate can be checked for beside its arithmetic. */
export type Aspect = 'rows' | 'chance' | 'arrays' | 'prior' | 'divergence' | 'recorded draws' | 'fresh draws';

/** Looks at everything that a certificate names; what is wrong goes to `found`. */
export type Examine = (
  certificate: Certificate,
  found: Findings,
  running: { readonly signal?: AbortSignal; readonly onProgress?: OnProgress<string> },
) => Promise<Examination>;

export interface Examination {
  /** What was looked at in full, whether or not it was right. */
  readonly covered: readonly Aspect[];
  /** Why other aspects could not be looked at. */
  readonly open: Partial<Readonly<Record<Aspect, string>>>;
  /** KL(Q||P) of the arrays, at most. */
  readonly kl?: number;
  readonly remeasure?: Remeasure;
}

/** Measures the posterior's empirical risk on the bound split again, with draws from `stream({ seed, purpose, ... })`. */
export type Remeasure = (
  certificate: Certificate,
  request: {
    readonly seed: number;
    readonly purpose: string;
    readonly passes: number;
    readonly signal?: AbortSignal;
    readonly onProgress?: OnProgress<string>;
  },
) => Remeasurement | Promise<Remeasurement>;

export interface Remeasurement {
  /** Mean loss of the fresh draws. */
  readonly mean: number;
  /** Independent variables behind it; see `drawAccount`. */
  readonly units: number;
  /** Mistakes, where every unit is a right or a wrong answer: then the binomial limit applies. */
  readonly errors?: number;
  /** KL(Q||P) from the weights, if it was computed again. */
  readonly kl?: number;
}

/** What was seen about the draws. */
export interface RemeasureEvidence extends Remeasurement {
  /** Of the stream they came from. */
  readonly seed: number;
  readonly level: number;
  /** Risks compatible with the fresh draws, each side at level/4. */
  readonly interval: readonly [low: number, high: number];
  /** The bound that these draws certify, with the failure probabilities of the certificate; absent where its ingredients are wrong. */
  readonly bound?: number;
}

export interface Verification {
  /**
   * `verified`: everything that can be checked was, and is as it says. `refused`: for the `reasons`. `incomplete`: nothing speaks against it, but
   * what `unchecked` lists was not looked at, and a forged certificate would look the same.
   */
  readonly verdict: 'verified' | 'incomplete' | 'refused';
  /** In the form of the last version. */
  readonly certificate: Certificate;
  /** Why it is refused; empty if it is not. */
  readonly reasons: readonly Reason[];
  /** What was checked, in words. */
  readonly checked: readonly string[];
  /** What was not, in words. */
  readonly unchecked: readonly string[];
  readonly recomputed: Recomputed;
  readonly remeasured?: RemeasureEvidence;
}

const aspects: Readonly<Record<Aspect, string>> = {
  rows: 'the examples and which rows of the data they are',
  chance: 'what guessing costs, by labels beside those of the bound',
  arrays: 'the arrays of posterior and prior',
  prior: 'that the prior is what it says, made again from its origin',
  divergence: 'KL from the arrays, by two implementations',
  'recorded draws': 'the recorded draws, made again: the very same count',
  'fresh draws': 'the empirical risk by fresh draws',
};

/**
 * Checks a certificate: reads it defensively, recomputes every number from the ingredients by other code than that which issued it
 * (interval arithmetic in whole numbers), re-derives the split arithmetic, the accounting of draws and the list of assumptions, compares
 * digests, and issues it once more. With `examine` the rest: examples, arrays, prior and divergence are made again, the recorded draws
 * too, and fresh ones with a seed that the issuer cannot know certify a bound of their own.
 *
 * A record alone proves nothing: whoever re-makes its digest can write one whose numbers fit each other. Therefore the verdict is `incomplete`
 * unless everything was looked at. What no check can show (that the examples are independent, that a constant was fixed before the data
 * were seen) is listed under its assumptions. Certificates of versions 1 and 2 do not tell how to make their draws and priors again
 * and remain incomplete.
 * @param source text, bytes or parsed JSON
 * @returns the verdict with reasons; `recomputed` has the numbers of the second implementation
 * @throws CertificateError for what is no certificate; ArgumentError for options out of range; AbortError once `signal` is
 * aborted, as long as draws are made
 * @example
 * // with the certificate of issueCertificate's example
 * const reasonsAgainst = async (certificate) => (await verifyCertificate(certificate)).reasons.map(({ code }) => code);
 */
export async function verifyCertificate(source: unknown, options: CertificateChecks = {}): Promise<Verification> {
  const { data, weights, examine, passes, level = 1e-6, seed = unforeseeableSeed(), signal, onProgress } = options;
  requireBetween(caller, 'level', level, 0, 1);
  if (passes !== undefined) requireInteger(caller, 'passes', passes, 1);
  requireSeed(caller, seed);
  const { certificate, written } = readRecord(source);
  const found = new Findings();
  const { reasons } = found;
  const recomputed = checkRecord(certificate, written, found);
  const covered = new Set<Aspect>();
  const partly: string[] = [];
  if (data !== undefined) {
    if (checkData(caller, certificate.data.splits, data, found)) covered.add('rows');
    else partly.push(`digests of the data of ${Object.keys(data).join(', ')}`);
  }
  if (weights !== undefined) {
    if (checkWeights(caller, certificate.posterior.weights, weights, found)) covered.add('arrays');
    else partly.push(`digests of the arrays ${Object.keys(weights).join(', ')}`);
  }
  // a record that does not fit itself is nothing to compare data with
  const running = { ...(signal === undefined ? {} : { signal }), ...(onProgress === undefined ? {} : { onProgress }) };
  const examined = reasons.length > 0 ? undefined : await examine?.(certificate, found, running);
  for (const aspect of examined?.covered ?? []) covered.add(aspect);
  const remeasure = options.remeasure ?? examined?.remeasure;
  // nor is an account of draws that cannot be
  const countable = !reasons.some(({ code }) => code === 'draw-account' || code === 'draws-differ');
  let remeasured: RemeasureEvidence | undefined;
  if (remeasure !== undefined && countable) {
    const { risk } = certificate;
    if (risk.kind === 'exact') return refuse(caller, 'remeasure needs a risk that was drawn, got an exact one');
    const fresh = await drawAgain(certificate, remeasure, { ...running, seed, level, passes: passes ?? risk.passes });
    compareDraws(certificate, risk, fresh, found);
    const bound = recomputed.bound === undefined ? undefined : freshBound(certificate, fresh, examined?.kl);
    remeasured = bound === undefined ? fresh : { ...fresh, bound };
    covered.add('fresh draws');
  }
  return {
    ...conclusion(certificate, found, { covered, partly, open: examined?.open ?? {} }),
    certificate,
    recomputed,
    ...(remeasured === undefined ? {} : { remeasured }),
  };
}

/** 52 bits of the system's randomness. */
function unforeseeableSeed(): number {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return (high % 2 ** 20) * 2 ** 32 + low;
}

function conclusion(
  { version }: Certificate,
  { reasons }: Findings,
  { covered, partly, open }: { covered: ReadonlySet<Aspect>; partly: readonly string[]; open: Examination['open'] },
): Pick<Verification, 'verdict' | 'reasons' | 'checked' | 'unchecked'> {
  const all = Object.keys(aspects) as Aspect[];
  const told = (aspect: Aspect): string =>
    open[aspect] === undefined ? aspects[aspect] : `${aspects[aspect]}: ${open[aspect]}`;
  const old = `how draws and prior were made, which version ${version} does not tell: issue it again`;
  const unchecked = [...(version === 3 ? [] : [old]), ...all.filter((aspect) => !covered.has(aspect)).map(told)];
  return {
    verdict: reasons.length > 0 ? 'refused' : unchecked.length > 0 ? 'incomplete' : 'verified',
    reasons,
    checked: [
      'digest, arithmetic, ledger of delta, splits, accounting of draws, assumptions',
      ...partly,
      ...all.filter((aspect) => covered.has(aspect)).map((aspect) => aspects[aspect]),
    ],
    unchecked,
  };
}

async function drawAgain(
  certificate: Certificate,
  remeasure: Remeasure,
  { level, ...request }: Required<Pick<CertificateChecks, 'seed' | 'level' | 'passes'>> & Parameters<Examine>[2],
): Promise<RemeasureEvidence> {
  throwIfAborted(caller, request.signal);
  const fresh = await remeasure(certificate, { ...request, purpose: freshPurpose });
  requireWithin(caller, 'mean that remeasure returns', fresh.mean, 0, 1);
  requireInteger(caller, 'units that remeasure returns', fresh.units, 1);
  return { ...fresh, seed: request.seed, level, interval: compatible(fresh.mean, fresh.units, level / 4) };
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
