import { requireEach, requireNonNegative, requirePositive } from '@hyperribbon/contract';
import { exp, log } from '@hyperribbon/kernels';

const PI_SQUARED = 9.869604401089358;
const FOUR_PI = 12.566370614359172;

/** The three controls of a cloud, and its units. */
export interface RibbonScalesOptions {
  /** slope c ≥ 0 of the input spectrum; 0 makes k* and k_c infinite */
  readonly decay: number;
  /** ρ = σ_⋆/σ_w ≥ 0 */
  readonly ratio: number;
  /** η λ₁ T > 0: how far the fastest direction could have gone */
  readonly horizon: number;
  /** σ_w²-scale of the plateau: initial weights' standard deviation, default 1, and λ₁, default 1 */
  readonly initialScale?: number;
  readonly largest?: number;
}

/** The few numbers that say where a cloud of trajectories lies. */
export interface RibbonScales {
  readonly status: 'reconstruction';
  /** L = ln(2 η λ₁ T): nats of eigenvalue that training reaches */
  readonly logRange: number;
  /** k* = 1 + L/c: directions that training reaches, and width of the plateau made by a random initialisation */
  readonly plateauLength: number;
  /** σ_w² λ₁/(2 η λ₁ T): variance in each direction of the plateau (p = 1) */
  readonly plateauHeight: number;
  /** k_c = (L/π²) ln(4π ρ²/c): target directions above the plateau (−∞ for ρ = 0) */
  readonly directionsAbove: number;
  /** e^(−π²/L): ratio of successive eigenvalues of the target part */
  readonly targetRatio: number;
}

/**
 * Asymptotic scales of the trajectory covariance in prediction space (p = 1), for spectra λ₁ e^(−c i) and a target with equal coefficients.
 *
 * Good for c ≲ 1 and L ≳ 4: the exact count of target eigenvalues above the plateau differs from k_c by less than 1 on c 0.1..1, T 1e2..1e5, ρ 1..1000.
 * @throws ArgumentError for numbers out of range
 * Reconstruction following [mao2025]: derived from sech symbols of Toeplitz matrices, not read in the paper.
 * @example ribbonScales({ decay: 0.5, ratio: 10, horizon: 90 }).directionsAbove
 */
export function ribbonScales({
  decay,
  ratio,
  horizon,
  initialScale = 1,
  largest = 1,
}: RibbonScalesOptions): RibbonScales {
  requireEach(requireNonNegative, 'ribbonScales', { decay, ratio, initialScale });
  requireEach(requirePositive, 'ribbonScales', { horizon, largest });
  const logRange = Math.max(0, log(2 * horizon));
  return {
    status: 'reconstruction',
    logRange,
    plateauLength: logRange === 0 ? 1 : 1 + logRange / decay,
    plateauHeight: (initialScale * initialScale * largest) / (2 * horizon),
    directionsAbove:
      logRange === 0 ? 0 : ratio === 0 ? -Infinity : (logRange / PI_SQUARED) * log((FOUR_PI * ratio * ratio) / decay),
    targetRatio: logRange === 0 ? 0 : exp(-PI_SQUARED / logRange),
  };
}

/**
 * The ratio ρ above which the first k widths are geometric: k_c ≥ k, that is ρ² = (c/4π) e^(π² k/L).
 *
 * @returns Infinity where training has not begun (2 η λ₁ T ≤ 1)
 * Reconstruction following [mao2025]. @throws ArgumentError for numbers out of range
 * @example geometricBoundary({ decay: 0.5, horizon: 90, directions: 3 }) // 3.45...
 */
export function geometricBoundary({
  decay,
  horizon,
  directions,
}: Pick<RibbonScalesOptions, 'decay' | 'horizon'> & { readonly directions: number }): number {
  requireEach(requireNonNegative, 'geometricBoundary', { decay, directions });
  requirePositive('geometricBoundary', 'horizon', horizon);
  const logRange = log(2 * horizon);
  return logRange > 0 ? Math.sqrt((decay / FOUR_PI) * exp((PI_SQUARED * directions) / logRange)) : Infinity;
}

/**
 * The ratio ρ above which no plateau is left: ρ² = (c/4π) e^(π²/c), whatever T. An order of magnitude only (exact ones differ by factors of 2 to 15).
 *
 * Infinite for c = 0. Reconstruction following [mao2025]. @throws ArgumentError unless decay >= 0
 * @example plateauBoundary(2) // 4.70...
 */
export function plateauBoundary(decay: number): number {
  requireNonNegative('plateauBoundary', 'decay', decay);
  if (decay === 0) return Infinity;
  return Math.sqrt((decay / FOUR_PI) * exp(PI_SQUARED / decay));
}

/**
 * Predicted eigenvalues of the target part, p = 1: μ_k ≈ (σ_⋆² λ₁/(2 η λ₁ T)) (4π/c) e^(−π² k/L), k = 1..count. Rates within 12 % for T = 1e2..1e8 at c = 0.5; levels are rougher.
 *
 * Reconstruction following [mao2025]. @throws ArgumentError for numbers out of range
 * @example asymptoticTargetEigenvalues({ decay: 0.5, horizon: 90, count: 1 }) // [0.0208...]
 */
export function asymptoticTargetEigenvalues({
  decay,
  horizon,
  targetScale = 1,
  largest = 1,
  count,
}: Pick<RibbonScalesOptions, 'decay' | 'horizon' | 'largest'> & {
  readonly targetScale?: number;
  readonly count: number;
}): Float64Array {
  const { targetRatio, plateauHeight } = ribbonScales({ decay, horizon, ratio: 1, initialScale: targetScale, largest });
  // a spectrum that does not fall has no end of levels, before training none
  let level = targetRatio === 0 ? 0 : (plateauHeight * FOUR_PI) / decay;
  return Float64Array.from({ length: count }, () => (level *= targetRatio));
}
