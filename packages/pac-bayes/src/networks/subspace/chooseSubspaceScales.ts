import { requireLength } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import { subspaceGaussianKl } from '../../divergences/subspaceGaussianKl.js';
import type { ChosenPrior } from '../certify/chooseScales.js';
import { memberPrice } from '../certify/memberPrice.js';
import { searchGrids } from '../certify/searchGrids.js';
import type { SubspacePosterior } from './subspacePosterior.js';
import {
  requireSubspacePrior,
  subspacePriorOf,
  subspacePriorVariances,
  type SubspacePriorFamily,
} from './subspacePriorFamily.js';

/** A prior of the family with every scale on its grid, what choosing it costs, and how nearly orthonormal the directions are. */
export interface ChosenSubspacePrior extends ChosenPrior {
  /** |U Uᵀ − I|; what it may have cost is in the KL already */
  readonly orthonormality: number;
}

/**
 * The member of the prior family, on the grids, that makes KL + price smallest for a posterior; its KL rounded up.
 *
 * @param near variances near which the grids are searched
 * @throws RangeError for a family that does not fit; AssumptionError for directions that are not orthonormal
 * Cost: 2 k size products, k² size/2 for the KL
 */
export function chooseSubspaceScales(
  family: SubspacePriorFamily,
  posterior: SubspacePosterior,
  near: readonly number[],
): ChosenSubspacePrior {
  const { scales } = family;
  const { mean, std, directions } = posterior;
  const p = mean.length;
  const k = std.length - 1;
  requireSubspacePrior('chooseSubspaceScales', family, k);
  requireLength('chooseSubspaceScales', 'near', near, scales.length);
  // (k + 1,) second moments of posterior weights around the prior's mean, summed over the directions that share a variance
  const second = new Float64Array(k + 1);
  const d = Float64Array.from(mean, (m, j) => m - family.mean[j]);
  let outside = 0;
  for (let j = 0; j < p; j++) outside += d[j] * d[j];
  for (let i = 0; i < k; i++) {
    let c = 0;
    for (let j = 0; j < p; j++) c += directions[i * p + j] * d[j]; // hot
    outside -= c * c;
    second[i] = std[i] * std[i] + c * c;
  }
  second[k] = (p - k) * std[k] * std[k] + Math.max(0, outside);
  const variance = new Float64Array(k + 1);
  const members = searchGrids(scales, near, ({ indices, variances }) => {
    subspacePriorVariances(family, k, variances, variance);
    let total = second[k] / variance[k] + (p - k) * log(variance[k]);
    for (let i = 0; i < k; i++) total += second[i] / variance[i] + log(variance[i]);
    return total / 2 + memberPrice(indices).nats;
  });
  const prior = subspacePriorOf(family, k, members.variances);
  const { orthonormality, ...kl } = subspaceGaussianKl({
    directions,
    posteriorMean: mean,
    priorMean: prior.mean,
    posteriorStd: std,
    priorStd: prior.std,
  });
  const { covariance, displacement } = kl;
  const parts = [{ name: `all weights, ${k} directions and the others`, dimension: p, covariance, displacement }];
  return { ...members, union: memberPrice(members.indices), kl, parts, orthonormality };
}
