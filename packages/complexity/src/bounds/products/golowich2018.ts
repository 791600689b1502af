import { requireInteger, requireNonNegative, requirePositive, requireWithin } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';

/**
 * ln of the bound on the Rademacher complexity of one output by Frobenius norms: (1/m) Π fᵢ (√(2 ln 2 · d) + 1) ‖X‖_F.
 *
 * @param sizes ln Π fᵢ, the number d of layers of weights, ‖X‖_F (or R √m, which is never smaller), and m
 * @throws ArgumentError for counts < 1, a negative or infinite ‖X‖_F
 * @example Math.exp(golowichFrobenius({ logFrobeniusProduct: 0.5 * Math.log(104), depth: 2, frobenius: Math.sqrt(10), count: 4 })); // 21.4867974...
 * Source: [golowich2018, Theorem 1]; the rate is read there, the constant in code of [graf2022].
 */
export function golowichFrobenius({
  logFrobeniusProduct,
  depth,
  frobenius,
  count,
}: {
  readonly logFrobeniusProduct: number;
  readonly depth: number;
  readonly frobenius: number;
  readonly count: number;
}): number {
  requireInteger('golowichFrobenius', 'depth', depth, 1);
  requireInteger('golowichFrobenius', 'count', count, 1);
  requireNonNegative('golowichFrobenius', 'frobenius', frobenius);
  return logFrobeniusProduct + log(Math.sqrt(2 * log(2) * depth) + 1) + log(frobenius) - log(count);
}

/**
 * ln of the bound on the Rademacher complexity of one output by 1-norms of rows: (2/m) Π ‖Wᵢ‖_{1,∞} √(d + 1 + ln n) √(max_j Σᵢ x_ij²).
 *
 * @param sizes ln Π ‖Wᵢ‖_{1,∞}, d layers, n features of an example, max over features j of Σᵢ x_ij², and m
 * @returns Infinity where the squares overflow
 * @throws ArgumentError for counts < 1, a negative sum of squares
 * @example Math.exp(golowichRows({ logRowProduct: Math.log(14), depth: 2, features: 3, largestFeature: 6, count: 4 })); // 34.7129948...
 * Source: [golowich2018, Theorem 2]; the rate is read there, the constant in code of [graf2022].
 */
export function golowichRows({
  logRowProduct,
  depth,
  features,
  largestFeature,
  count,
}: {
  readonly logRowProduct: number;
  readonly depth: number;
  readonly features: number;
  readonly largestFeature: number;
  readonly count: number;
}): number {
  requireInteger('golowichRows', 'depth', depth, 1);
  requireInteger('golowichRows', 'features', features, 1);
  requireInteger('golowichRows', 'count', count, 1);
  // squares of inputs above 1e154 overflow: then there is no bound
  requireWithin('golowichRows', 'largestFeature', largestFeature, 0, Infinity);
  return log(2) - log(count) + logRowProduct + 0.5 * (log(depth + 1 + log(features)) + log(largestFeature));
}

/**
 * ln of the rate that does not grow with depth, its constant set to one: Π fᵢ min{ √(ln(Π fᵢ/Γ)/√m), √(d/m) } for inputs of norm at most one.
 *
 * @param sizes ln Π fᵢ, ln Γ with Γ a lower bound on Π sᵢ, d layers, and m
 * @throws ArgumentError for counts < 1
 * @example Math.exp(golowichDepthFree({ logFrobeniusProduct: 0.5 * Math.log(104), logLower: Math.log(10), depth: 2, count: 4 })); // 1.00982104...
 * Source: [golowich2018, Corollary 1 of the abstract's statement]: constants and logarithms are dropped.
 */
export function golowichDepthFree({
  logFrobeniusProduct,
  logLower,
  depth,
  count,
}: {
  readonly logFrobeniusProduct: number;
  readonly logLower: number;
  readonly depth: number;
  readonly count: number;
}): number {
  requireInteger('golowichDepthFree', 'depth', depth, 1);
  requireInteger('golowichDepthFree', 'count', count, 1);
  // Π f ≥ Π s ≥ Γ: what is below zero is rounding
  const ratio = logFrobeniusProduct === -Infinity ? 0 : Math.max(0, logFrobeniusProduct - logLower);
  const free = 0.5 * (log(ratio) - 0.5 * log(count));
  return logFrobeniusProduct + Math.min(free, 0.5 * (log(depth) - log(count)));
}

