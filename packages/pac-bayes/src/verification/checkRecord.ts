import { isArgumentError } from '@hyperribbon/contract';
import { theoremTitle } from '../theorems/boundRecord.js';
import { assumptionTexts, type AssumptionId } from '../certificate/assumptionTexts.js';
import { priorParts, type Certificate } from '../certificate/certificate.js';
import { checkArithmetic, type RecomputedBound } from './checkArithmetic.js';
import { checkOrigins } from './checkOrigins.js';
import { checkReissue } from './checkReissue.js';
import { checkDivergence } from './checkDivergence.js';
import { checkDraws } from './checkDraws.js';
import { claimText } from '../certificate/claimText.js';
import { countIndices, sharedExamples } from '../certificate/dataSplit.js';
import { certificateDigest } from '../certificate/canonicalJson.js';
import type { Findings, Reason } from './reason.js';
import { BeyondPrecision } from './recomputeInterval.js';

/** What the second implementation makes of the ingredients. */
export interface Recomputed extends RecomputedBound {
  /** Upper limit on the empirical risk; absent if its ingredients are out of range. */
  readonly riskUpper?: number;
  readonly delta: number;
  readonly confidence: number;
}

/**
 * Everything about a certificate that can be checked from the record alone.
 * @param written the record as it stood, of which the digest was taken
 */
export function checkRecord(
  certificate: Certificate,
  written: { readonly digest: string },
  found: Findings,
): Recomputed {
  const { claim, deltas } = certificate;
  const digest = certificateDigest(written);
  found.unless(
    digest === written.digest,
    'digest',
    '$.digest',
    `the record was changed after it was issued: its digest is ${digest}, it says ${written.digest}`,
  );
  checkLedger(certificate, found);
  checkSplits(certificate, found);
  checkPrior(certificate, found);
  const draws = recomputable(() => checkDraws(certificate));
  const arithmetic = recomputable(() => checkArithmetic(certificate));
  const divergence = recomputable(() => ({ reasons: checkDivergence(certificate) }));
  found.reasons.push(...divergence.reasons, ...draws.reasons, ...arithmetic.reasons);
  checkWords(certificate, found);
  found.unless(
    claim.vacuous === !(claim.bound < claim.chance),
    'vacuous',
    '$.claim.vacuous',
    `a bound of ${claim.bound} against ${claim.chance} by guessing is ${claim.vacuous ? 'not vacuous' : 'vacuous'}`,
  );
  if (certificate.version === 3) {
    checkOrigins(certificate, found);
    const least = certificate.divergence.analytic?.eigenvalues.findIndex((value) => value < 0) ?? -1;
    const told = 'an eigenvalue below 0 counts as 0 and stands as 0';
    found.unless(least < 0, 'out-of-range', `$.divergence.analytic.eigenvalues[${least}]`, told);
    if (found.reasons.length === 0) checkReissue(certificate, found);
  }
  let delta = 0;
  for (const entry of deltas) delta += entry.delta;
  const { upper } = draws;
  const limit = upper === undefined ? {} : { riskUpper: upper };
  return { ...arithmetic.recomputed, ...limit, delta, confidence: 1 - delta };
}

/** A check whose numbers may be beyond what the intervals resolve: such a record is refused, not believed. */
function recomputable<T extends { readonly reasons: readonly Reason[] }>(
  check: () => T,
): Partial<T> & { readonly reasons: readonly Reason[] } {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof BeyondPrecision)) throw error;
    const message = `its ingredients are too small or too large to be recomputed: ${error.message}`;
    const reasons: readonly Reason[] = [{ code: 'out-of-range', path: '$', message }];
    return { reasons } as Partial<T> & { readonly reasons: readonly Reason[] };
  }
}

function checkLedger({ claim, theorem, risk, deltas }: Certificate, found: Findings): void {
  const drawn = risk.kind === 'drawn' ? risk.delta : undefined;
  for (const [path, delta] of [
    ['$.claim.delta', claim.delta],
    ['$.theorem.delta', theorem.delta],
    ...(drawn === undefined ? [] : [['$.risk.delta', drawn] as const]),
    ...deltas.map((entry, i) => [`$.deltas[${i}].delta`, entry.delta] as const),
  ] as const)
    found.unless(delta > 0 && delta < 1, 'out-of-range', path, `a failure probability lies in (0, 1), got ${delta}`);
  let sum = 0;
  for (const { delta } of deltas) sum += delta;
  found.unless(
    close(sum, claim.delta),
    'delta-sum',
    '$.claim.delta',
    `the ledger sums to ${sum}, the claim spends ${claim.delta}`,
  );
  found.unless(
    close(1 - sum, claim.confidence),
    'delta-sum',
    '$.claim.confidence',
    `the ledger leaves a confidence of ${1 - sum}, the claim has ${claim.confidence}`,
  );
  const spent = (purpose: string): number =>
    deltas.filter((d) => d.purpose === purpose).reduce((s, d) => s + d.delta, 0);
  const expected = {
    inequality: theorem.delta,
    draws: risk.kind === 'drawn' ? risk.delta * risk.selection.candidates : 0,
  };
  for (const [purpose, delta] of Object.entries(expected))
    found.unless(
      close(spent(purpose), delta),
      'delta-ledger',
      '$.deltas',
      `the ${purpose} spends ${delta}, the ledger lists ${spent(purpose)} for it`,
    );
}

