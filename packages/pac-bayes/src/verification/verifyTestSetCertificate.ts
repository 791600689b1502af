import type { FloatArray } from '@hyperribbon/contract';
import { isArgumentError, refuse } from '@hyperribbon/contract';
import { mostCounted, testSetTitle } from '../theorems/testSetBound.js';
import { certificateDigest } from '../certificate/canonicalJson.js';
import { checkData, checkWeights } from './checkGiven.js';
import { countIndices, sharedExamples } from '../certificate/dataSplit.js';
import { Findings, type Reason } from './reason.js';
import { belowClopperPearson } from './recomputeBinomial.js';
import { divide, interval, whole } from './recomputeInterval.js';
import { belowKlInverse, drawRate } from './recomputeKl.js';
import { parseTestSetCertificate } from '../certificate/testSet/parseTestSetCertificate.js';
import type { TestSetCertificate } from '../certificate/testSet/testSetCertificate.js';
import {
  assumedOf,
  mistakesOfOneNetwork,
  testSetAssumptions,
  testSetClaimText,
} from '../certificate/testSet/testSetTexts.js';

const caller = 'verifyTestSetCertificate';

export interface TestSetChecks {
  /** Digest of each split, taken afresh from the data, by name of the split: `examplesIdentity` of @hyperribbon/data. */
  readonly data?: Readonly<Record<string, string>>;
  /** The classifier's arrays, by the names the certificate gives them. */
  readonly weights?: Readonly<Record<string, FloatArray>>;
  /** Mistakes (or the mean loss) of these weights on these examples, counted again in deterministic kernels. */
  readonly recounted?: { readonly errors: number } | { readonly mean: number };
  /** Error of the best constant answer on the split that the certificate names for it, taken afresh from its labels. */
  readonly chance?: number;
}

export interface TestSetVerification {
  /** As of `verifyCertificate`. That the classifier saw no more than it says nobody can check. */
  readonly verdict: 'verified' | 'incomplete' | 'refused';
  /** Why it is refused; empty if it is not. */
  readonly reasons: readonly Reason[];
  /** What was checked, in words. */
  readonly checked: readonly string[];
  /** What could have been and was not, in words. */
  readonly unchecked: readonly string[];
}

/**
 * Checks the certificate of a test set: its arithmetic by interval arithmetic in whole numbers that shares no function with the code that issued
 * it, its splits, its words; and what it was given of data, weights and a new count.
 *
 * @param source text, bytes or parsed JSON
 * @throws CertificateError for what is no certificate; ArgumentError for splits that it does not have
 * @example
 * // with the certificate of issueTestSetCertificate's example
 * const holds = (certificate) => verifyTestSetCertificate(certificate).verdict !== 'refused';
 */
export function verifyTestSetCertificate(source: unknown, options: TestSetChecks = {}): TestSetVerification {
  const certificate = parseTestSetCertificate(source);
  const found = new Findings();
  const digest = certificateDigest(certificate);
  found.unless(
    digest === certificate.digest,
    'digest',
    '$.digest',
    `the record was changed after it was issued: its digest is ${digest}, it says ${certificate.digest}`,
  );
  checkSplits(certificate, found);
  checkArithmetic(certificate, found);
  checkWords(certificate, found);
  checkNames(certificate, found);
  const checked = ['digest', 'arithmetic', 'data splits', 'assumptions'];
  const unchecked: string[] = [];
  const given = (what: string, is: boolean, how: string): void => {
    (is ? checked : unchecked).push(is ? what : `${what} (${how})`);
  };
  const { data, weights, recounted, chance } = options;
  if (data !== undefined) checkData(caller, certificate.data.splits, data, found);
  for (const { name } of certificate.data.splits)
    given(`examples of split "${name}"`, data?.[name] !== undefined, 'give the data');
  if (weights !== undefined) checkWeights(caller, certificate.classifier.weights, weights, found);
  const missing = certificate.classifier.weights.filter(({ name }) => weights?.[name] === undefined);
  const bare = certificate.classifier.weights.length === 0;
  given('weights', missing.length === 0 && !bare, bare ? 'the certificate names none' : 'give all its arrays');
  if (recounted !== undefined) checkCount(certificate, recounted, found);
  given('mistakes, counted again', recounted !== undefined, 'give data and weights');
  if (chance !== undefined) checkChance(certificate, chance, found);
  given('what guessing costs', chance !== undefined, 'give the data');
  const { reasons } = found;
  const verdict = reasons.length > 0 ? 'refused' : unchecked.length > 0 ? 'incomplete' : 'verified';
  return { verdict, reasons, checked, unchecked };
}

