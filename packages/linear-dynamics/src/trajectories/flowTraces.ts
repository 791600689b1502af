import { requireEach, requireNonNegative, requirePositive } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import { EULER_GAMMA, exponentialIntegral } from './exponentialIntegral.js';
import type { RibbonScalesOptions } from './phase/ribbonScales.js';

const LN2 = 0.6931471805599453;

/** Those of ribbonScales, with c > 0 and X = η λ₁ T for the horizon. */
export interface FlowTracesOptions extends Omit<RibbonScalesOptions, 'ratio'> {
  /** σ_⋆ (every coefficient of the target), default 1 */
  readonly targetScale?: number;
}

/**
 * Total variance of the two parts in prediction space under gradient flow, for the endless spectrum λ₁ e^(−c i): sums taken as integrals plus half the first term.
 *
 *   init   = (σ_w² λ₁/(2X)) [(ln 2X + γ + E₁(2X))/c + 1/2]
 *   target = (σ_⋆² λ₁/X) [((ln 2X + γ)/2 − 2 ln 2)/c + (1/2)(1/2 − 1/X)]
 *
 * Against the sums, c ≤ 1: init within 2e-5; target within 1 % at X = 90, 1e-4 at X = 9000. With discrete steps of η λ₁ = 0.9 the fastest modes are larger.
 * @throws ArgumentError for numbers out of range
 * Reconstruction following [mao2025].
 * @example flowTraces({ decay: 1, horizon: 90 }).initialization // 0.0348...
 */
export function flowTraces({ decay, horizon, initialScale = 1, targetScale = 1, largest = 1 }: FlowTracesOptions): {
  readonly status: 'reconstruction';
  readonly initialization: number;
  readonly target: number;
} {
  requireEach(requirePositive, 'flowTraces', { decay, horizon, largest });
  requireEach(requireNonNegative, 'flowTraces', { initialScale, targetScale });
  const range = log(2 * horizon) + EULER_GAMMA;
  return {
    status: 'reconstruction',
    initialization:
      ((initialScale * initialScale * largest) / (2 * horizon)) *
      ((range + exponentialIntegral(2 * horizon)) / decay + 0.5),
    target:
      ((targetScale * targetScale * largest) / horizon) * ((0.5 * range - 2 * LN2) / decay + 0.5 * (0.5 - 1 / horizon)),
  };
}
