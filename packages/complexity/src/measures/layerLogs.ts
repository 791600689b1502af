import { log } from '@hyperribbon/kernels';
import { sumOfLogs } from '../bounds/logs.js';
import type { NetworkNorms } from '../norms/networkNorms.js';

/** ln of the squares of the norms of every layer. */
export interface LayerLogs {
  readonly names: readonly string[];
  /** ln s² */
  readonly spectral: readonly number[];
  /** ln f² */
  readonly frobenius: readonly number[];
  /** ln of the squares for W − W⁰; absent where a layer has no reference */
  readonly change?: { readonly spectral: readonly number[]; readonly frobenius: readonly number[] };
  /** what is said beside every number that uses s */
  readonly caveats: readonly string[];
}

/**
 * @param of 'filters': spectral norms of the matrices of filters; 'map': of the linear map that a layer is of a whole example. Frobenius norms are those of
 * the filters in both, as in the sources
 */
export function layerLogs({ layers }: NetworkNorms, of: 'filters' | 'map'): LayerLogs {
  const square = (norm: number): number => 2 * log(norm);
  const spectral = layers.map((layer) => layer[of]);
  const given = layers.every(({ change }) => change !== undefined);
  const named = (kind: 'lower' | 'upper'): string[] =>
    layers.filter((_, i) => spectral[i].spectralIs === kind).map(({ name }) => name);
  const caveats = [...told(named('lower'), 'is known from below only'), ...told(named('upper'), 'is an upper limit')];
  return {
    names: layers.map(({ name }) => name),
    spectral: spectral.map((norms) => square(norms.spectral)),
    frobenius: layers.map(({ filters }) => square(filters.frobenius)),
    ...(given && {
      change: {
        spectral: layers.map(({ change }) => square(change![of].spectral)),
        frobenius: layers.map(({ change }) => square(change!.filters.frobenius)),
      },
    }),
    caveats,
  };
}

function told(names: readonly string[], what: string): string[] {
  return names.length === 0 ? [] : [`the spectral norm of ${names.join(', ')} ${what}`];
}

/**
 * ln of Π s² Σ_j a_j/s_j², as Σ_j a_j Π_{i≠j} s_i²: the same number, and the right one where a layer is zero.
 *
 * @param sizes ln a_j
 */
export function productTimesRatios(sizes: readonly number[], spectral: readonly number[]): number[] {
  return sizes.map((size, j) => sumOfLogs([size, ...spectral.filter((_, i) => i !== j)]));
}