/** Nothing is named twice: the second would be a claim that nobody looks at. */
function checkNames({ classifier: { weights, saw } }: TestSetCertificate, found: Findings): void {
  const names = weights.map(({ name }) => name);
  const twice = (list: readonly string[]): boolean => new Set(list).size < list.length;
  found.unless(!twice(names), 'weights-differ', '$.classifier.weights', 'an array is named twice');
  found.unless(!twice(saw), 'splits', '$.classifier.saw', 'a split is named twice');
}

function checkSplits(
  { data: { splits, test, chance }, classifier, theorem }: TestSetCertificate,
  found: Findings,
): void {
  const names = splits.map(({ name }) => name);
  for (const [i, { name, count, indices }] of splits.entries()) {
    const path = `$.data.splits[${i}]`;
    found.unless(names.indexOf(name) === i, 'splits', path, `split "${name}" is listed twice`);
    const counted = attempt(() => countIndices(indices));
    if (counted instanceof Error) found.add('splits', path, counted.message);
    else
      found.unless(
        counted === count,
        'examples',
        `${path}.count`,
        `split "${name}" has ${counted} indices, its count says ${count}`,
      );
  }
  const tested = splits.find(({ name }) => name === test);
  if (tested === undefined) return found.add('splits', '$.data.test', `split "${test}" is named but not listed`);
  const { m } = theorem;
  found.unless(
    m === tested.count,
    'examples',
    '$.theorem.m',
    `split "${test}" has ${tested.count} examples, the theorem counts ${m}`,
  );
  const uses = [
    ...classifier.saw.map((name) => ['the classifier', name] as const),
    ...(chance === null ? [] : [['the risk of guessing', chance] as const]),
  ];
  for (const [what, name] of uses) {
    const seen = splits.find((split) => split.name === name);
    if (seen === undefined) {
      found.add('splits', '$.data.splits', `split "${name}" is named but not listed`);
      continue;
    }
    const shared = attempt(() => sharedExamples(seen, tested));
    if (shared instanceof Error) found.add('splits', '$.data.splits', shared.message);
    else
      found.unless(
        shared === 0,
        'test-overlap',
        '$.data.splits',
        `${what} saw split "${name}", which shares ${shared} of ${tested.count} examples with the test split "${test}"`,
      );
  }
}

function checkArithmetic({ claim, theorem, risk }: TestSetCertificate, found: Findings): void {
  const { bound, delta, confidence, chance, vacuous } = claim;
  const { m, id } = theorem;
  const { errors, mean, loss } = risk;
  found.unless(delta > 0 && delta <= 0.5, 'out-of-range', '$.claim.delta', `delta lies in (0, 1/2], got ${delta}`);
  found.unless(
    confidence === 1 - delta,
    'delta-sum',
    '$.claim.confidence',
    `delta leaves ${1 - delta}, the claim has ${confidence}`,
  );
  found.unless(
    chance >= 0 && chance <= 1,
    'out-of-range',
    '$.claim.chance',
    `the risk of guessing lies in [0, 1], got ${chance}`,
  );
  const clamped = loss.kind === 'zero-one' && loss.clamp !== null;
  found.unless(!clamped, 'out-of-range', '$.risk.loss.clamp', 'the 0-1 loss has no clamped probability');
  found.unless(mean >= 0 && mean <= 1, 'out-of-range', '$.risk.mean', `a loss lies in [0, 1], got ${mean}`);
  found.unless(
    errors === null || (loss.kind === 'zero-one' && errors <= m && mean === errors / m),
    'risk-limit',
    '$.risk',
    `${errors} mistakes on ${m} examples with mean ${mean} of a ${loss.kind} loss do not fit each other`,
  );
  found.unless(
    id === (errors !== null && m <= mostCounted ? 'binomial' : 'chernoff'),
    'theorem',
    '$.theorem.id',
    'the binomial form is for counted mistakes, the Chernoff form for means',
  );
  found.unless(
    vacuous === !(bound < chance),
    'vacuous',
    '$.claim.vacuous',
    `a bound of ${bound} against ${chance} by guessing is ${vacuous ? 'not vacuous' : 'vacuous'}`,
  );
  if (found.reasons.some(({ code }) => ['out-of-range', 'risk-limit', 'theorem', 'examples'].includes(code))) return;
  const q = errors === null ? interval(mean) : divide(whole(errors), whole(m));
  const rate = drawRate(1, delta, m);
  const isBelow = (p: number): boolean =>
    id === 'binomial' ? belowClopperPearson(errors!, m, delta, p) : belowKlInverse(q, rate, p);
  const what = `${errors ?? `a mean of ${mean}`} on ${m} examples at delta ${delta}`;
  if (!(bound <= 1) || isBelow(bound))
    found.add(bound > 1 ? 'bound-too-large' : 'bound-too-small', '$.claim.bound', `${what} does not give ${bound}`);
  else
    found.unless(
      isBelow(bound * (1 - 1e-9)) || (bound === 1 && (errors ?? 0) === m),
      'bound-too-large',
      '$.claim.bound',
      `${what} gives less than ${bound}`,
    );
}

