import { requireInside } from '../assumptions.js';
import type { BoundArguments, BoundRecord } from './boundRecord.js';
import { empiricalRisk, makeRecord, theoremTitle } from './boundRecord.js';
import { complexity } from './complexity.js';
import { roundUp } from '../limits/rounding.js';

export interface ThiemannArguments extends BoundArguments {
  /** lambda in (0, 2); the bound holds for all of them at once, so the minimiser may be used: left out, it is. */
  readonly lambda?: number;
}

/**
 * Thiemann's bound: e(Q) <= e_hat/(1 - lambda/2) + (KL + ln(2 sqrt(n)/delta)) / (n lambda (1 - lambda/2)).
 *
 * The minimiser is lambda = 2/(1 + sqrt(1 + 2 n e_hat/(KL + ln(2 sqrt(n)/delta)))), where it equals the quadratic bound.
 * @returns record; `value` may exceed 1 and is then marked vacuous
 * @throws AssumptionError for lambda outside (0, 2) or n < 8
 * @example thiemannBound({ empirical: 0.028, kl: 5144, n: 55000, delta: 0.025 }).value // 0.240...
 * Source: [thiemann2017, Thm 3].
 */
export function thiemannBound({ lambda, ...bound }: ThiemannArguments): BoundRecord {
  const empirical = empiricalRisk('thiemann', bound);
  const { penalty, rate } = complexity('maurer', { ...bound, price: bound.union?.nats ?? 0 });
  const used = lambda ?? 2 / (1 + Math.sqrt(1 + (2 * empirical) / rate));
  requireInside('thiemann', 'lambda', used, 0, 2);
  const share = 1 - used / 2;
  const value = roundUp(empirical / share + rate / (used * share), 6);
  return makeRecord(theoremTitle.thiemann, value, bound, { penalty, rate, lambda: used });
}

/**
 * Quadratic bound: e(Q) <= (sqrt(e_hat + t) + sqrt(t))^2 with t = (KL + ln(2 sqrt(n)/delta))/(2 n).
 * @returns record; `value` may exceed 1 and is then marked vacuous
 * @throws AssumptionError naming what the theorem lacks
 * @example quadraticBound({ empirical: 0.028, kl: 5144, n: 55000, delta: 0.025 }).value // 0.240...
 * Source: [perezortiz2021].
 */
export function quadraticBound(bound: BoundArguments): BoundRecord {
  const empirical = empiricalRisk('quadratic', bound);
  const { penalty, rate } = complexity('maurer', { ...bound, price: bound.union?.nats ?? 0 });
  const t = rate / 2;
  const root = Math.sqrt(empirical + t) + Math.sqrt(t);
  return makeRecord(theoremTitle.quadratic, roundUp(root * root, 6), bound, { penalty, rate });
}