/** Equal up to the roundings of a short sum. */
function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= 4 * 2.220446049250313e-16 * Math.max(Math.abs(a), Math.abs(b));
}

function checkSplits(
  { data: { splits, bound, chance }, theorem, prior, posterior }: Certificate,
  found: Findings,
): void {
  const names = splits.map(({ name }) => name);
  const guessed = chance === null ? [] : [chance];
  const seen = [...priorParts(prior).flatMap(({ saw }) => saw), ...posterior.saw, ...guessed];
  for (const [i, name] of names.entries())
    found.unless(names.indexOf(name) === i, 'splits', `$.data.splits[${i}]`, `split "${name}" is listed twice`);
  for (const name of [bound, ...seen])
    found.unless(names.includes(name), 'splits', '$.data.splits', `split "${name}" is named but not listed`);
  for (const [i, { count, indices, name }] of splits.entries()) {
    const path = `$.data.splits[${i}]`;
    const counted = attempt(() => countIndices(indices));
    if (counted instanceof Error) found.add('splits', path, counted.message);
    else if (counted !== count)
      found.add('examples', `${path}.count`, `split "${name}" has ${counted} indices, its count says ${count}`);
  }
  const split = splits.find(({ name }) => name === bound);
  if (split !== undefined && split.count !== theorem.n)
    found.add(
      'examples',
      '$.theorem.n',
      `the theorem counts n = ${theorem.n} examples, the bound split "${bound}" has ${split.count}`,
    );
}

function checkPrior({ data: { splits, bound, chance }, prior }: Certificate, found: Findings): void {
  const boundSplit = splits.find(({ name }) => name === bound);
  if (boundSplit === undefined) return;
  const guessed = splits.find(({ name }) => name === chance);
  const own = guessed === undefined ? 0 : attempt(() => sharedExamples(guessed, boundSplit));
  if (own instanceof Error) found.add('splits', '$.data.splits', own.message);
  else
    found.unless(
      own === 0,
      'chance-differs',
      '$.data.chance',
      `the labels of split "${chance}" are those of ${own} examples of the bound: they may not say what guessing costs`,
    );
  for (const { part, saw } of priorParts(prior))
    for (const name of saw) {
      const split = splits.find((candidate) => candidate.name === name);
      if (split === undefined) continue;
      const shared = attempt(() => sharedExamples(split, boundSplit));
      if (shared instanceof Error) found.add('splits', '$.data.splits', shared.message);
      else if (shared > 0)
        found.add(
          'prior-overlap',
          '$.prior',
          `the ${part} saw split "${name}", which shares ${shared} of ${boundSplit.count} examples with the bound split "${bound}"`,
        );
    }
}

function attempt<T>(run: () => T): T | Error {
  try {
    return run();
  } catch (error) {
    if (isArgumentError(error)) return error;
    throw error;
  }
}

function checkWords(certificate: Certificate, found: Findings): void {
  const { claim, risk, theorem, assumptions } = certificate;
  const text = claimText(claim.bound, claim.confidence, claim.chance, risk.loss);
  found.unless(claim.text === text, 'text', '$.claim.text', `for these numbers the claim reads: ${text}`);
  const { title, source } = theoremTitle[theorem.id];
  const called = theorem.title === title && theorem.source === source;
  found.unless(called, 'text', '$.theorem', `${theorem.id} is called "${title}", ${source}`);
  for (const id of assumed(certificate)) {
    const missing = `the assumption "${id}" is missing: ${assumptionTexts[id]}`;
    found.unless(
      assumptions.some((entry) => entry.id === id),
      'assumptions',
      '$.assumptions',
      missing,
    );
  }
  for (const [i, { id, text: words }] of assumptions.entries()) {
    const right = assumptionTexts[id];
    found.unless(words === right, 'assumptions', `$.assumptions[${i}]`, `"${id}" reads: ${right}`);
  }
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
