import { refuse } from '@hyperribbon/contract';
import { kernelInfo, log, type KernelInfo } from '@hyperribbon/kernels';
import { AssumptionError, requireAboveZero, requireThat } from '../assumptions.js';
import { theoremTitle, type BoundRecord, type UnionPrice } from '../theorems/boundRecord.js';
import { catoniBound } from '../theorems/catoni.js';
import { klBound, mcAllesterBound } from '../theorems/klBound.js';
import { gridPrecision, gridPrice, gridVariance } from '../theorems/penalties.js';
import { roundUp } from '../limits/rounding.js';
import { quadraticBound, thiemannBound } from '../theorems/thiemann.js';
import { version } from '../version.js';
import { assumption, type AssumptionId } from './assumptionTexts.js';
import { canonicalJson, certificateDigest } from './canonicalJson.js';
import { drawPurpose, drawSeed } from './drawSeed.js';
import type { Issued } from './issued.js';
import { priorRecord, type PriorStatement } from './provenance.js';
import { claimText } from './claimText.js';
import {
  priorParts,
  type Certificate,
  type CertificateTheorem,
  type DataRecord,
  type DataSplit,
  type DeltaRecord,
  type DivergencePart,
  type DivergenceRecord,
  type DrawnRisk,
  type ExactRisk,
  type LossRecord,
  type PosteriorRecord,
  type PriorRecord,
  type PriorScale,
} from './certificate.js';
import { PriorOverlapError, sharedExamples } from './dataSplit.js';
import { parseCertificate } from './parseCertificate.js';
import { printable } from './printable.js';
import { riskRecord, type RiskEvidence } from './riskRecord.js';
import { withNulls } from './upgradeRecord.js';

export interface CertificateArguments {
  readonly theorem: CertificateTheorem;
  /** Failure probability of the inequality, in (0, 1). */
  readonly delta: number;
  /** Catoni: the constants fixed in advance; delta is divided over them. */
  readonly constants?: readonly number[];
  /** Thiemann: lambda in (0, 2); left out, the best one. */
  readonly lambda?: number;
  readonly loss: Issued<LossRecord>;
  readonly risk: RiskEvidence;
  readonly divergence: DivergenceEvidence;
  readonly prior: PriorStatement;
  readonly posterior: Issued<PosteriorRecord>;
  readonly data: Issued<DataRecord>;
  /** Risk of guessing; default 1. */
  readonly chance?: number;
  readonly caveats?: readonly string[];
  /** Default: what would run here now. */
  readonly kernels?: KernelInfo;
  readonly command?: string;
}

/** Totals, or parts by tensor from which the totals are taken. */
export type DivergenceEvidence = Issued<Omit<DivergenceRecord, 'kl' | 'covariance' | 'displacement'>> &
  Partial<Pick<DivergenceRecord, 'kl' | 'covariance' | 'displacement'>>;

/**
 * Issues a certificate: evaluates the theorem on the safe side, refuses what the theorem does not allow, and writes everything down.
 *
 * n is the size of the bound split, never given by hand. A prior whose mean, basis or fixed scale saw a split that shares examples
 * with the bound split is refused; a scale on a grid is paid for. The confidence is what is left of both deltas.
 * @returns plain JSON with its digest; see {@link Certificate}
 * @throws PriorOverlapError naming the part of the prior, the split and the number of examples shared; AssumptionError naming the
 * theorem and what it lacks; ArgumentError for names of splits that are unknown or given twice; CertificateError for texts that are
 * too long or hold invisible characters: nothing is issued that `parseCertificate` would not read
 * @example
 * const half = { name: 'bound', dataset: 'set', digest: 'sha256:…', indices: { kind: 'ranges', ranges: [[0, 5000]] } };
 * const certificate = issueCertificate({
 *   theorem: 'kl-exact',
 *   delta: 0.05,
 *   loss: { kind: 'zero-one', description: '0-1 error' },
 *   risk: { kind: 'exact', value: 0.1, how: 'one of 1000 classifiers, tried on every example' },
 *   divergence: { family: 'finite', dimension: 1000, covariance: Math.log(1000), displacement: 0 },
 *   prior: { mean: { description: 'uniform over 1000 classifiers written down before', saw: [] }, scales: [] },
 *   posterior: { description: 'all on one of them', saw: ['bound'], weights: [] },
 *   data: { bound: 'bound', splits: [dataSplit(half)] },
 * });
 * certificate.claim.bound; // 0.124...
 * (await verifyCertificate(certificate)).verdict; // 'incomplete'
 */
