import { refuse, requireInteger } from '@hyperribbon/contract';
import { eigenvaluesOf } from '../trajectories/descent.js';
import { UnstableStepError } from '../trajectories/unstableStepError.js';

/**
 * The step size at which SGD on fresh Gaussian inputs stops to be stable in mean square: the smallest η > 0 with
 * Σ η λᵢ/(B (2 − η λᵢ (1 + 1/B))) = 1. Always below 2/λ₁, and tends to it for B → ∞.
 *
 * @param eigenvalues (d,) of the input covariance, not all 0
 * @param batch B ≥ 1
 * @throws ArgumentError for numbers out of range
 * Derived here: the diagonal of the second moment obeys a recursion with a positive matrix, diagonal plus rank one, whose largest eigenvalue reaches 1 there.
 * Reconstruction following [mao2025].
 * @example sgdStepLimit([1], 1) // 2/3
 */
export function sgdStepLimit(eigenvalues: ArrayLike<number>, batch: number): number {
  const values = eigenvaluesOf('sgdStepLimit', eigenvalues);
  requireInteger('sgdStepLimit', 'batch', batch, 1);
  const largest = values.reduce((a, b) => Math.max(a, b), 0);
  if (largest === 0) refuse('sgdStepLimit', 'eigenvalues must not all be 0: every step would be stable');
  let [low, high] = [0, 2 / (largest * (1 + 1 / batch))];
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (!(middle > low && middle < high)) break;
    if (noiseGain(values, middle, batch) < 1) low = middle;
    else high = middle;
  }
  return high;
}

/** κ. @throws UnstableStepError unless it is below 1 */
export function requireSgdStable(
  caller: string,
  eigenvalues: Float64Array,
  learningRate: number,
  batch: number,
): number {
  const gain = noiseGain(eigenvalues, learningRate, batch);
  if (gain < 1) return gain;
  const limit = sgdStepLimit(eigenvalues, batch);
  throw new UnstableStepError(caller, learningRate, limit, `mean-square stability of SGD with batch ${batch}`);
}

/** κ = Σ η λ/(B (2 − η λ (1 + 1/B))): how much of the loss one step of gradient noise puts back; Infinity where a mode is unstable alone */
function noiseGain(eigenvalues: Float64Array, learningRate: number, batch: number): number {
  let sum = 0;
  for (const value of eigenvalues) {
    const room = 2 - learningRate * value * (1 + 1 / batch);
    if (!(room > 0)) return Infinity;
    sum += (learningRate * value) / (batch * room);
  }
  return sum;
}
