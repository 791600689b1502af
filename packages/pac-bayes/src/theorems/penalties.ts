import { requirePositive } from '@hyperribbon/contract';
import { exp, log } from '@hyperribbon/kernels';
import { requireCount, requireDelta } from '../assumptions.js';
import type { UnionPrice } from './boundRecord.js';
import { roundUp } from '../limits/rounding.js';

/** ln(pi^2/6), rounded up. */
const LN_BASEL = 0.4977003024707454;

/**
 * `correct`: ln(pi^2 n/(6 delta)). `released-scripts`: ln(pi^2 n/6 * delta), an operator-precedence slip in the training scripts
 * of [yang2022] that makes the penalty too small by 2 ln(1/delta); kept so that their numbers can be reproduced.
 */
export type PenaltyForm = 'correct' | 'released-scripts';

/** Prior variances lambda_j = c exp(-j/b), j = 1, 2, ... [dziugaite2017] */
export interface ScaleGrid {
  readonly b: number;
  readonly c: number;
}

/**
 * Price of choosing the member j of a grid of priors after seeing the data: 2 ln j + ln(pi^2/6) nats.
 *
 * Member j gets delta_j = 6 delta/(pi^2 j^2); over all j >= 1 these sum to delta. For `scales` grids at once the index is
 * the sum of their indices and the price 2 `scales` ln(sum) + ln(pi^2/6).
 * @param indices whole numbers >= 1, one for each grid
 * @throws AssumptionError for an index that is not a whole number >= 1
 * @example gridPrice([37]).nats // 7.719...
 */
export function gridPrice(indices: readonly number[]): UnionPrice {
  let sum = 0;
  for (const j of indices) {
    requireCount('gridPrice', 'j', j, 1);
    sum += j;
  }
  requireCount('gridPrice', 'number of indices', sum, 1);
  return {
    nats: roundUp(2 * indices.length * log(sum) + LN_BASEL),
    description: `union over a grid of prior scales, index ${indices.join(' + ')}: delta_j = 6 delta/(pi^2 j^${2 * indices.length})`,
    sound: true,
  };
}

/**
 * Price of choosing one of finitely many priors (or constants) that were written down in advance: ln(members) nats.
 * @param members how many, >= 1
 * @throws AssumptionError for a number that is no count
 * @example listPrice(10).nats // 2.302...
 */
export function listPrice(members: number): UnionPrice {
  requireCount('listPrice', 'members', members, 1);
  return {
    nats: members === 1 ? 0 : roundUp(log(members)),
    description: `union over ${members} priors written down in advance: delta/${members} each`,
    sound: true,
  };
}

/**
 * Price of a continuous prior scale as the scripts of [yang2022] charge it, without rounding to the grid:
 * U = 2 k ln( sum over k scales of 2 b |ln(c/lambda)| ), plus ln(pi^2/6).
 *
 * `sound` is false: lambda is not on the grid, and as lambda tends to c the price tends to minus infinity. Round with
 * `gridNeighbours` and pay `gridPrice` for a certificate.
 * @param logRatios ln(c/lambda) or ln(c a) for each scale
 * @param form see {@link PenaltyForm}; `delta` is needed for the slip
 * @returns nats and what they pay for
 * @throws ArgumentError for b <= 0, or where all ratios are 0; AssumptionError for delta outside (0, 1)
 * @example continuousPrice([2], { b: 10, delta: 0.025 }).nats // 7.875...
 * Source: [yang2022].
 */
export function continuousPrice(
  logRatios: readonly number[],
  { b, delta, form = 'correct' }: { readonly b: number; readonly delta: number; readonly form?: PenaltyForm },
): UnionPrice {
  requirePositive('continuousPrice', 'b', b);
  requireDelta('continuousPrice', delta);
  let sum = 0;
  for (const ratio of logRatios) sum += 2 * b * Math.abs(ratio);
  requirePositive('continuousPrice', 'distance from the edge of the grid', sum);
  const slip = form === 'released-scripts' ? 2 * log(delta) : 0;
  return {
    nats: roundUp(2 * logRatios.length * log(sum) + LN_BASEL + slip),
    description: `prior scales were not rounded to a grid (${form} penalty)`,
    sound: false,
  };
}

/**
 * Prior variance lambda_j = c exp(-j/b). [dziugaite2017]
 * @param j index, a whole number >= 1 where it is to be paid for by `gridPrice`
 * @example gridVariance(10, { b: 10, c: 0.1 }) // 0.0367...
 */
export function gridVariance(j: number, { b, c }: ScaleGrid): number {
  return c * exp(-j / b);
}

/**
 * Prior precision eps_j = (1/c) exp(j/b), the same grid seen from the other side.
 * @example gridPrecision(10, { b: 10, c: 0.1 }) // 27.18...
 */
export function gridPrecision(j: number, { b, c }: ScaleGrid): number {
  return exp(j / b) / c;
}

/**
 * The grid members next to a continuous prior variance: floor and ceiling of b ln(c/lambda), at least 1.
 * Evaluate both and keep the smaller bound. [dziugaite2017]
 * @throws ArgumentError for a variance that is not positive and finite
 * @example gridNeighbours(0.01, { b: 10, c: 0.1 }) // [23, 24]
 */
export function gridNeighbours(variance: number, { b, c }: ScaleGrid): readonly [number, number] {
  requirePositive('gridNeighbours', 'variance', variance);
  const j = b * log(c / variance);
  return [Math.max(1, Math.floor(j)), Math.max(1, Math.ceil(j))];
}