function checkWords({ claim, theorem, risk, data, assumptions }: TestSetCertificate, found: Findings): void {
  const text = testSetClaimText(claim.bound, claim.confidence, claim.chance, risk.loss.kind === 'zero-one');
  found.unless(claim.text === text, 'text', '$.claim.text', `for these numbers the claim reads: ${text}`);
  const { title, source } = testSetTitle[theorem.id];
  const called = theorem.title === title && theorem.source === source;
  found.unless(called, 'text', '$.theorem', `${theorem.id} is called "${title}", ${source}`);
  const assumed = assumedOf(data.splits);
  const once = assumptions.length <= assumed.length;
  found.unless(
    once,
    'assumptions',
    '$.assumptions',
    `${assumed.length} assumptions apply, it lists ${assumptions.length}`,
  );
  for (const id of assumed)
    found.unless(
      assumptions.some((entry) => entry.id === id),
      'assumptions',
      '$.assumptions',
      `the assumption "${id}" is missing: ${testSetAssumptions[id]}`,
    );
  for (const [i, { id, text: said }] of assumptions.entries()) {
    const right = testSetAssumptions[id];
    found.unless(said === right, 'assumptions', `$.assumptions[${i}]`, `"${id}" reads: ${right}`);
  }
}

function checkCount(
  { risk }: TestSetCertificate,
  recounted: { readonly errors: number } | { readonly mean: number },
  found: Findings,
): void {
  if ('errors' in recounted) {
    if (risk.errors === null)
      return refuse(caller, 'recounted must be a mean: the certificate counts no mistakes, got errors');
    const { errors } = recounted;
    const { description } = risk.loss;
    const known = `what was counted again is ${mistakesOfOneNetwork}`;
    found.unless(description === mistakesOfOneNetwork, 'loss-unknown', '$.risk.loss.description', known);
    return found.unless(
      errors === risk.errors,
      'count-differs',
      '$.risk.errors',
      `counted again there are ${errors} mistakes, it says ${risk.errors}`,
    );
  }
  const { mean } = recounted;
  const near = Math.abs(mean - risk.mean) <= 1e-9 * Math.max(mean, risk.mean);
  found.unless(near, 'count-differs', '$.risk.mean', `measured again the mean loss is ${mean}, it says ${risk.mean}`);
}

function checkChance({ claim, data }: TestSetCertificate, chance: number, found: Findings): void {
  const split = data.chance;
  if (split === null) return refuse(caller, `chance was given as ${chance}, but the certificate names no split for it`);
  found.unless(
    chance === claim.chance,
    'chance-differs',
    '$.claim.chance',
    `by the labels of split "${split}" guessing costs ${chance}, it says ${claim.chance}`,
  );
}

function attempt<T>(run: () => T): T | Error {
  try {
    return run();
  } catch (error) {
    if (isArgumentError(error)) return error;
    throw error;
  }
}
