import { refuse, requireEach, requirePositive, requireWithin } from '@hyperribbon/contract';
import { exp, log } from '@hyperribbon/kernels';
import { logSum } from '../logs.js';

/** What spectral complexity asks of one layer. */
export interface SpectralLayer {
  /** s = ‖W‖₂ ≥ 0 */
  readonly spectral: number;
  /** b = ‖Wᵀ − Mᵀ‖_{2,1}: the sum over rows (output units) of the 2-norms of W − M */
  readonly difference: number;
  /** ρ of the activation after the layer, default 1 */
  readonly lipschitz?: number;
}

/**
 * ln R_A, the logarithm of the spectral complexity
 *
 *     R_A = Π ρᵢ sᵢ · (Σᵢ (bᵢ/sᵢ)^⅔)^{3/2} = (Σᵢ (bᵢ Π_{j≠i} sⱼ · Π ρⱼ)^⅔)^{3/2}
 *
 * The second form is the one evaluated: it has a value where a layer is zero.
 *
 * @param layers from the input to the output; at least one
 * @returns −∞ where R_A is zero; NaN where a number is NaN
 * @throws ArgumentError for no layers, or a negative number
 * Cost: L² additions for L layers.
 * @example
 * const rows = [{ spectral: 5, difference: 6 }, { spectral: 2, difference: 2 * Math.SQRT2 }];
 * Math.exp(logSpectralComplexity(rows)); // 36.9291252759...
 * Source: [bartlett2017, eq. 1.2].
 */
export function logSpectralComplexity(layers: readonly SpectralLayer[]): number {
  if (layers.length === 0) refuse('logSpectralComplexity', 'there are no layers; a network has at least one');
  layers.forEach(({ spectral, difference, lipschitz = 1 }, i) => {
    if (spectral < 0 || difference < 0 || lipschitz < 0)
      refuse(
        'logSpectralComplexity',
        `norms are never negative, got ${spectral}, ${difference}, ${lipschitz} at layer ${i}`,
      );
  });
  const logs = layers.map(({ spectral }) => log(spectral));
  const rho = layers.reduce((sum, { lipschitz = 1 }) => sum + log(lipschitz), 0);
  const terms = layers.map(({ difference }, i) =>
    logs.reduce((sum, s, j) => (j === i ? sum : sum + s), log(difference) + rho),
  );
  return 1.5 * logSum(terms.map((term) => (2 / 3) * term));
}

/**
 * ln of the covering number's bound ‖X‖_F² ln(2W²) R_A²/ε² of a class of networks on a sample, in the Frobenius norm of all outputs.
 *
 * @param logComplexity ln R_A
 * @param frobenius ‖X‖_F
 * @param widest W, the largest dimension of a layer, that of the input included
 * @param radius ε > 0
 * @example Math.exp(logCoveringNumber(Math.log(36.9291252759), { frobenius: Math.sqrt(10), widest: 3, radius: 10 })); // 394.17...
 * Source: [bartlett2017, Theorem 3.3].
 */
export function logCoveringNumber(
  logComplexity: number,
  { frobenius, widest, radius }: { frobenius: number; widest: number; radius: number },
): number {
  return 2 * (logComplexity + log(frobenius) - log(radius)) + log(log(2) + 2 * log(widest));
}

/**
 * ln of the covering number's bound for one layer: ⌈a² b² h^{2/r}/ε²⌉ ln(2 d h) for {X A : ‖A‖_{q,s} ≤ a}, with 1/r + 1/s = 1 and b the norm of X dual to q.
 *
 * @param layer.norm a > 0; of (2, 1) norms r is ∞ and the width h stands in the logarithm only
 * @param layer.data b > 0
 * @param layer.rows d and layer.columns h, the dimensions of A
 * @param layer.order r in [1, ∞], default ∞
 * @param radius ε > 0
 * @throws ArgumentError for numbers that are not positive, an order below 1
 * @example logLayerCovering({ norm: 6, data: Math.sqrt(10), rows: 3, columns: 2 }, 10); // ln(4 ln 12) = 2.296...
 * Source: [bartlett2017, Lemma 3.2].
 */
export function logLayerCovering(
  layer: {
    readonly norm: number;
    readonly data: number;
    readonly rows: number;
    readonly columns: number;
    readonly order?: number;
  },
  radius: number,
): number {
  const { norm, data, rows, columns, order = Infinity } = layer;
  requireEach(requirePositive, 'logLayerCovering', { norm, data, rows, columns, radius });
  requireWithin('logLayerCovering', 'order', order, 1, Infinity);
  const logPieces = 2 * (log(norm) + log(data) - log(radius)) + (2 / order) * log(columns);
  // beyond 2⁵² a whole number more or less makes no difference
  const rounded = logPieces < 36 ? log(Math.ceil(exp(logPieces))) : logPieces;
  return rounded + log(log(2 * rows * columns));
}

/**
 * Margins over R_A ‖X‖_F/m: on this scale networks of different size compare, and their distributions tell hard data from easy data.
 *
 * @param margins (m,)
 * @param logComplexity ln R_A
 * @param frobenius ‖X‖_F
 * @returns (m,) new array; ±∞, or NaN of a margin of zero, where R_A ‖X‖_F is zero
 * @throws ArgumentError for no margins
 * @example normalizedMargins(Float64Array.of(14, 2), Math.log(36.9291252759), Math.sqrt(10)); // [0.2397..., 0.0342...]
 * Source: [bartlett2017, section 2].
 */
export function normalizedMargins(margins: ArrayLike<number>, logComplexity: number, frobenius: number): Float64Array {
  if (!(margins.length > 0)) refuse('normalizedMargins', 'margins are empty: a sample has at least one example');
  const unit = exp(logComplexity + log(frobenius) - log(margins.length));
  return Float64Array.from(margins, (margin) => margin / unit);
}
