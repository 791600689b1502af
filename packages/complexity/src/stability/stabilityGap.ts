import {
  requireBetween,
  requireInteger,
  requireNonNegative,
  requireNoOthers,
  requirePositive,
} from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import type { Standing } from '../bounds/bound.js';

export interface StabilityGapOptions {
  /** β ≥ 0 of the algorithm, a limit over all data sets and examples */
  readonly beta: number;
  /** n, examples of the sample, integer ≥ 1 */
  readonly count: number;
  /** M > 0, the largest value of the loss */
  readonly largestLoss: number;
  /** δ in (0, 1), default 0.05 */
  readonly delta?: number;
}

/** A limit on the generalisation gap of time-averaged risk. */
export interface StabilityGap {
  readonly value: number;
  /** whether it is above M, which no gap exceeds */
  readonly vacuous: boolean;
  readonly standing: Standing;
  readonly source: string;
  readonly caveats: readonly string[];
}

/**
 * The gap between time-averaged risk and time-averaged training loss that stability β allows, with probability 1 − δ over the sample:
 *
 *     β + (2 n β + M) √(ln(2/δ)/(2 n)).
 *
 * The form was recalled and not checked against the source: `standing` is reconstructed. It wants a β that holds for every data set, every replaced example
 * and every example of the loss; an estimate of {@link algorithmicStability} in its place makes a number and no bound.
 *
 * @throws ArgumentError for numbers out of range
 * Cost: none
 * @example stabilityGap({ beta: 1e-3, count: 50000, largestLoss: 1 }).value; // 0.61443507653
 * Source: [chandramoorthy2022], from memory; the same form for uniform stability [bousquet2002, Theorem 12].
 */
export function stabilityGap({ beta, count, largestLoss, delta = 0.05, ...others }: StabilityGapOptions): StabilityGap {
  requireNoOthers('stabilityGap', others, 'StabilityGapOptions');
  requireNonNegative('stabilityGap', 'beta', beta);
  requireInteger('stabilityGap', 'count', count, 1);
  requirePositive('stabilityGap', 'largestLoss', largestLoss);
  requireBetween('stabilityGap', 'delta', delta, 0, 1);
  const value = beta + (2 * count * beta + largestLoss) * Math.sqrt(log(2 / delta) / (2 * count));
  return {
    value,
    vacuous: value >= largestLoss,
    standing: 'reconstructed',
    source: 'chandramoorthy2022, from memory',
    caveats: [
      'the form of the bound is recalled, not checked against the source',
      'β must hold for all data sets and examples: an estimate from a few runs is a lower one',
    ],
  };
}
