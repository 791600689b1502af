// The lemmas that Theorem 7 of Pinto, Rangamani and Poggio is built from, each as a number of its own.
import { requireInteger, requireNonNegative } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import { logProduct } from '../logs.js';
import type { ClassLayer } from './classLayers.js';

const ranksOf = (layers: readonly ClassLayer[]): number => Math.min(...layers.map(({ rank }) => rank));
const logSpectra = (layers: readonly ClassLayer[]): number => logProduct(layers.map(({ spectral }) => spectral));

/**
 * ln of the bound on the Gaussian complexity of one layer φ(Wx): Lip(φ) ‖W‖_F ‖X‖_F √h/m, where ‖W‖_F ≤ ‖W‖₂ √rank.
 *
 * @param layer `frobenius` as it is, or spectral · √rank for the class of all matrices of that rank
 * @param options.lipschitz Lip(φ), default 1
 * @example Math.exp(oneLayerBound({ spectral: 5, frobenius: 5, outputs: 2, inputs: 3, rank: 1 }, { count: 4, frobenius: Math.sqrt(10) })); // 5.59016994...
 * Source: [pinto2025, Lemma 10].
 */
export function oneLayerBound(
  layer: ClassLayer,
  {
    count,
    frobenius,
    lipschitz = 1,
  }: { readonly count: number; readonly frobenius: number; readonly lipschitz?: number },
): number {
  requireInteger('oneLayerBound', 'count', count, 1);
  requireNonNegative('oneLayerBound', 'frobenius', frobenius);
  requireNonNegative('oneLayerBound', 'lipschitz', lipschitz);
  return log(lipschitz) + log(layer.frobenius) + log(frobenius) + 0.5 * log(layer.outputs) - log(count);
}

/**
 * ln of the bound on the Gaussian complexity of a linear network W_L … W₁ x: R √(h_L min rank Wᵢ/m) Π sᵢ.
 *
 * @example
 * const layers = [{ spectral: 5, frobenius: 6, outputs: 2, inputs: 3, rank: 2 }, { spectral: 2, frobenius: 2, outputs: 2, inputs: 2, rank: 1 }];
 * Math.exp(deepLinearBound(layers, { count: 4, radius: 2 })); // 14.1421356...
 * Source: [pinto2025, Lemma 4].
 */
export function deepLinearBound(
  layers: readonly ClassLayer[],
  { count, radius }: { readonly count: number; readonly radius: number },
): number {
  requireInteger('deepLinearBound', 'number of layers', layers.length, 1);
  requireInteger('deepLinearBound', 'count', count, 1);
  requireNonNegative('deepLinearBound', 'radius', radius);
  const outputs = (layers.at(-1) as ClassLayer).outputs;
  return log(radius) + 0.5 * (log(outputs) + log(ranksOf(layers)) - log(count)) + logSpectra(layers);
}

/**
 * ln of the bound on the diameter of all images φ(W_l … φ(W₁ X)): ‖X‖_F √(2 min rank Wⱼ) · 2 Π sⱼ, or 2 Π sⱼ ‖X‖_F without the rank, which is never larger (ours).
 *
 * @param layers the first l layers; at least one
 * @param options.rankMode 'printed' (default) or 'tight'
 * @example
 * const layers = [{ spectral: 5, frobenius: 6, outputs: 2, inputs: 3, rank: 2 }];
 * Math.exp(imageDiameter(layers, { frobenius: Math.sqrt(10) })); // 63.2455532...
 * Source: [pinto2025, Lemma 5].
 */
export function imageDiameter(
  layers: readonly ClassLayer[],
  { frobenius, rankMode = 'printed' }: { readonly frobenius: number; readonly rankMode?: 'printed' | 'tight' },
): number {
  requireInteger('imageDiameter', 'number of layers', layers.length, 1);
  requireNonNegative('imageDiameter', 'frobenius', frobenius);
  const rank = rankMode === 'tight' ? 0 : 0.5 * log(2 * ranksOf(layers));
  return log(frobenius) + rank + log(2) + logSpectra(layers);
}

/**
 * ln of the bound on R(W, Z) of one layer: ‖W‖_F √h, whatever the set Z.
 *
 * @example Math.exp(layerIncrement({ spectral: 2, frobenius: 2, outputs: 2, inputs: 2, rank: 1 })); // 2.82842712...
 * Source: [pinto2025, Lemma 6].
 */
export function layerIncrement(layer: ClassLayer): number {
  return log(layer.frobenius) + 0.5 * log(layer.outputs);
}
