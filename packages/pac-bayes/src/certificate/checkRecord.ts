import { theoremTitle } from '../theorems/boundRecord.js';
import { assumptionTexts, type AssumptionId } from './assumptionTexts.js';
import type { Certificate } from './certificate.js';
import { checkArithmetic, type RecomputedBound } from './checkArithmetic.js';
import { checkDivergence } from './checkDivergence.js';
import { checkDraws } from './checkDraws.js';
import { claimText } from './claimText.js';
import { countIndices, sharedExamples } from './dataSplit.js';
import { certificateDigest, priorParts } from './issueCertificate.js';
import type { Reason } from './reason.js';

/** What the second implementation makes of the ingredients. */
export interface Recomputed extends RecomputedBound {
  /** Upper limit on the empirical risk; absent if its ingredients are out of range. */
  readonly riskUpper?: number;
  readonly delta: number;
  readonly confidence: number;
}

/** Everything about a certificate that can be checked from the record alone. */
export function checkRecord(certificate: Certificate): { reasons: Reason[]; recomputed: Recomputed } {
  const reasons: Reason[] = [];
  const { claim, deltas } = certificate;
  const digest = certificateDigest(certificate);
  if (digest !== certificate.digest)
    reasons.push({
      code: 'digest',
      path: '$.digest',
      message: `the record was changed after it was issued: its digest is ${digest}, it says ${certificate.digest}`,
    });
  reasons.push(...checkLedger(certificate), ...checkSplits(certificate), ...checkPrior(certificate));
  reasons.push(...checkDivergence(certificate));
  const draws = checkDraws(certificate);
  reasons.push(...draws.reasons);
  const arithmetic = checkArithmetic(certificate);
  reasons.push(...arithmetic.reasons, ...checkWords(certificate));
  if (claim.vacuous !== !(claim.bound < claim.chance))
    reasons.push({
      code: 'vacuous',
      path: '$.claim.vacuous',
      message: `a bound of ${claim.bound} against ${claim.chance} by guessing is ${claim.vacuous ? 'not vacuous' : 'vacuous'}`,
    });
  let delta = 0;
  for (const entry of deltas) delta += entry.delta;
  const limit = draws.upper === undefined ? {} : { riskUpper: draws.upper };
  return { reasons, recomputed: { ...arithmetic.recomputed, ...limit, delta, confidence: 1 - delta } };
}

function checkLedger({ claim, theorem, risk, deltas }: Certificate): Reason[] {
  const reasons: Reason[] = [];
  const add = (code: 'delta-sum' | 'delta-ledger' | 'out-of-range', path: string, message: string): void => {
    reasons.push({ code, path, message });
  };
  for (const [path, delta] of [
    ['$.claim.delta', claim.delta],
    ['$.theorem.delta', theorem.delta],
    ...(risk.kind === 'drawn' ? [['$.risk.delta', risk.delta] as const] : []),
    ...deltas.map((entry, i) => [`$.deltas[${i}].delta`, entry.delta] as const),
  ] as const)
    if (!(delta > 0 && delta < 1)) add('out-of-range', path, `a failure probability lies in (0, 1), got ${delta}`);
  let sum = 0;
  for (const { delta } of deltas) sum += delta;
  if (!close(sum, claim.delta))
    add('delta-sum', '$.claim.delta', `the ledger sums to ${sum}, the claim spends ${claim.delta}`);
  if (!close(1 - sum, claim.confidence))
    add(
      'delta-sum',
      '$.claim.confidence',
      `the ledger leaves a confidence of ${1 - sum}, the claim has ${claim.confidence}`,
    );
  const expected = [{ purpose: 'inequality', delta: theorem.delta }];
  if (risk.kind === 'drawn') expected.push({ purpose: 'draws', delta: risk.delta * risk.selection.candidates });
  const spent = (purpose: string): number =>
    deltas.filter((d) => d.purpose === purpose).reduce((s, d) => s + d.delta, 0);
  for (const { purpose, delta } of expected)
    if (!close(spent(purpose), delta))
      add('delta-ledger', '$.deltas', `the ${purpose} spends ${delta}, the ledger lists ${spent(purpose)} for it`);
  if (risk.kind === 'exact' && spent('draws') > 0)
    add('delta-ledger', '$.deltas', 'there were no draws, yet they are listed');
  return reasons;
}

/** Equal up to the roundings of a short sum. */
function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= 4 * 2.220446049250313e-16 * Math.max(Math.abs(a), Math.abs(b));
}