/**
 * ln of the rate of Bartlett et al. made free of depth, its constant set to one:
 * B L_c Π M(j) min{ ln(Π M_p(j)/Γ)^{1/(2/3 + p)}/m^{1/(2 + 3p)}, √(d³/m) }.
 *
 * @param sizes B = max ‖x‖₂, L_c ≥ max ‖Wⱼᵀ‖_{2,1}/‖Wⱼ‖₂, ln Π M(j) of spectral limits, ln Π M_p(j) of Schatten-p limits, ln Γ with Γ a lower bound on Π ‖Wⱼ‖₂,
 * d layers, p > 0, and m
 * @throws ArgumentError for counts < 1, p ≤ 0, negative or infinite B and L_c
 * @example
 * const sizes = { radius: 2, rowQuotient: 3, logSpectralProduct: Math.log(10), logSchattenProduct: Math.log(12), logLower: Math.log(10) };
 * Math.exp(bartlettDepthFree({ ...sizes, depth: 1, order: 2, count: 1000 })); // 1.89736659...
 * Source: [golowich2018, Corollary on spectral norms]: constants and logarithms are dropped.
 */
export function bartlettDepthFree({
  radius,
  rowQuotient,
  logSpectralProduct,
  logSchattenProduct,
  logLower,
  depth,
  order,
  count,
}: {
  readonly radius: number;
  readonly rowQuotient: number;
  readonly logSpectralProduct: number;
  readonly logSchattenProduct: number;
  readonly logLower: number;
  readonly depth: number;
  /** p */
  readonly order: number;
  readonly count: number;
}): number {
  requireInteger('bartlettDepthFree', 'depth', depth, 1);
  requireInteger('bartlettDepthFree', 'count', count, 1);
  requirePositive('bartlettDepthFree', 'order', order);
  requireNonNegative('bartlettDepthFree', 'radius', radius);
  requireNonNegative('bartlettDepthFree', 'rowQuotient', rowQuotient);
  const ratio = logSchattenProduct === -Infinity ? 0 : Math.max(0, logSchattenProduct - logLower);
  const free = log(ratio) / (2 / 3 + order) - log(count) / (2 + 3 * order);
  return log(radius) + log(rowQuotient) + logSpectralProduct + Math.min(free, 0.5 * (3 * log(depth) - log(count)));
}

/**
 * ln of the lower bound on the Rademacher complexity of networks with Schatten-p limits, its constant set to one: B Π M_p(j) h^{max(0, 1/2 − 1/p)}/√m. With
 * p = ∞ (spectral norms alone) no bound can be free of the width h.
 *
 * @param sizes B = max ‖x‖₂, ln Π M_p(j), the width h, p ≥ 1 (Infinity: spectral norms), and m
 * @throws ArgumentError for counts < 1, p < 1
 * @example Math.exp(golowichLower({ radius: 2, logSchattenProduct: Math.log(10), width: 9, order: Infinity, count: 4 })); // 30
 * Source: [golowich2018, Theorem on lower bounds]: the constant is dropped.
 */
export function golowichLower({
  radius,
  logSchattenProduct,
  width,
  order,
  count,
}: {
  readonly radius: number;
  readonly logSchattenProduct: number;
  readonly width: number;
  /** p */
  readonly order: number;
  readonly count: number;
}): number {
  requireInteger('golowichLower', 'width', width, 1);
  requireInteger('golowichLower', 'count', count, 1);
  requireNonNegative('golowichLower', 'radius', radius);
  requireWithin('golowichLower', 'order', order, 1, Infinity);
  const power = Math.max(0, 0.5 - 1 / order);
  return log(radius) + logSchattenProduct + power * log(width) - 0.5 * log(count);
}
