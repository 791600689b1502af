import type { BoundArguments, BoundRecord } from './boundRecord.js';
import { empiricalRisk, makeRecord, theoremTitle } from './boundRecord.js';
import { complexity } from './complexity.js';
import { klInverseUpper } from '../limits/klInverse.js';
import { roundUp } from '../limits/rounding.js';

export interface KlBoundArguments extends BoundArguments {
  /** Default `maurer`; `kl-exact` is a little tighter, `langford-seeger` the looser one of the sloppy-spectra literature. */
  readonly theorem?: 'maurer' | 'kl-exact' | 'langford-seeger';
}

/**
 * PAC-Bayes-kl bound: e(Q) <= kl^-1(e_hat(Q) | (KL + penalty)/n), for all posteriors Q at once.
 * @returns record; `value` in [empirical, 1], within 1e-13 of the exact bound and never below it
 * @throws AssumptionError naming the theorem and what it lacks
 * @example klBound({ empirical: 0.028, kl: 5144, n: 55000, delta: 0.025 }).value // 0.160...
 */
export function klBound({ theorem = 'maurer', ...bound }: KlBoundArguments): BoundRecord {
  const empirical = empiricalRisk(theorem, bound);
  const { penalty, rate } = complexity(theorem, { ...bound, price: bound.union?.nats ?? 0 });
  return makeRecord(theoremTitle[theorem], klInverseUpper(empirical, rate), bound, { penalty, rate });
}

/**
 * McAllester's bound, the square-root relaxation (Pinsker) of {@link klBound}: e(Q) <= e_hat(Q) + sqrt(rate/2).
 * @returns record; `value` may exceed 1 and is then marked vacuous
 * @throws AssumptionError naming the theorem and what it lacks
 * @example mcAllesterBound({ empirical: 0.028, kl: 5144, n: 55000, delta: 0.025 }).value // 0.244...
 * Source: [mcallester1999].
 */
export function mcAllesterBound({ theorem = 'maurer', ...bound }: KlBoundArguments): BoundRecord {
  const empirical = empiricalRisk(theorem, bound);
  const { penalty, rate } = complexity(theorem, { ...bound, price: bound.union?.nats ?? 0 });
  const gap = squareRootGap(rate);
  const { source } = theoremTitle[theorem];
  const named = { title: `McAllester, from the ${theorem} form`, source: `[mcallester1999], from ${source}` };
  return makeRecord(named, roundUp(empirical + gap, 2), bound, { penalty, rate, gap });
}

/** B = sqrt(rate/2), rounded up. */
export function squareRootGap(rate: number): number {
  return roundUp(Math.sqrt(rate / 2), 2);
}
