import { refuse, requireFiniteEntries } from '@hyperribbon/contract';
import { exp as expOf, type FloatArray } from '@hyperribbon/kernels';
import type { Network } from '@hyperribbon/nn';
import { requireGaussianWeights } from '../gaussian/requireGaussian.js';
import { resolveCurvaturePrior, type CurvaturePriorOptions, type IsotropicOptions } from '../gaussian/gaussianPrior.js';
import type { PriorScale } from '../gaussian/priorFamily.js';
import type { SubspacePrior } from './subspacePosterior.js';

/**
 * A family of Gaussian priors with the directions of a subspace posterior: variance λ_along + λ_shaped · pattern_i along direction i,
 * λ_complement in all others. The scales may be chosen after seeing the data, since the bound pays for a union over their grids.
 *
 * Mean and pattern must not depend on the examples of the bound, and neither must the directions unless the family is spherical.
 */
export interface SubspacePriorFamily {
  readonly network: Network;
  /** (size,) */
  readonly mean: FloatArray;
  readonly scales: readonly PriorScale[];
  /** index into `scales` of the variance that all directions share */
  readonly along: number;
  /** index into `scales` of the variance in all other directions; the same as `along` for N(mean, λ I) */
  readonly complement: number;
  /** a known pattern (k,) ≥ 0 along the directions, with a variance of its own */
  readonly shaped?: { readonly scale: number; readonly pattern: Float64Array };
}

/** N(mean, λ I), which knows no directions: the posterior's may then depend on anything. Methods 2 and 3 [yang2022]. */
export function sphericalPrior(
  network: Network,
  mean: FloatArray,
  { grid = { b: 100, c: 0.1 }, start = expOf(-6), fixed = false }: Omit<IsotropicOptions, 'groups'> = {},
): SubspacePriorFamily {
  requireGaussianWeights('sphericalPrior', 'mean', network, mean);
  return { network, mean, scales: [{ name: 'all weights', grid, start, fixed }], along: 0, complement: 0 };
}

/**
 * Method 4's prior for networks without Kronecker factors [yang2022, released scripts]: variance (L_i + ε₁)/a along the leading
 * eigenvectors of a Fisher matrix, ε₂/a in all other directions.
 *
 * Written here with λ_shaped = L₁/a, λ_along = ε₁/a, λ_complement = ε₂/a, which are the same priors; each of the three has a grid
 * of variances, and the union over all three is paid for. Negative eigenvalues, which are rounding, count as 0.
 *
 * @param eigenvalues (k,) of the Fisher matrix, of inputs beside the bound's examples
 */
export function curvaturePrior(
  network: Network,
  mean: FloatArray,
  eigenvalues: ArrayLike<number>,
  options: CurvaturePriorOptions = {},
): SubspacePriorFamily {
  const { grid, shapedGrid, start, shapedStart } = resolveCurvaturePrior(options);
  requireGaussianWeights('curvaturePrior', 'mean', network, mean);
  requireFiniteEntries('curvaturePrior', 'eigenvalues', eigenvalues);
  const top = Math.max(0, ...Array.from(eigenvalues));
  if (!(top > 0)) refuse('curvaturePrior', 'eigenvalues must have a positive one');
  return {
    network,
    mean,
    scales: [
      { name: 'other directions', grid, start },
      { name: 'directions, flat', grid: shapedGrid, start },
      { name: 'directions, along the curvature', grid: shapedGrid, start: shapedStart },
    ],
    along: 1,
    complement: 0,
    shaped: { scale: 2, pattern: Float64Array.from(eigenvalues, (value) => Math.max(value, 0) / top) },
  };
}

/** One variance in all directions. */
export function isSpherical({ along, complement, shaped }: SubspacePriorFamily): boolean {
  return along === complement && shaped === undefined;
}

/** Variances (k + 1,) of the member of the family with these scales, the last one in all other directions. */
export function subspacePriorVariances(
  { along, complement, shaped }: SubspacePriorFamily,
  k: number,
  scales: readonly number[],
  out: Float64Array = new Float64Array(k + 1),
): Float64Array {
  for (let i = 0; i < k; i++) {
    out[i] = scales[along] + (shaped === undefined ? 0 : scales[shaped.scale] * shaped.pattern[i]);
  }
  out[k] = scales[complement];
  return out;
}

/** The member of the family with these scales, as `subspaceArrays` and `subspaceGaussianKl` take it. */
export function subspacePriorOf(family: SubspacePriorFamily, k: number, scales: readonly number[]): SubspacePrior {
  const std = subspacePriorVariances(family, k, scales);
  for (let i = 0; i <= k; i++) std[i] = Math.sqrt(std[i]);
  return { mean: family.mean, std };
}

/** Checks that a pattern fits k directions and that the scales named exist. */
export function requireSubspacePrior(caller: string, family: SubspacePriorFamily, k: number): void {
  const { network, mean, scales, along, complement, shaped } = family;
  requireGaussianWeights(caller, 'prior.mean', network, mean);
  for (const index of [along, complement, ...(shaped === undefined ? [] : [shaped.scale])]) {
    if (scales[index] === undefined) {
      refuse(caller, `prior has ${scales.length} scales, got one numbered ${index}`);
    }
  }
  if (shaped !== undefined && (shaped.pattern.length !== k || !shaped.pattern.every((v) => v >= 0 && v < Infinity))) {
    refuse(caller, `prior.shaped.pattern must be ${k} numbers ≥ 0, got length ${shaped.pattern.length}`);
  }
}
