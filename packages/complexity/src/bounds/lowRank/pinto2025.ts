import {
  refuse,
  requireEach,
  requireInteger,
  requireNonNegative,
  requireOneOf,
  requirePositive,
} from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import { logSum } from '../logs.js';
import { type ChainConstants, gaussianChainRule } from './chainRule.js';
import type { ClassLayer } from './classLayers.js';

/**
 * Which factor for the rank stands in the diameter of the images of layer i − 1: `printed` 2√(2 min rank Wⱼ) over j ≤ i, as the theorem is printed; `derived` the
 * same over j ≤ i − 1, as its derivation gives it (never smaller); `tight` 2, since ‖f(X)‖_F ≤ Π sⱼ ‖X‖_F needs no rank (ours, never larger than
 * `derived`).
 */
export type RankMode = 'printed' | 'derived' | 'tight';

/** The sample and the constants at which Theorem 7 is evaluated. */
export interface PintoOptions extends ChainConstants {
  /** m ≥ 1 */
  readonly count: number;
  /** ‖X‖_F ≥ 0 */
  readonly frobenius: number;
  /** default 'derived' */
  readonly rankMode?: RankMode;
}

/** Theorem 7 with its parts, in natural logarithms. */
export interface PintoComplexity {
  /** ln of the bound on Ĝ_S(F_L) */
  readonly log: number;
  /** ln of the first term in the braces, without ‖X‖_F/m */
  readonly logFirst: number;
  /** ln of the sum over layers in the braces, without ‖X‖_F/m; −∞ for one layer */
  readonly logSecond: number;
}

const twiceRoot = (rank: number): number => 2 * Math.sqrt(2 * rank);

/** The factor of the diameter before layer i (from 0), i ≥ 1: see RankMode. */
function rankFactor(ranks: readonly number[], i: number, mode: RankMode): number {
  if (mode === 'tight') return 2;
  return twiceRoot(Math.min(...ranks.slice(0, mode === 'printed' ? i + 1 : i)));
}

function requireClass(caller: string, layers: readonly ClassLayer[], options: PintoOptions): Required<PintoOptions> {
  if (layers.length === 0) refuse(caller, 'layers are empty: a network has at least one layer of weights');
  const { count, frobenius, rankMode = 'derived', c1 = 1, c2 = 1 } = options;
  requireInteger(caller, 'count', count, 1);
  requireNonNegative(caller, 'frobenius', frobenius);
  requireOneOf(caller, 'rankMode', rankMode, ['printed', 'derived', 'tight']);
  requireEach(requirePositive, caller, { c1, c2 });
  return { count, frobenius, rankMode, c1, c2 };
}

/**
 * ln of the bound on the Gaussian complexity of networks with low-rank layers, in closed form:
 * (‖X‖_F/m) { ‖W₁‖_F √h₁ Π_{i≥2} C₁ sᵢ + Σ_{i≥2} C₁^{L−i} C₂ ρᵢ κᵢ ‖Wᵢ‖_F √hᵢ }, κᵢ = Π_{j≠i} sⱼ, and ρᵢ the factor of the rank, see {@link RankMode}.
 *
 * Ĝ_S(F_L) = (1/m) E sup ⟨Γ, f(X)⟩ counts all outputs at once, with a Gaussian for every example and output.
 * @param layers limits of the class, from the input to the output; at least one
 * @param options the sample, C₁, C₂ (unknown, 1 unless given), and the rank mode
 * @returns logarithms; −∞ where a layer is zero
 * @throws ArgumentError for no layers, count < 1, a negative or infinite ‖X‖_F, constants that are not positive
 * @example
 * const layers = [
 *   { spectral: 5, frobenius: Math.sqrt(26), outputs: 2, inputs: 3, rank: 2 },
 *   { spectral: 2, frobenius: 2, outputs: 2, inputs: 2, rank: 1 },
 * ];
 * Math.exp(pintoComplexity(layers, { count: 4, frobenius: Math.sqrt(10), rankMode: 'printed' }).log); // 43.0245308...
 * Source: [pinto2025, Theorem 7]; `derived` and `tight` are ours.
 */
