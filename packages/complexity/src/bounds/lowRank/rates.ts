import { requireCounts, requireInteger, requirePositive } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import { logProduct, logSum } from '../logs.js';
import { pintoRate } from './pinto2025.js';

/** A layer as the rates of Table 1 see it. */
export interface RateLayer {
  readonly spectral: number;
  readonly frobenius: number;
  /** ‖Wᵀ‖_{2,1}: sum over rows of their 2-norms */
  readonly rowSum: number;
  /** hᵢ */
  readonly outputs: number;
  readonly rank: number;
}

/** Table 1 of Pinto, Rangamani and Poggio in numbers: natural logarithms of rates, constants set to one, norms of inputs left out. */
export interface RateTable {
  /** C₁^L Π sᵢ L r √(h/m); the same on F_L */
  readonly pinto: number;
  /** √L Π fᵢ/√m */
  readonly golowich: number;
  /** Π sᵢ √(L r^L/m) */
  readonly golowichOnClass: number;
  /** Π sᵢ √(L² h Σ fᵢ²/sᵢ²/m) */
  readonly neyshabur: number;
  /** Π sᵢ √(L³ r h/m) */
  readonly neyshaburOnClass: number;
  /** Π sᵢ (Σ (‖Wᵢᵀ‖_{2,1}/sᵢ)^{2/3})^{3/2}/√m */
  readonly bartlett: number;
  /** Π sᵢ √(L³ r h/m) */
  readonly bartlettOnClass: number;
  /** C₁^L Π sᵢ L √(r h/m): the rate without the rank in the diameter (ours) */
  readonly tight: number;
}

/**
 * ln of every rate of Table 1 for one network: r is its largest rank, h its largest width. Rates are compared up to constants that differ between sources: which one is
 * smaller here says nothing about bounds.
 *
 * @param layers at least one, spectral norms above zero
 * @param options.count m
 * @param options.c1 C₁, default 1 (unknown)
 * @throws ArgumentError for no layers, a spectral norm of zero
 * @example
 * const layers = [
 *   { spectral: 5, frobenius: Math.sqrt(26), rowSum: 6, outputs: 2, rank: 2 },
 *   { spectral: 2, frobenius: 2, rowSum: 2 * Math.SQRT2, outputs: 2, rank: 1 },
 * ];
 * Math.exp(rateTable(layers, { count: 4 }).bartlett); // 18.4645626...
 * Source: [pinto2025, Table 1].
 */
export function rateTable(
  layers: readonly RateLayer[],
  { count, c1 = 1 }: { readonly count: number; readonly c1?: number },
): RateTable {
  requireInteger('rateTable', 'number of layers', layers.length, 1);
  requireInteger('rateTable', 'count', count, 1);
  for (const layer of layers) requirePositive('rateTable', 'spectral norm of a layer', layer.spectral);
  const depth = layers.length;
  const rank = Math.max(...layers.map((layer) => layer.rank));
  const width = Math.max(...layers.map((layer) => layer.outputs));
  const logSpectralProduct = logProduct(layers.map(({ spectral }) => spectral));
  const quotients = (norm: 'frobenius' | 'rowSum', power: number): number =>
    logSum(layers.map((layer) => power * (log(layer[norm]) - log(layer.spectral))));
  const onClass = logSpectralProduct + 0.5 * (3 * log(depth) + log(rank) + log(width) - log(count));
  const sizes = { logSpectralProduct, radius: 1, depth, rank, width, count, c1 };
  return {
    pinto: pintoRate(sizes),
    tight: pintoRate({ ...sizes, rate: 'tight' }),
    golowich: logProduct(layers.map(({ frobenius }) => frobenius)) + 0.5 * (log(depth) - log(count)),
    golowichOnClass: logSpectralProduct + 0.5 * (log(depth) + depth * log(rank) - log(count)),
    neyshabur: logSpectralProduct + log(depth) + 0.5 * (log(width) + quotients('frobenius', 2) - log(count)),
    neyshaburOnClass: onClass,
    bartlett: logSpectralProduct + 1.5 * quotients('rowSum', 2 / 3) - 0.5 * log(count),
    bartlettOnClass: onClass,
  };
}

/** Depth L, largest rank r and width h of a class F_L. */
export interface CrossoverSizes {
  readonly depth: number;
  readonly rank: number;
  readonly width: number;
  /** C₁, default 1 (unknown) */
  readonly c1?: number;
}

/** On which sides of the crossovers of Table 1 a class lies. */
export interface Crossover {
  readonly depth: number;
  readonly rank: number;
  /** the rate of Pinto et al. is below that of Bartlett et al. and of Neyshabur et al. 2018: C₁^{2L} r < L */
  readonly belowSpectral: boolean;
  /** it is below that of Golowich et al.: C₁^{2L} L r² h < r^L */
  readonly belowGolowich: boolean;
  /** the rate without the rank in the diameter (ours) is below those of Bartlett et al. and of Neyshabur et al.: C₁^{2L} < L, whatever the rank */
  readonly tightBelowSpectral: boolean;
}

/**
 * Whether the rate of Theorem 7 is below the other rates on F_L, by whole numbers where C₁ = 1, so that ties are ties.
 *
 * @throws ArgumentError for sizes that are no counts, C₁ ≤ 0
 * @example
 * crossover({ depth: 4, rank: 3, width: 10 }).belowSpectral; // true
 * crossover({ depth: 4, rank: 4, width: 10 }).belowSpectral; // false
 * Source: [pinto2025, Table 1 and its discussion].
 */
export function crossover({ depth, rank, width, c1 = 1 }: CrossoverSizes): Crossover {
  requireCounts('crossover', { depth, rank, width });
  requirePositive('crossover', 'c1', c1);
  const constant = product(c1, 2 * depth);
  return {
    depth,
    rank,
    belowSpectral: constant * rank < depth,
    belowGolowich: constant * depth * rank * rank * width < product(rank, depth),
    tightBelowSpectral: constant < depth,
  };
}

/** xⁿ by multiplication: exact for whole numbers below 2⁵³. */
function product(x: number, n: number): number {
  let result = 1;
  for (let i = 0; i < n; i++) result *= x;
  return result;
}

/**
 * {@link crossover} for every pair of depth and rank: one row per depth, one entry per rank.
 *
 * @throws ArgumentError as crossover
 * @example crossoverTable({ depths: [2, 3], ranks: [1, 2, 3], width: 10 }).map((row) => row.filter((c) => c.belowSpectral).length); // [1, 2]
 * Source: [pinto2025, Table 1 and its discussion].
 */
export function crossoverTable({
  depths,
  ranks,
  width,
  c1 = 1,
}: {
  readonly depths: readonly number[];
  readonly ranks: readonly number[];
  readonly width: number;
  readonly c1?: number;
}): Crossover[][] {
  return depths.map((depth) => ranks.map((rank) => crossover({ depth, rank, width, c1 })));
}
