import { expm1 } from '@hyperribbon/kernels';
import { requireDelta, requirePositive } from './assumptions.js';
import type { BoundArguments, BoundRecord } from './boundRecord.js';
import { empiricalRisk, makeRecord, theoremTitle } from './boundRecord.js';
import { complexity } from './complexity.js';
import { roundDown, roundUp } from '../limits/rounding.js';

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
 */
export function catoniBound({ constant, ...bound }: CatoniArguments): BoundRecord {
  const grid = typeof constant === 'number' ? [constant] : constant;
  requireDelta('catoni', bound.delta);
  requirePositive('catoni', grid.length, 'number of constants');
  const empirical = empiricalRisk('catoni', bound);
  const delta = bound.delta / grid.length;
  const { penalty, rate } = complexity('catoni', { ...bound, delta, price: bound.union?.nats ?? 0 });
  let best = { value: Infinity, C: grid[0] };
  for (const C of grid) {
    requirePositive('catoni', C, 'constant');
    const value = roundUp(-expm1(-roundUp(C * empirical + rate, 2)) / roundDown(-expm1(-C)), 6);
    if (value < best.value) best = { value, C };
  }
  const { title, source } = theoremTitle.catoni;
  const union = grid.length === 1 ? 'C was fixed before the data' : `delta is divided over ${grid.length} values of C`;
  return makeRecord(title, source, best.value, bound, { penalty, rate, constant: best.C }, [union]);
}
