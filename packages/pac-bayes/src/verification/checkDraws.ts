import type { Certificate, DrawnRisk } from '../certificate/certificate.js';
import { compare } from './compareNumbers.js';
import { Findings, type Reason } from './reason.js';
import { belowBinomialLimit, recomputeBinomialLimit } from './recomputeBinomial.js';
import { divide, interval, whole, type Interval } from './recomputeInterval.js';
import { belowKlInverse, drawRate, recomputeKlInverse } from './recomputeKl.js';

/** A binomial tail of so many trials takes a second; more are refused rather than believed. */
const mostTrials = 1e9;

/** Units from the way draws met examples, the mean from the errors, the limit from mean and units. */
export function checkDraws({ risk, data }: Certificate): { reasons: Reason[]; upper?: number } {
  const { clamp } = risk.loss;
  const found = new Findings();
  const { reasons } = found;
  const inRange = (what: string, value: number): void =>
    found.unless(value >= 0 && value <= 1, 'out-of-range', `$.risk.${what}`, `a loss lies in [0, 1], got ${value}`);
  if (clamp !== null && !(clamp > 0 && clamp < 1))
    found.add('out-of-range', '$.risk.loss.clamp', `a clamped probability lies in (0, 1), got ${clamp}`);
  if (clamp !== null && risk.loss.kind === 'zero-one')
    found.add('out-of-range', '$.risk.loss.clamp', 'the 0-1 loss has no clamped probability');
  if (risk.kind === 'exact') {
    inRange('value', risk.value);
    return { reasons, ...(reasons.length === 0 ? { upper: risk.value } : {}) };
  }
  inRange('mean', risk.mean);
  inRange('upper', risk.upper);
  const n = data.splits.find(({ name }) => name === data.bound)?.count;
  if (n !== undefined) for (const problem of accountProblems(risk, n)) found.add('draw-account', '$.risk', problem);
  const { errors, trials, mean } = risk;
  if (errors !== null && mean !== errors / trials)
    found.add(
      'draw-account',
      '$.risk.mean',
      `${errors} errors in ${trials} trials are ${errors / trials}, not ${mean}`,
    );
  if (reasons.length > 0 || !(risk.delta > 0 && risk.delta < 1)) return { reasons };
  const limit = risk.method === 'binomial' ? checkBinomial(risk) : checkChernoff(risk);
  found.add('risk-limit', '$.risk.upper', limit.problem);
  return { reasons, ...(limit.upper === undefined ? {} : { upper: limit.upper }) };
}

function accountProblems(risk: DrawnRisk, n: number): string[] {
  const { scheme, passes, groups, units, trials, selection, method, errors, loss } = risk;
  const problems: string[] = [];
  const own = scheme === 'per-example' ? n : scheme === 'per-group' ? groups : 1;
  if (groups !== own) problems.push(`${scheme} draws make ${own} groups of the ${n} examples, it says ${groups}`);
  if (n % own !== 0) problems.push(`${own} groups of the ${n} examples are not of equal size`);
  if (units !== passes * own)
    problems.push(
      `${passes} passes of ${scheme} draws over ${n} examples are ${passes * own} independent units, it counts ${units}`,
    );
  if (scheme === 'random-subset' ? trials % passes !== 0 : trials !== passes * n)
    problems.push(`${passes} passes over ${n} examples cannot be ${trials} trials`);
  if (selection.kind !== 'divided' && selection.candidates !== 1)
    problems.push(`${selection.candidates} candidates were compared by their draws, but delta was not divided`);
  if (method === 'binomial' && (units !== trials || errors === null || loss.kind !== 'zero-one'))
    problems.push('the binomial limit needs the 0-1 loss and a draw of its own for every trial');
  if (errors !== null && (loss.kind !== 'zero-one' || errors > trials))
    problems.push(`${errors} errors in ${trials} trials of a ${loss.kind} loss`);
  return problems;
}

interface Limit {
  readonly upper?: number;
  readonly problem?: string;
}

function checkBinomial({ errors: counted, trials, delta, upper }: DrawnRisk): Limit {
  const errors = counted ?? 0;
  if (trials > mostTrials)
    return { problem: `a binomial tail of ${trials} trials is not recomputed; ${mostTrials} at most are` };
  const tight = (upper === 1 && errors >= trials - 1) || belowBinomialLimit(errors, trials, delta, upper * (1 - 1e-9));
  if (tight && !belowBinomialLimit(errors, trials, delta, upper)) return { upper };
  const exact = recomputeBinomialLimit(errors, trials, delta);
  return { upper: exact, problem: `${errors} errors in ${trials} trials give the limit ${exact}, it says ${upper}` };
}

function checkChernoff({ method, mean, errors, trials, units, delta, upper }: DrawnRisk): Limit {
  const rate = drawRate(method === 'kl-inverse' ? 2 : 1, delta, units);
  // the mean of errors is a quotient, whatever its double was rounded to
  const q: Interval = errors === null ? interval(mean) : divide(whole(errors), whole(trials));
  const exact = recomputeKlInverse(q, rate);
  const what = `mean ${mean} of ${units} independent units gives the limit ${exact}, it says ${upper}`;
  if (belowKlInverse(q, rate, upper)) return { upper: exact, problem: what };
  return compare(upper, interval(exact), 1e-12) === undefined ? { upper: exact } : { upper: exact, problem: what };
}
