import { requireEach, requirePositive } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import { logSum } from '../logs.js';

/** Universal constants that the chain rule leaves without values. */
export interface ChainConstants {
  /** C₁ > 0, default 1: unknown */
  readonly c1?: number;
  /** C₂ > 0, default 1: unknown */
  readonly c2?: number;
}

/** What the chain rule is told of a class F of maps and a set Y, in natural logarithms; −∞ of zero. */
export interface ChainRuleParts {
  /** ln Lip(F), a Lipschitz constant of all maps of F */
  readonly logLipschitz: number;
  /** ln G(Y), Gaussian average of Y without a factor 1/m */
  readonly logAverage: number;
  /** ln D(Y), the diameter of Y */
  readonly logDiameter: number;
  /** ln R(F, Y) = ln sup over y ≠ y′ of E sup over f of ⟨γ, f(y) − f(y′)⟩/‖y − y′‖ */
  readonly logIncrement: number;
  /** ln G(F(y₀)) at any one y₀ in Y, default −∞: for layers y₀ = 0, the image of zero weights */
  readonly logAtPoint?: number;
}

/**
 * ln of the bound on the Gaussian average of all images: G(F(Y)) ≤ C₁ Lip(F) G(Y) + C₂ D(Y) R(F, Y) + G(F(y₀)).
 *
 * C₁ and C₂ come from the majorising-measure theorem; no source gives them values. What rests on them is a number up to unknown constants.
 * @param parts logarithms of the quantities of F and Y
 * @param constants C₁ and C₂, both 1 unless given
 * @throws ArgumentError for constants that are not positive
 * @example Math.exp(gaussianChainRule({ logLipschitz: 0, logAverage: Math.log(3), logDiameter: Math.log(2), logIncrement: Math.log(2) })); // 7
 * Source: [maurer2016], as [pinto2025, Theorem 3] states it.
 */
export function gaussianChainRule(
  { logLipschitz, logAverage, logDiameter, logIncrement, logAtPoint = -Infinity }: ChainRuleParts,
  { c1 = 1, c2 = 1 }: ChainConstants = {},
): number {
  requireEach(requirePositive, 'gaussianChainRule', { c1, c2 });
  return logSum([log(c1) + logLipschitz + logAverage, log(c2) + logDiameter + logIncrement, logAtPoint]);
}
