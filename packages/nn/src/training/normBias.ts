import { requireNoOthers, requireNonNegative } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';

/**
 * The penalty (strength/2) · |‖w‖² − target| over all parameters, biases and gains of norms among them [goldblum2020, eq. 2], in the scaling of
 * the paper's code: `target` is μ², a squared norm, and `strength` takes the place of a weight decay. With target 0 it is weight decay.
 */
export interface NormBias {
  /** μ² ≥ 0 */
  readonly target: number;
  /** ≥ 0 */
  readonly strength: number;
}

/** @throws ArgumentError for numbers below 0 and properties that there are not */
export function requireNormBias(normBias: NormBias | undefined): void {
  if (normBias === undefined) return;
  const { target, strength, ...others } = normBias;
  requireNoOthers('train', others, 'NormBias');
  requireNonNegative('train', 'normBias.target', target);
  requireNonNegative('train', 'normBias.strength', strength);
}

/** gradient += sign(‖w‖² − target) · strength · w, with sign(0) = 0; ‖w‖² is summed in float64 in the order of the weights. */
export function addNormBias(normBias: NormBias | undefined, weights: FloatArray, gradient: FloatArray): void {
  if (normBias === undefined) return;
  const { target, strength } = normBias;
  let squares = 0;
  for (let i = 0; i < weights.length; i++) squares += weights[i] * weights[i];
  const slope = squares > target ? strength : squares < target ? -strength : 0;
  if (slope !== 0) for (let i = 0; i < weights.length; i++) gradient[i] = gradient[i] + slope * weights[i];
}
