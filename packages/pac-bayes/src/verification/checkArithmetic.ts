import type { Certificate } from '../certificate/certificate.js';
import { compare } from './compareNumbers.js';
import { Findings, type Reason } from './reason.js';
import { interval, toNumberUp, type Interval } from './recomputeInterval.js';
import { belowKlInverse, recomputeKlInverse } from './recomputeKl.js';
import { leastExamples, recomputeFormula, recomputePenalty, recomputeRate } from './recomputePenalty.js';

/** Absent where the ingredients are out of range. */
export interface RecomputedBound {
  readonly penalty?: number;
  readonly rate?: number;
  readonly bound?: number;
}

/** Penalty, rate and bound from the recorded ingredients, each at most rounded up. */
export function checkArithmetic(certificate: Certificate): { reasons: Reason[]; recomputed: RecomputedBound } {
  const { theorem, risk, divergence, prior, claim } = certificate;
  const { id, n, delta, constants, parameter } = theorem;
  const found = new Findings();
  const { reasons } = found;
  checkHypotheses(certificate, found);
  const e = risk.kind === 'exact' ? risk.value : risk.upper;
  const usable = delta > 0 && delta < 1 && e >= 0 && e <= 1 && divergence.kl >= 0 && usableGrids(certificate);
  if (reasons.length > 0 || !usable) return { reasons, recomputed: {} };

  const penalty = recomputePenalty(id, n, delta, constants?.length ?? 0, prior.scales);
  const rate = recomputeRate(id, n, divergence.kl, penalty);
  found.add('penalty', '$.theorem.penalty', compare(theorem.penalty, penalty));
  found.add('rate', '$.theorem.rate', compare(theorem.rate, rate));

  const q = interval(e);
  const inverted = id === 'maurer' || id === 'kl-exact' || id === 'langford-seeger';
  const exact: Interval = inverted
    ? interval(recomputeKlInverse(q, rate))
    : recomputeFormula(id, q, rate, parameter ?? 0);
  const bound = toNumberUp(exact);
  const small = inverted ? belowKlInverse(q, rate, claim.bound) : compare(claim.bound, exact, 0, 1e9) !== undefined;
  const told = `the claim is ${claim.bound}, its ingredients give ${bound}`;
  if (small) found.add('bound-too-small', '$.claim.bound', `${told} and nothing smaller`);
  else found.unless(compare(claim.bound, exact, 1e-12) === undefined, 'bound-too-large', '$.claim.bound', told);
  return { reasons, recomputed: { penalty: toNumberUp(penalty), rate: toNumberUp(rate), bound } };
}

/** What the theorem asks of n and of its constants. */
function checkHypotheses({ theorem, claim }: Certificate, found: Findings): void {
  const { id, n, constants, parameter } = theorem;
  const least = leastExamples[id];
  found.unless(n >= least, 'theorem', '$.theorem.n', `${id} needs n >= ${least}, got n = ${n}`);
  const paid = parameter !== null && constants?.includes(parameter) === true && constants.every((c) => c > 0);
  found.unless(
    id !== 'catoni' || paid,
    'theorem',
    '$.theorem.parameter',
    `the constant of Catoni's bound must be one of those that were paid for, got ${parameter}`,
  );
  found.unless(
    id !== 'thiemann' || (parameter !== null && parameter > 0 && parameter < 2),
    'theorem',
    '$.theorem.parameter',
    `lambda must be in (0, 2), got ${parameter}`,
  );
  found.unless(
    claim.chance >= 0 && claim.chance <= 1,
    'out-of-range',
    '$.claim.chance',
    `the risk of guessing lies in [0, 1], got ${claim.chance}`,
  );
}

function usableGrids({ prior }: Certificate): boolean {
  return prior.scales.every((scale) => scale.kind !== 'listed' || scale.members.length > 0);
}
