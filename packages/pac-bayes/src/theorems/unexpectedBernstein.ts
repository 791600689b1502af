import { log, log1p } from '@hyperribbon/kernels';
import { requireAboveZero, requireBound, requireInside, requireLoss } from '../assumptions.js';
import { empiricalRisk, makeRecord, monteCarloDelta, type BoundArguments, type BoundRecord } from './boundRecord.js';
import type { MonteCarloRecord } from '../limits/monteCarlo.js';
import { roundUp } from '../limits/rounding.js';
import { smallestOver } from './smallestOver.js';

export interface UnexpectedBernsteinArguments extends BoundArguments {
  /** Posterior mean of the average squared loss, (1/n) sum loss_i^2, in [0, 1]; an upper limit from draws with its own delta is welcome. */
  readonly secondMoment: number | MonteCarloRecord;
  /** gamma in (0, 1) fixed in advance, or a grid: delta is divided over it. Default: 1/2, 1/4, ... as n and delta alone say. */
  readonly gamma?: number | readonly number[];
}

/**
 * Unexpected-Bernstein bound: e <= e_hat + ((-ln(1-g) - g)/g) m2 + (KL + ln(1/delta))/(g n), m2 the average squared loss.
 *
 * Rests on exp(-u - theta(g) u^2) <= 1 - u for u <= g, theta(g) = (-ln(1-g) - g)/g^2, which turns the expected square of
 * Bernstein's inequality into an empirical one. [mhammedi2019], [wu2022]
 * @returns record; `value` may exceed 1 and is then marked vacuous; `ingredients.gamma` is the one used
 * @throws AssumptionError for gamma outside (0, 1) and what every bound refuses
 * @example unexpectedBernsteinBound({ empirical: 0.02, secondMoment: 0.02, kl: 20, n: 1000, delta: 0.05 }).value // 0.0769...
 */
export function unexpectedBernsteinBound(bound: UnexpectedBernsteinArguments): BoundRecord {
  const name = 'unexpected-bernstein';
  const { kl, n, delta, secondMoment, union } = bound;
  requireBound(name, bound, 1);
  const grid = typeof bound.gamma === 'number' ? [bound.gamma] : (bound.gamma ?? halvings(n, delta));
  requireAboveZero(name, 'number of gammas', grid.length);
  const empirical = empiricalRisk(name, bound);
  const square = typeof secondMoment === 'number' ? secondMoment : secondMoment.upper;
  requireLoss(name, square, 'secondMoment');
  const penalty = roundUp(log(grid.length) - log(delta) + (union?.nats ?? 0), 8);
  const best = smallestOver(grid, (gamma) => {
    requireInside(name, 'gamma', gamma, 0, 1);
    return roundUp(empirical + roundUp(squareFactor(gamma) * square, 8) + (kl + penalty) / (gamma * n), 8);
  });
  return makeRecord(
    { title: 'unexpected Bernstein', source: '[mhammedi2019]' },
    best.value,
    bound,
    { secondMoment: square, penalty, gamma: best.at },
    [grid.length === 1 ? 'gamma was fixed before the data' : `delta is divided over ${grid.length} values of gamma`],
    typeof secondMoment === 'number' ? [] : [monteCarloDelta(secondMoment, 'second moment')],
  );
}

/** (-ln(1-g) - g)/g = g/2 + g^2/3 + g^3/4 + ..., by the series where the difference would cancel. */
export function squareFactor(g: number): number {
  if (g > 0.1) return (-log1p(-g) - g) / g;
  let sum = 0;
  for (let k = 18; k >= 2; k--) sum = g * (1 / k + sum);
  return sum;
}

/** 1/2, 1/4, ...: down to where the optimum can be for any posterior. */
function halvings(n: number, delta: number): readonly number[] {
  const members = [0.5];
  const least = Math.sqrt(-log(delta) / n);
  for (let g = 0.25; g > least / 2; g /= 2) members.push(g);
  return members;
}
