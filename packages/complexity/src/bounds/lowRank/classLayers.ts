import { requireWithin } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import type { LayerNorms, NetworkNorms } from '../../norms/networkNorms.js';
import { logSum } from '../logs.js';

/** One layer of the class F_L: matrices W (outputs, inputs) with ‖W‖₂ ≤ spectral, ‖W‖_F ≤ frobenius, rank ≤ rank. */
export interface ClassLayer {
  readonly spectral: number;
  readonly frobenius: number;
  /** hᵢ, rows */
  readonly outputs: number;
  /** hᵢ₋₁, columns */
  readonly inputs: number;
  /** rᵢ in [0, min(outputs, inputs)] */
  readonly rank: number;
}

/** A network whose layers were cut to their numerical rank, as members of F_L, and what the cuts change. */
export interface TruncatedClass {
  readonly layers: readonly ClassLayer[];
  /** names of the layers where singular values above zero were cut */
  readonly cut: readonly string[];
  /** ln of what the cuts change any output by, at most, for inputs of norm `radius`; −∞ where nothing was cut */
  readonly logError: number;
}

/**
 * The layers of a network as members of F_L, each cut to its numerical rank: singular values up to `rankTolerance` times the largest are set to zero.
 *
 * A trained matrix has full rank; a bound that puts its numerical rank in place of it is about the cut network, whose outputs differ by at most
 * R Π sⱼ Σᵢ σ_{r+1}(Wᵢ)/sᵢ. Lipschitz constants of what stands between layers are folded into the layer before. A layer without listed singular values keeps
 * its full rank.
 * @param network norms of its layers as maps
 * @param options.radius R ≥ max ‖x‖₂
 * @param options.rankTolerance in [0, 1), default 1e-12: what only rounding has put there
 * @throws ArgumentError for a tolerance outside [0, 1)
 * @example
 * const layer = { spectral: 5, frobenius: Math.sqrt(26), rows: 2, columns: 3, singularValues: Float64Array.of(5, 1) };
 * const network = { layers: [{ name: 'W', lipschitz: 1, map: layer }] };
 * truncatedClass(network, { radius: 2, rankTolerance: 0.5 }).layers[0].rank; // 1
 */
export function truncatedClass(
  network: Pick<NetworkNorms, 'layers'>,
  { radius, rankTolerance = 1e-12 }: { readonly radius: number; readonly rankTolerance?: number | undefined },
): TruncatedClass {
  requireWithin('truncatedClass', 'rankTolerance', rankTolerance, 0, 1 - Number.EPSILON);
  const parts = network.layers.map((layer, i) => cutLayer(layer, i + 1 < network.layers.length, rankTolerance));
  const others = (i: number): number =>
    parts.reduce((sum, { layer }, j) => (j === i ? sum : sum + log(layer.spectral)), 0);
  const changes = parts.map(({ dropped }, i) => (dropped === 0 ? -Infinity : log(dropped) + others(i)));
  return {
    layers: parts.map(({ layer }) => layer),
    cut: network.layers.filter((_, i) => parts[i]?.dropped !== 0).map(({ name }) => name),
    logError: changes.every((change) => change === -Infinity) ? -Infinity : log(radius) + logSum(changes),
  };
}

/** A layer with its rank, and the largest singular value that was cut. */
function cutLayer(
  { map, lipschitz }: LayerNorms,
  between: boolean,
  tolerance: number,
): { readonly layer: ClassLayer; readonly dropped: number } {
  const factor = between ? lipschitz : 1;
  const sizes = { outputs: map.rows, inputs: map.columns };
  const values = map.singularValues;
  if (values === undefined) {
    const rank = map.spectral === 0 ? 0 : Math.min(map.rows, map.columns);
    return {
      layer: { ...sizes, spectral: factor * map.spectral, frobenius: factor * map.frobenius, rank },
      dropped: 0,
    };
  }
  const largest = values[0] ?? 0;
  // NaN counts as above every limit: it is passed on, never cut
  const kept = values.filter((value) => !(value <= tolerance * largest));
  // sums of squares of quotients: squares of values below 1e-154 or above 1e154 would not do
  const squares = kept.reduce((sum, value) => sum + (value / largest) * (value / largest), 0);
  return {
    layer: {
      ...sizes,
      spectral: factor * map.spectral,
      frobenius: kept.length === values.length ? factor * map.frobenius : factor * largest * Math.sqrt(squares),
      rank: kept.length,
    },
    dropped: kept.length < values.length ? factor * (values[kept.length] as number) : 0,
  };
}
