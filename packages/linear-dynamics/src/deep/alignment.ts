import { refuse } from '@hyperribbon/contract';
import { requireNet, ends, type DeepLinearNet } from './deepLinearNet.js';
import { maxAbs } from './dense.js';
import { dotRange, sumOfSquares } from '../sums.js';
import { eigvalsh } from '@hyperribbon/lanczos';
import { balanceMatrices } from './balance.js';
import { jacobiSvd } from './jacobiSvd.js';

/** How near one layer is to rank one, and to the direction of the next. */
export interface LayerAlignment {
  /** ‖W_j‖_F² */
  readonly frobeniusSquared: number;
  /** ‖W_j‖₂² */
  readonly spectralSquared: number;
  /** ‖W_j‖_F² − ‖W_j‖₂²: what is not rank one, summed from the small singular values */
  readonly excess: number;
  /** ‖W_j‖₂²/‖W_j‖_F² in (0, 1]; 1 is rank one; NaN for W_j = 0 */
  readonly rankOneShare: number;
  /** |⟨v_{j+1}, u_j⟩| with the next layer's first right vector; null for the last layer */
  readonly withNext: number | null;
}

/**
 * How close each layer is to rank one and to its neighbour's direction.
 *
 * Under logistic or exponential loss on separable data W_j/‖W_j‖_F → u_j v_jᵀ and |⟨v_{j+1}, u_j⟩| → 1, but only as fast as a power of
 * ln t grows. [ji2019], from memory; [lejegelka2022], abstract read.
 * Cost: one singular value decomposition per layer.
 * @example layerAlignment(deepLinearNet([2, 1, 1], [[3, 4], [2]]))[0].withNext // 1
 */
export function layerAlignment(net: DeepLinearNet): LayerAlignment[] {
  requireNet('layerAlignment', net);
  const { widths, weights } = net;
  const svds = weights.map((w, j) => jacobiSvd(w, widths[j + 1]!, widths[j]!));
  return weights.map((w, j) => {
    const { values, left } = svds[j]!;
    const h = widths[j + 1]!;
    const next = svds[j + 1];
    const spectralSquared = values[0]! * values[0]!;
    const excess = sumOfSquares(values.subarray(1));
    return {
      frobeniusSquared: sumOfSquares(w),
      spectralSquared,
      excess,
      rankOneShare: spectralSquared / (spectralSquared + excess),
      withNext: next === undefined ? null : Math.abs(dotRange(left, 0, next.right, 0, h)),
    };
  });
}

/**
 * Bound on the part of any layer that is not rank one, for all times, from the start alone:
 * ‖W_j(t)‖_F² − ‖W_j(t)‖₂² <= D = max_k ‖W_k(0)‖_F² − ‖W_N(0)‖_F² + Σ_{k<N} ‖W_k(0) W_k(0)ᵀ − W_{k+1}(0)ᵀ W_{k+1}(0)‖₂.
 *
 * A consequence of the conserved quantities, so it holds for gradient flow of any loss of the product of a network with one
 * output, with no rate attached: norms grow like a power of ln t, so the share itself approaches 1 slowly.
 * @throws ArgumentError for more than one output: W_N must be a row for the argument to hold
 * Source: [ji2019], from memory, checked numerically. Cost: N − 1 symmetric eigenvalue problems.
 * @example rankOneBound(deepLinearNet([1, 1, 1], [[2], [3]])) // 5
 */
export function rankOneBound(net: DeepLinearNet): number {
  requireNet('rankOneBound', net);
  const { outputs } = ends(net);
  if (outputs !== 1) {
    refuse('rankOneBound', `net must have one output, got ${outputs}; the bound rests on the last layer being a row`);
  }
  const norms = net.weights.map((w) => sumOfSquares(w));
  let bound = Math.max(...norms) - norms[norms.length - 1]!;
  balanceMatrices(net).forEach((b, j) => {
    bound += maxAbs(eigvalsh(b, net.widths[j + 1]!, { deterministic: true }));
  });
  return bound;
}