function checkSplits({ data: { splits, bound }, theorem, prior, posterior }: Certificate): Reason[] {
  const reasons: Reason[] = [];
  const names = splits.map(({ name }) => name);
  const seen = [...priorParts(prior).flatMap(({ saw }) => saw), ...posterior.saw];
  for (const [i, name] of names.entries())
    if (names.indexOf(name) !== i)
      reasons.push({ code: 'splits', path: `$.data.splits[${i}]`, message: `split "${name}" is listed twice` });
  for (const name of [bound, ...seen])
    if (!names.includes(name))
      reasons.push({ code: 'splits', path: '$.data.splits', message: `split "${name}" is named but not listed` });
  for (const [i, { count, indices, name }] of splits.entries()) {
    const path = `$.data.splits[${i}]`;
    const counted = attempt(() => countIndices(indices));
    if (counted instanceof Error) reasons.push({ code: 'splits', path, message: counted.message });
    else if (counted !== count)
      reasons.push({
        code: 'examples',
        path: `${path}.count`,
        message: `split "${name}" has ${counted} indices, its count says ${count}`,
      });
  }
  const split = splits.find(({ name }) => name === bound);
  if (split !== undefined && split.count !== theorem.n)
    reasons.push({
      code: 'examples',
      path: '$.theorem.n',
      message: `the theorem counts n = ${theorem.n} examples, the bound split "${bound}" has ${split.count}`,
    });
  return reasons;
}

function checkPrior({ data: { splits, bound }, prior }: Certificate): Reason[] {
  const reasons: Reason[] = [];
  const boundSplit = splits.find(({ name }) => name === bound);
  if (boundSplit === undefined) return reasons;
  for (const { part, saw } of priorParts(prior))
    for (const name of saw) {
      const split = splits.find((candidate) => candidate.name === name);
      if (split === undefined) continue;
      const shared = attempt(() => sharedExamples(split, boundSplit));
      if (shared instanceof Error) reasons.push({ code: 'splits', path: '$.data.splits', message: shared.message });
      else if (shared > 0)
        reasons.push({
          code: 'prior-overlap',
          path: '$.prior',
          message: `the ${part} saw split "${name}", which shares ${shared} of ${boundSplit.count} examples with the bound split "${bound}"`,
        });
    }
  return reasons;
}

function attempt<T>(run: () => T): T | Error {
  try {
    return run();
  } catch (error) {
    if (error instanceof RangeError) return error;
    throw error;
  }
}

function checkWords(certificate: Certificate): Reason[] {
  const { claim, risk, theorem, assumptions } = certificate;
  const reasons: Reason[] = [];
  const text = claimText(claim.bound, claim.confidence, claim.chance, risk.loss);
  if (claim.text !== text)
    reasons.push({ code: 'text', path: '$.claim.text', message: `for these numbers the claim reads: ${text}` });
  const { title, source } = theoremTitle[theorem.id];
  if (theorem.title !== title || theorem.source !== source)
    reasons.push({ code: 'text', path: '$.theorem', message: `${theorem.id} is called "${title}", ${source}` });
  for (const id of assumed(certificate))
    if (!assumptions.some((entry) => entry.id === id))
      reasons.push({
        code: 'assumptions',
        path: '$.assumptions',
        message: `the assumption "${id}" is missing: ${assumptionTexts[id]}`,
      });
  for (const [i, { id, text: words }] of assumptions.entries())
    if (words !== assumptionTexts[id])
      reasons.push({
        code: 'assumptions',
        path: `$.assumptions[${i}]`,
        message: `"${id}" reads: ${assumptionTexts[id]}`,
      });
  return reasons;
}

/** Written down a second time, as a table of conditions. */
function assumed({ theorem, risk, data }: Certificate): AssumptionId[] {
  const drawn = risk.kind === 'drawn';
  const conditions: Readonly<Record<AssumptionId, boolean>> = {
    iid: true,
    'bounded-loss': true,
    'prior-independent': true,
    'distinct-sources': data.splits.some(({ dataset }) => dataset !== data.splits[0].dataset),
    'posterior-drawn': drawn,
    'draws-after-choice': drawn && risk.selection.kind !== 'divided',
    'draws-divided': drawn && risk.selection.kind === 'divided',
    'per-example-law': drawn && risk.scheme === 'per-example',
    'per-group-law': drawn && risk.scheme === 'per-group',
    'risk-exact': !drawn,
    'parameter-fixed': theorem.id === 'catoni',
    arithmetic: true,
  };
  return (Object.keys(conditions) as AssumptionId[]).filter((id) => conditions[id]);
}