export function issueCertificate(request: CertificateArguments): Certificate {
  const { theorem, delta, posterior, data, chance = 1, caveats = [], command } = request;
  const prior = priorRecord(request.prior);
  const bound = boundSplit(theorem, data);
  requireKnownSplits(prior, posterior, data);
  requireUnseen(theorem, prior, data.splits, bound);
  requireChanceBeside(theorem, data, bound);
  requireThat(chance >= 0 && chance <= 1, theorem, 'chance in [0, 1]', 'chance', chance);
  const risk = riskRecord(theorem, request.risk, request.loss, bound.count);
  const divergence = divergenceRecord(theorem, request.divergence);
  requirePinned(risk, posterior);
  const record = evaluate(request, risk, divergence, bound.count);
  const drawn = risk.kind === 'drawn' ? risk.delta * risk.selection.candidates : 0;
  const spent = delta + drawn;
  requireThat(spent < 1, theorem, 'deltas that sum to less than 1', 'sum of deltas', spent);
  const { penalty, rate, constant, lambda } = record.ingredients;
  const parameter = constant ?? lambda;
  const content = {
    schema: 'hyperribbon/pac-bayes-certificate',
    version: 3,
    claim: {
      bound: record.value,
      delta: spent,
      confidence: 1 - spent,
      chance,
      vacuous: !(record.value < chance),
      text: claimText(record.value, 1 - spent, chance, risk.loss),
    },
    theorem: {
      id: theorem,
      ...theoremTitle[theorem],
      n: bound.count,
      delta,
      penalty,
      rate,
      ...(theorem === 'catoni' ? { constants: request.constants ?? [] } : {}),
      ...(parameter === undefined ? {} : { parameter }),
    },
    risk,
    divergence,
    prior,
    posterior,
    data,
    deltas: ledger(delta, risk, prior.scales),
    assumptions: requiredAssumptions(theorem, risk, data).map(assumption),
    caveats,
    software: {
      name: '@hyperribbon/pac-bayes',
      version,
      kernels: request.kernels ?? kernelInfo(),
      ...(command === undefined ? {} : { command: printable(command) }),
    },
  };
  canonicalJson(content); // refuses what JSON cannot hold
  // through JSON, so that what is returned is what a reader of the file will see
  const plain = withNulls(JSON.parse(JSON.stringify(content))) as Omit<Certificate, 'digest'>;
  return parseCertificate({ ...plain, digest: certificateDigest(plain) });
}

/** The split the theorem speaks about. */
function boundSplit(theorem: string, { splits, bound }: Issued<DataRecord>): DataSplit {
  const names = splits.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) refuse('issueCertificate', `split "${twice}" is listed twice`);
  const found = splits.find(({ name }) => name === bound);
  requireThat(found !== undefined, theorem, 'a bound split among the data splits', 'bound', bound);
  return found!;
}

function requireKnownSplits(
  prior: PriorRecord,
  posterior: Issued<PosteriorRecord>,
  { splits, chance }: Issued<DataRecord>,
): void {
  const guessed = typeof chance === 'string' ? [chance] : [];
  for (const name of [...priorParts(prior).flatMap(({ saw }) => saw), ...posterior.saw, ...guessed])
    if (!splits.some((split) => split.name === name))
      refuse('issueCertificate', `"${name}" is not among the data splits ${splits.map((s) => s.name).join(', ')}`);
}

/** Labels of the bound's own examples may not say what guessing costs: the claim would be compared with a number that they chose. */
function requireChanceBeside(theorem: string, { splits, chance }: Issued<DataRecord>, bound: DataSplit): void {
  const named = splits.find(({ name }) => name === chance);
  const shared = named === undefined ? 0 : sharedExamples(named, bound);
  const told = `labels of split "${chance}", which shares ${shared} of ${bound.count} examples with split "${bound.name}"`;
  if (shared > 0) throw new AssumptionError(theorem, 'chance from labels beside those of the bound', told);
}

/** The heart of a data-dependent prior: nothing in it may have seen an example of the bound. */
function requireUnseen(theorem: string, prior: PriorRecord, splits: readonly DataSplit[], bound: DataSplit): void {
  for (const { part, saw } of priorParts(prior))
    for (const name of saw) {
      const split = splits.find((candidate) => candidate.name === name)!;
      const shared = sharedExamples(split, bound);
      if (shared > 0) throw new PriorOverlapError(theorem, part, split, bound, shared);
    }
}

/** Draws of networks are those that follow from the posterior, so that no seed can be picked by its draws. */
function requirePinned(risk: ExactRisk | DrawnRisk, { weights }: Issued<PosteriorRecord>): void {
  if (risk.kind === 'exact' || risk.draws === null) return;
  const { seed, purpose } = risk;
  const pinned = drawSeed(weights, { ...risk, ...risk.draws });
  if (seed !== pinned || purpose !== drawPurpose)
    refuse(
      'issueCertificate',
      `draws of networks certify with the seed that follows from their posterior, ${pinned}, and purpose "${drawPurpose}", got ${seed} and "${purpose}": pilot draws certify nothing`,
    );
}

function divergenceRecord(theorem: string, evidence: DivergenceEvidence) {
  const { parts } = evidence;
  const covariance = parts === undefined ? evidence.covariance : total(parts, (part) => part.covariance);
  const displacement = parts === undefined ? evidence.displacement : total(parts, (part) => part.displacement);
  if (covariance === undefined || displacement === undefined)
    return refuse('issueCertificate', 'divergence must have covariance and displacement, or parts that sum to them');
  for (const [name, value] of Object.entries({ covariance, displacement }))
    requireThat(value >= 0 && value < Infinity, theorem, `a finite ${name} part of KL >= 0`, name, value);
  const sum = roundUp(covariance + displacement, 1);
  const kl = Math.max(sum, evidence.kl ?? 0);
  requireThat(kl <= sum * (1 + 1e-9), theorem, `a KL that is the sum of its parts, ${sum}`, 'kl', kl);
  return { ...evidence, kl, covariance, displacement };
}

