// From Gaussian and Rademacher complexities to the risk: Theorems 1 and 2 of Pinto, Rangamani and Poggio, and their Rademacher twins.
import { requireNonNegative, requireOneOf } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import type { BoundTerm } from '../bound.js';
import { confidenceTerm } from '../marginTemplate.js';

/**
 * What multiplies the Gaussian complexity of networks with many outputs: `sudakov-fernique` Lip √(2π), by comparison of increments (ours, recommended); `contraction`
 * 2 Lip √π, by vector contraction with √2 (ours); `printed` √(Lip π), as the theorem is printed, which does not scale as it must.
 */
export type LossMultiplier = 'sudakov-fernique' | 'contraction' | 'printed';

/**
 * The factor between the Gaussian complexity of networks and the gap of a Lip-Lipschitz loss of their outputs.
 *
 * @param lipschitz Lip ≥ 0 in the 2-norm of the outputs; √2/γ for the ramp of the margin
 * @throws ArgumentError for a negative or infinite Lip
 * @example lossMultiplier(Math.SQRT2 / 2); // 1.77245385...
 * Source: [pinto2025, Theorem 2] for `printed`. There the complexity scales with the outputs, the multiplier with the root of Lip: scaling both by t and 1/t leaves
 * the loss as it is and sends the printed product to zero, so it cannot hold.
 */
export function lossMultiplier(lipschitz: number, kind: LossMultiplier = 'sudakov-fernique'): number {
  requireNonNegative('lossMultiplier', 'lipschitz', lipschitz);
  requireOneOf('lossMultiplier', 'kind', kind, ['sudakov-fernique', 'contraction', 'printed']);
  if (kind === 'printed') return Math.sqrt(lipschitz * Math.PI);
  return lipschitz * (kind === 'contraction' ? 2 * Math.sqrt(Math.PI) : Math.sqrt(2 * Math.PI));
}

/** The sample size and the probability that a statement may fail with. */
export interface Confidence {
  readonly count: number;
  /** ln δ < 0 */
  readonly logDelta: number;
}

/**
 * The gap of losses in [0, 1] by their Gaussian complexity: √(2π) Ĝ + √(9 ln(2/δ)/(2m)).
 *
 * @param logGaussian ln Ĝ_S of the class of losses
 * @example Math.exp(gapOfGaussian(0, { count: 100, logDelta: Math.log(0.1) })[0].log); // 2.50662827...
 * Source: [pinto2025, Theorem 1].
 */
export function gapOfGaussian(logGaussian: number, { count, logDelta }: Confidence): BoundTerm[] {
  return [{ name: 'complexity', log: 0.5 * log(2 * Math.PI) + logGaussian }, confidenceTerm(count, logDelta)];
}

/**
 * The gap of a Lipschitz loss by the Gaussian complexity of all outputs: {@link lossMultiplier} · Ĝ + √(9 ln(2/δ)/(2m)).
 *
 * @param logGaussian ln of (1/m) E sup ⟨Γ, f(X)⟩
 * @example Math.exp(gapOfVectorGaussian(0, { count: 100, logDelta: Math.log(0.1), lipschitz: 1 })[0].log); // 2.50662827...
 * Source: [pinto2025, Theorem 2], see {@link LossMultiplier}.
 */
export function gapOfVectorGaussian(
  logGaussian: number,
  {
    count,
    logDelta,
    lipschitz,
    multiplier,
  }: Confidence & { readonly lipschitz: number; readonly multiplier?: LossMultiplier },
): BoundTerm[] {
  return [
    { name: 'complexity', log: log(lossMultiplier(lipschitz, multiplier)) + logGaussian },
    confidenceTerm(count, logDelta),
  ];
}

/**
 * The gap of a Lipschitz loss by the Rademacher complexity of all outputs: 2√2 Lip R̂ + 3 √(ln(2/δ)/(2m)).
 *
 * @param logRademacher ln of (1/m) E sup ⟨Σ, f(X)⟩, a sign for every example and output
 * @example Math.exp(gapOfVectorRademacher(0, { count: 100, logDelta: Math.log(0.1), lipschitz: 1 })[0].log); // 2.82842712...
 * Source: [pinto2025, Theorem 12].
 */
export function gapOfVectorRademacher(
  logRademacher: number,
  { count, logDelta, lipschitz }: Confidence & { readonly lipschitz: number },
): BoundTerm[] {
  requireNonNegative('gapOfVectorRademacher', 'lipschitz', lipschitz);
  return [{ name: 'complexity', log: 1.5 * log(2) + log(lipschitz) + logRademacher }, confidenceTerm(count, logDelta)];
}
