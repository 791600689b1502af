import { refuse, requireInteger, requireNonNegative, requirePositive } from '@hyperribbon/contract';
import { exp } from '@hyperribbon/kernels';

/** Size and scale of a model spectrum. */
export interface SloppyEigenvaluesOptions {
  /** d ≥ 1; default: enough for λ_d < 1e-17 λ₁ (⌊40/c⌋, at least 20) */
  readonly dimension?: number;
  /** λ₁ > 0, default 1 */
  readonly largest?: number;
}

/**
 * The model spectrum of sloppy data: λᵢ = λ₁ e^(−c (i − 1)), i = 1..d, c ≥ 0 the natural-log slope of the eigenvalues (not of their roots) [transtrum2011; mao2025].
 *
 * @throws ArgumentError for a decay < 0, and for c = 0 without a dimension
 * @example sloppyEigenvalues(0.5, { dimension: 3 }) // [1, 0.606..., 0.367...]
 */
export function sloppyEigenvalues(
  decay: number,
  { dimension, largest = 1 }: SloppyEigenvaluesOptions = {},
): Float64Array {
  requireNonNegative('sloppyEigenvalues', 'decay', decay);
  requirePositive('sloppyEigenvalues', 'largest', largest);
  const size = dimension ?? defaultDimension('sloppyEigenvalues', decay);
  requireInteger('sloppyEigenvalues', 'dimension', size, 1);
  return Float64Array.from({ length: size }, (_, i) => largest * exp(-decay * i));
}

/** Beyond it eigenvalues are below 1e-17 λ₁. @throws ArgumentError for a decay so small that this exceeds 20 000 */
export function defaultDimension(caller: string, decay: number): number {
  const dimension = Math.max(20, Math.floor(40 / decay));
  if (!(dimension <= 20_000)) {
    refuse(caller, `a spectrum with decay=${decay} has no end of its own; give its dimension`);
  }
  return dimension;
}