function total(parts: readonly DivergencePart[], of: (part: DivergencePart) => number): number {
  let sum = 0;
  for (const part of parts) sum = roundUp(sum + of(part), 1);
  return sum;
}

/** Price of the grids of prior scales. @throws ArgumentError for a value that is not on its grid */
export function priceOfScales(scales: readonly PriorScale[]): UnionPrice {
  let nats = 0;
  const texts: string[] = [];
  const indices: number[] = [];
  for (const scale of scales) {
    requireAboveZero('prior scale', scale.name, scale.value);
    if (scale.kind === 'grid') {
      const exact = scale.as === 'variance' ? gridVariance(scale.index, scale) : gridPrecision(scale.index, scale);
      if (!(Math.abs(scale.value - exact) <= 1e-12 * exact))
        refuse(
          'issueCertificate',
          `scale "${scale.name}" is not on its grid: member ${scale.index} is ${exact}, got ${scale.value}`,
        );
      indices.push(scale.index);
    } else if (scale.kind === 'listed') {
      if (!scale.members.includes(scale.value))
        refuse('issueCertificate', `scale "${scale.name}" = ${scale.value} is not among its members`);
      nats = roundUp(nats + roundUp(log(scale.members.length)), 1);
      texts.push(`${scale.members.length} listed values of ${scale.name}`);
    }
  }
  if (indices.length > 0) {
    const grid = gridPrice(indices);
    nats = nats === 0 ? grid.nats : roundUp(nats + grid.nats, 1);
    texts.push(grid.description);
  }
  return { nats, description: texts.join('; ') || 'prior scales fixed in advance', sound: true };
}

/** Divisors of Catoni's and Thiemann's bounds: (KL + ln(1/δ))/n is never so small that a bound with less says anything. */
const leastParameter = 1e-12;

/** The theorem at the recorded ingredients. */
export function evaluate(
  request: Pick<CertificateArguments, 'theorem' | 'delta' | 'constants' | 'lambda'> & {
    readonly prior: Pick<PriorRecord, 'scales'>;
  },
  risk: ExactRisk | DrawnRisk,
  { kl }: Pick<DivergenceRecord, 'kl'>,
  n: number,
): BoundRecord {
  const { theorem, delta, constants = [], lambda } = request;
  const empirical = risk.kind === 'exact' ? risk.value : risk.upper;
  const args = { empirical, kl, n, delta, union: priceOfScales(request.prior.scales) };
  const parameters = theorem === 'catoni' ? constants : theorem === 'thiemann' && lambda !== undefined ? [lambda] : [];
  const least = `constants of at least ${leastParameter}, as smaller ones make the bound exceed every loss`;
  for (const c of parameters) requireThat(c >= leastParameter, theorem, least, 'constant', c);
  switch (theorem) {
    case 'catoni':
      return catoniBound({ ...args, constant: constants });
    case 'thiemann':
      return thiemannBound({ ...args, ...(lambda === undefined ? {} : { lambda }) });
    case 'quadratic':
      return quadraticBound(args);
    case 'mcallester':
      return mcAllesterBound(args);
    default:
      return klBound({ ...args, theorem });
  }
}

function ledger(delta: number, risk: ExactRisk | DrawnRisk, scales: readonly PriorScale[]): readonly DeltaRecord[] {
  const inequality: DeltaRecord = { purpose: 'inequality', delta, text: priceOfScales(scales).description };
  if (risk.kind === 'exact') return [inequality];
  const { candidates } = risk.selection;
  const each = candidates > 1 ? `, ${risk.delta} for each of ${candidates} candidates` : '';
  const text = `empirical risk from ${risk.units} independent draws (${risk.method})${each}`;
  return [inequality, { purpose: 'draws', delta: risk.delta * candidates, text }];
}

/** What has to be believed, given how things were measured. */
export function requiredAssumptions(
  theorem: CertificateTheorem,
  risk: ExactRisk | DrawnRisk,
  { splits }: Pick<DataRecord, 'splits'>,
): readonly AssumptionId[] {
  const ids: AssumptionId[] = ['iid', 'bounded-loss', 'prior-independent'];
  if (new Set(splits.map(({ dataset }) => dataset)).size > 1) ids.push('distinct-sources');
  if (theorem === 'catoni') ids.push('parameter-fixed');
  if (risk.kind === 'exact') ids.push('risk-exact');
  else {
    ids.push('posterior-drawn', risk.selection.kind === 'divided' ? 'draws-divided' : 'draws-after-choice');
    if (risk.scheme === 'per-example') ids.push('per-example-law');
    if (risk.scheme === 'per-group') ids.push('per-group-law');
  }
  return [...ids, 'arithmetic'];
}