export function pintoComplexity(layers: readonly ClassLayer[], options: PintoOptions): PintoComplexity {
  const { count, frobenius, rankMode, c1, c2 } = requireClass('pintoComplexity', layers, options);
  const ranks = layers.map(({ rank }) => rank);
  const logs = layers.map(({ spectral }) => log(spectral));
  /** ln Π over j ≠ i of sⱼ */
  const others = (i: number): number => logs.reduce((sum, l, j) => (j === i ? sum : sum + l), 0);
  const widened = layers.map((layer) => log(layer.frobenius) + 0.5 * log(layer.outputs));
  const above = layers.length - 1;
  const logFirst = (widened[0] as number) + above * log(c1) + others(0);
  const logSecond = logSum(
    layers.slice(1).map((_, k) => {
      const i = k + 1;
      return (above - i) * log(c1) + log(c2) + log(rankFactor(ranks, i, rankMode)) + others(i) + (widened[i] as number);
    }),
  );
  return { log: log(frobenius) - log(count) + logSum([logFirst, logSecond]), logFirst, logSecond };
}

/**
 * The same by the recursion it comes from, one chain rule per layer: G₁ = ‖W₁‖_F ‖X‖_F √h₁, Gᵢ = C₁ sᵢ Gᵢ₋₁ + C₂ D(Zᵢ₋₁) R(Wᵢ, Zᵢ₋₁), divided by m in the end.
 *
 * @returns ln Gᵢ/m for every layer, the last one being {@link pintoComplexity}
 * @throws ArgumentError as pintoComplexity
 * @example
 * const layers = [{ spectral: 5, frobenius: 5, outputs: 1, inputs: 3, rank: 1 }];
 * Math.exp(pintoRecursion(layers, { count: 4, frobenius: 2 })[0]); // 2.5
 * Source: [pinto2025, proof of Theorem 7].
 */
export function pintoRecursion(layers: readonly ClassLayer[], options: PintoOptions): number[] {
  const { count, frobenius, rankMode, c1, c2 } = requireClass('pintoRecursion', layers, options);
  const ranks = layers.map(({ rank }) => rank);
  const averages: number[] = [];
  let logProduct = log(frobenius);
  layers.forEach((layer, i) => {
    const logIncrement = log(layer.frobenius) + 0.5 * log(layer.outputs);
    averages.push(
      i === 0
        ? log(frobenius) + logIncrement
        : gaussianChainRule(
            {
              logLipschitz: log(layer.spectral),
              logAverage: averages[i - 1] as number,
              logDiameter: log(rankFactor(ranks, i, rankMode)) + logProduct,
              logIncrement,
            },
            { c1, c2 },
          ),
    );
    logProduct += log(layer.spectral);
  });
  return averages.map((average) => average - log(count));
}

/** Sizes of a class for the rate of Theorem 7: maxima over its layers. */
export interface PintoRate extends Pick<ChainConstants, 'c1'> {
  readonly logSpectralProduct: number;
  /** R = max ‖x‖₂ */
  readonly radius: number;
  readonly depth: number;
  /** r, the largest rank */
  readonly rank: number;
  /** h, the largest width */
  readonly width: number;
  readonly count: number;
  /** `printed` C₁^L Π Bᵢ R L r √(h/m); `tight` C₁^L Π Bᵢ R L √(r h/m), ours. Default 'printed' */
  readonly rate?: 'printed' | 'tight';
}

/**
 * ln of the rate that Theorem 7 is summarised by, with its constant set to one: C₁^L Π Bᵢ R L r √(h/m).
 *
 * @throws ArgumentError for sizes that are no counts, a radius that is negative or infinite
 * @example Math.exp(pintoRate({ logSpectralProduct: Math.log(10), radius: 2, depth: 2, rank: 2, width: 2, count: 4 })); // 56.5685424...
 * Source: [pinto2025, after Theorem 7].
 */
export function pintoRate(sizes: PintoRate): number {
  const { logSpectralProduct, radius, depth, rank, width, count, c1 = 1, rate = 'printed' } = sizes;
  requireInteger('pintoRate', 'depth', depth, 1);
  requireInteger('pintoRate', 'rank', rank, 0);
  requireInteger('pintoRate', 'width', width, 1);
  requireInteger('pintoRate', 'count', count, 1);
  requireNonNegative('pintoRate', 'radius', radius);
  requirePositive('pintoRate', 'c1', c1);
  requireOneOf('pintoRate', 'rate', rate, ['printed', 'tight']);
  const rankPower = rate === 'printed' ? log(rank) : 0.5 * log(rank);
  return depth * log(c1) + logSpectralProduct + log(radius) + log(depth) + rankPower + 0.5 * (log(width) - log(count));
}
