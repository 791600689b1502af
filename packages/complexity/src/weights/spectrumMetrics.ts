import { refuse, requireFloatArray, requireInteger } from '@hyperribbon/contract';
import { exp, log } from '@hyperribbon/kernels';

/** Numbers of one layer's eigenvalues; logarithms are decimal, as WeightWatcher's are. */
export interface SpectrumMetrics {
  /** Σ λ = ‖W‖_F² */
  readonly norm: number;
  readonly logNorm: number;
  /** log₁₀ λ_max, which is twice that of the spectral norm */
  readonly logSpectralNorm: number;
  /** α log₁₀ λ_max, "alpha hat" */
  readonly alphaWeighted: number;
  /** log₁₀ Σ λ^α */
  readonly logAlphaNorm: number;
  /** Σ λ/λ_max */
  readonly stableRank: number;
  /** −Σ p ln p/ln(rank) with p = λ/Σ λ; 0 at rank 1 */
  readonly entropy: number;
  readonly rank: number;
  /** Σ ln λ over the tail from xmin on, eigenvalues scaled to mean 1: near 0 is the determinant condition */
  readonly tailLogDeterminant: number;
  /** most largest eigenvalues, scaled so, whose logarithms still add up to at least 0 */
  readonly determinantTail: number;
}

/**
 * The metrics of [martin2021] of one layer, sums of logarithms throughout: nothing overflows.
 *
 * @param eigenvalues of WᵀW, ascending, the last positive
 * @param fit exponent and beginning of the tail; with α = ∞ the two metrics that contain it are infinite
 * @param rank of W, at least 1
 * @throws ArgumentError without a positive eigenvalue
 * @example spectrumMetrics(Float64Array.of(1, 10), { alpha: 2.5, xmin: 1 }, 2).alphaWeighted; // 2.5
 */
export function spectrumMetrics(
  eigenvalues: Float64Array,
  { alpha, xmin }: { readonly alpha: number; readonly xmin: number },
  rank: number,
): SpectrumMetrics {
  requireFloatArray('spectrumMetrics', 'eigenvalues', eigenvalues);
  requireInteger('spectrumMetrics', 'rank', rank, 1);
  const largest = eigenvalues.length === 0 ? 0 : eigenvalues[eigenvalues.length - 1];
  if (!(largest > 0)) refuse('spectrumMetrics', `the largest eigenvalue must be positive, got ${largest}`);
  let [shares, powers, spread] = [0, 0, 0];
  for (const lambda of eigenvalues) {
    const share = lambda / largest;
    shares += share;
    if (share <= 0) continue;
    powers += share === 1 ? 1 : exp(alpha * log(share));
    spread -= share * log(share);
  }
  // p = share/shares: −Σ p ln p = Σ −share ln share/shares + ln shares
  const entropy = rank === 1 ? 0 : (spread / shares + log(shares)) / log(rank);
  const logSpectralNorm = log(largest) / Math.LN10;
  const alphaWeighted = alpha * logSpectralNorm;
  return {
    norm: shares * largest,
    logNorm: logSpectralNorm + log(shares) / Math.LN10,
    logSpectralNorm,
    alphaWeighted,
    logAlphaNorm: alphaWeighted + log(powers) / Math.LN10,
    stableRank: shares,
    entropy,
    rank,
    ...determinant(eigenvalues, xmin, log(largest) + log(shares / eigenvalues.length)),
  };
}

function determinant(
  eigenvalues: Float64Array,
  xmin: number,
  logMean: number,
): Pick<SpectrumMetrics, 'tailLogDeterminant' | 'determinantTail'> {
  let [tailLogDeterminant, running, determinantTail] = [0, 0, 0];
  for (let i = eigenvalues.length - 1; i >= 0 && eigenvalues[i] > 0; i--) {
    const scaled = log(eigenvalues[i]) - logMean;
    running += scaled;
    if (eigenvalues[i] >= xmin) tailLogDeterminant += scaled;
    if (running >= 0) determinantTail = eigenvalues.length - i;
  }
  return { tailLogDeterminant, determinantTail };
}
