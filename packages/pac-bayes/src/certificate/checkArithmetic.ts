import type { Certificate } from './certificate.js';
import { compare } from './compareNumbers.js';
import type { Reason } from './reason.js';
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
  const { id, n, delta, constants = [], parameter } = theorem;
  const reasons: Reason[] = [];
  const e = risk.kind === 'exact' ? risk.value : risk.upper;
  if (n < leastExamples[id])
    reasons.push({
      code: 'theorem',
      path: '$.theorem.n',
      message: `${id} needs n >= ${leastExamples[id]}, got n = ${n}`,
    });
  if (id === 'catoni' && !(parameter !== undefined && constants.includes(parameter) && constants.every((c) => c > 0)))
    reasons.push({
      code: 'theorem',
      path: '$.theorem.parameter',
      message: `the constant of Catoni's bound must be one of those that were paid for, got ${parameter}`,
    });
  if (id === 'thiemann' && !(parameter !== undefined && parameter > 0 && parameter < 2))
    reasons.push({
      code: 'theorem',
      path: '$.theorem.parameter',
      message: `lambda must be in (0, 2), got ${parameter}`,
    });
  if (!(claim.chance > 0 && claim.chance <= 1))
    reasons.push({
      code: 'out-of-range',
      path: '$.claim.chance',
      message: `the risk of guessing lies in (0, 1], got ${claim.chance}`,
    });
  const usable = delta > 0 && delta < 1 && e >= 0 && e <= 1 && divergence.kl >= 0 && usableGrids(certificate);
  if (reasons.length > 0 || !usable) return { reasons, recomputed: {} };

  const penalty = recomputePenalty(id, n, delta, constants.length, prior.scales);
  const rate = recomputeRate(id, n, divergence.kl, penalty);
  const recomputed = { penalty: toNumberUp(penalty), rate: toNumberUp(rate) };
  const wrongPenalty = compare(theorem.penalty, penalty);
  if (wrongPenalty !== undefined) reasons.push({ code: 'penalty', path: '$.theorem.penalty', message: wrongPenalty });
  const wrongRate = compare(theorem.rate, rate);
  if (wrongRate !== undefined) reasons.push({ code: 'rate', path: '$.theorem.rate', message: wrongRate });

  const path = '$.claim.bound';
  const q = interval(e);
  const inverted = id === 'maurer' || id === 'kl-exact' || id === 'langford-seeger';
  const exact: Interval = inverted
    ? interval(recomputeKlInverse(q, rate))
    : recomputeFormula(id, q, rate, parameter ?? 0);
  const bound = toNumberUp(exact);
  const small = inverted ? belowKlInverse(q, rate, claim.bound) : compare(claim.bound, exact, 0, 1e9) !== undefined;
  if (small)
    reasons.push({
      code: 'bound-too-small',
      path,
      message: `the claim is ${claim.bound}, its ingredients give ${bound} and nothing smaller`,
    });
  else if (compare(claim.bound, exact, 1e-12) !== undefined)
    reasons.push({
      code: 'bound-too-large',
      path,
      message: `the claim is ${claim.bound}, its ingredients give ${bound}`,
    });
  return { reasons, recomputed: { ...recomputed, bound } };
}

function usableGrids({ prior }: Certificate): boolean {
  return prior.scales.every((scale) => scale.kind !== 'listed' || scale.members.length > 0);
}
