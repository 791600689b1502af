import { expm1 } from '@hyperribbon/kernels';
import { requireAboveZero, requireDelta } from '../assumptions.js';
import type { BoundArguments, BoundRecord } from './boundRecord.js';
import { empiricalRisk, makeRecord, theoremTitle } from './boundRecord.js';
import { complexity } from './complexity.js';
import { roundDown, roundUp } from '../limits/rounding.js';
import { smallestOver } from './smallestOver.js';

export interface CatoniArguments extends BoundArguments {
  /** One constant C > 0 fixed before the data were seen, or a grid of them: then delta is divided by its length. */
  readonly constant: number | readonly number[];
}

/**
 * Catoni's bound: e(Q) <= (1 - exp(-C e_hat - (KL + ln(1/delta))/n)) / (1 - exp(-C)).
 *
 * Holds for one C chosen in advance. For a grid the smallest value is taken and every member has paid delta/length; the
 * minimum over all C > 0 without payment would be kl^-1(e_hat | (KL + ln(1/delta))/n), which no theorem grants.
 * @returns record; `value` may exceed 1 and is then marked vacuous; `ingredients.constant` is the C used
 * @throws AssumptionError for C <= 0 or an empty grid, delta outside (0, 1), KL < 0 or NaN
 * @example catoniBound({ empirical: 0.028, kl: 5144, n: 55000, delta: 0.025, constant: [0.5, 1, 2] }).value // 0.160...
 * Source: [catoni2007].
 */
export function catoniBound({ constant, ...bound }: CatoniArguments): BoundRecord {
  const grid = typeof constant === 'number' ? [constant] : constant;
  requireDelta('catoni', bound.delta);
  requireAboveZero('catoni', 'number of constants', grid.length);
  const empirical = empiricalRisk('catoni', bound);
  const delta = bound.delta / grid.length;
  const { penalty, rate } = complexity('catoni', { ...bound, delta, price: bound.union?.nats ?? 0 });
  const { value, at: C } = smallestOver(grid, (c) => {
    requireAboveZero('catoni', 'constant', c);
    return roundUp(-expm1(-roundUp(c * empirical + rate, 2)) / roundDown(-expm1(-c)), 6);
  });
  const union = grid.length === 1 ? 'C was fixed before the data' : `delta is divided over ${grid.length} values of C`;
  return makeRecord(theoremTitle.catoni, value, bound, { penalty, rate, constant: C }, [union]);
}
