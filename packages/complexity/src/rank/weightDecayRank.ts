import {
  requireBetween,
  requireInteger,
  requireNoOthers,
  requireNonNegative,
  requirePositive,
  refuse,
} from '@hyperribbon/contract';
import { exp, log, log1p } from '@hyperribbon/kernels';

/** Gradient descent in batches on loss + λ‖W‖²: W ← (1 − 2μλ) W − μ ∂loss/∂W. */
export interface DecayingDescent {
  /** μ > 0 */
  readonly learningRate: number;
  /** λ > 0 of λ‖W‖²: half of what optimisers call weight decay, whose update is W ← (1 − μ · weightDecay) W − … */
  readonly decay: number;
  /** B, integer ≥ 1 */
  readonly batchSize: number;
  /** m_l, integer ≥ 1: places where one example meets the weights; 1 in a dense layer (default), patches in a convolution */
  readonly positions?: number;
}

export interface DecayRank {
  /** n = ⌈ln(ε/2)/ln(1 − 2μλ)⌉: steps after which what came before has decayed to ε/2 */
  readonly steps: number;
  /** m_l B n */
  readonly rank: number;
  /** m_l B ln(2/ε)/(2μλ), the theorem's closed formula: never smaller than m_l B (n − 1) */
  readonly closedFormula: number;
  /** ε */
  readonly tolerance: number;
}

/**
 * The rank that a layer trained with weight decay comes near to: its direction W/‖W‖ is at last within ε of a matrix of rank ≤ `rank`.
 *
 * Every step adds a gradient of rank ≤ m_l B ({@link gradientRank}) and shrinks the rest, so only the last n steps are left. The statement is about the
 * limit: it needs ‖W_{T−n}‖/‖W_T‖ → 1. At usual settings the number is far above the size of any layer, and says nothing but what the rank
 * falls with: smaller batches, larger learning rates, more decay.
 *
 * @param tolerance ε in (0, 1), default 1e-3
 * @throws ArgumentError for numbers out of range, μλ ≥ ½
 * @example
 * const { rank, closedFormula } = decayRank({ learningRate: 0.1, decay: 5e-4, batchSize: 8 });
 * // 608048, 608072.197: no layer has so many rows
 * Source: [galanti2025, Theorem 3.3]; the text mixes factors 1 − μλ and 1 − 2μλ, this is the latter.
 */
export function decayRank(descent: DecayingDescent, tolerance: number = 1e-3): DecayRank {
  requireBetween('decayRank', 'tolerance', tolerance, 0, 1);
  const { shrinking, perStep } = settled('decayRank', descent);
  const steps = Math.ceil(log(tolerance / 2) / log1p(-shrinking));
  return { steps, rank: perStep * steps, closedFormula: (perStep * log(2 / tolerance)) / shrinking, tolerance };
}

/**
 * The most that the gradient of the mean loss over a batch can have of rank: one example gives one direction per place where it meets the weights.
 *
 * @param batchSize B, integer ≥ 1
 * @param positions m_l, integer ≥ 1, default 1
 * @example gradientRank(8); // 8
 * Source: [galanti2025, Lemma 3.1].
 */
export function gradientRank(batchSize: number, positions: number = 1): number {
  requireInteger('gradientRank', 'batchSize', batchSize, 1);
  requireInteger('gradientRank', 'positions', positions, 1);
  return batchSize * positions;
}

/**
 * How far, in the Frobenius norm, W_T/‖W_T‖ can be from the matrices of rank ≤ m_l B n: (1 − 2μλ)ⁿ ‖W_{T−n}‖/‖W_T‖.
 *
 * @param steps n, integer ≥ 0
 * @param normBefore ‖W_{T−n}‖_F ≥ 0
 * @param norm ‖W_T‖_F > 0
 * @throws ArgumentError for numbers out of range
 * @example
 * const descent = { learningRate: 0.1, decay: 5e-4, batchSize: 8 };
 * decayDistance(descent, 1000, 3, 3); // 0.905: a distance of 1 is that of the zero matrix
 * Source: [galanti2025, Lemma 3.2].
 */
export function decayDistance(descent: DecayingDescent, steps: number, normBefore: number, norm: number): number {
  const { shrinking } = settled('decayDistance', descent);
  requireInteger('decayDistance', 'steps', steps, 0);
  requireNonNegative('decayDistance', 'normBefore', normBefore);
  requirePositive('decayDistance', 'norm', norm);
  return exp(steps * log1p(-shrinking)) * (normBefore / norm);
}

/** 2μλ and m_l B, checked. */
function settled(
  caller: string,
  { learningRate, decay, batchSize, positions = 1, ...others }: DecayingDescent,
): { readonly shrinking: number; readonly perStep: number } {
  requireNoOthers(caller, others, 'DecayingDescent');
  requirePositive(caller, 'learningRate', learningRate);
  requirePositive(caller, 'decay', decay);
  requireInteger(caller, 'batchSize', batchSize, 1);
  requireInteger(caller, 'positions', positions, 1);
  const shrinking = 2 * learningRate * decay;
  if (!(shrinking > 0 && shrinking < 1))
    refuse(caller, `learningRate · decay must be in (0, 0.5), got ${learningRate * decay}; lower one of them`);
  return { shrinking, perStep: batchSize * positions };
}
