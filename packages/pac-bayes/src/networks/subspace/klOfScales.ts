import { log } from '@hyperribbon/kernels';
import { subspaceGaussianKl } from '../../divergences/subspaceGaussianKl.js';
import { directionTensors, directionVariances, priorStd, type PriorFamily } from '../gaussian/priorFamily.js';
import type { KlOfScales } from '../posteriorFamily.js';
import type { SubspacePosterior } from './subspacePosterior.js';

/** The KL of Gaussians with the same directions: a search over the scales needs second moments along each and in all others. */
export function klOfScales(family: PriorFamily, posterior: SubspacePosterior): KlOfScales {
  const { mean, std, directions } = posterior;
  const [p, k] = [mean.length, std.length - 1];
  const tensors = directionTensors('chooseScales', family, k);
  const second = secondMoments(posterior, family.mean);
  const variance = new Float64Array(k + 1);
  return {
    search(variances) {
      directionVariances(tensors, variances, variance);
      let total = second[k] / variance[k] + (p - k) * log(variance[k]);
      for (let i = 0; i < k; i++) total += second[i] / variance[i] + log(variance[i]);
      return total / 2;
    },
    at(variances) {
      const prior = { mean: family.mean, std: priorStd(family, variances, k) };
      const { orthonormality, ...kl } = subspaceGaussianKl({
        directions,
        posteriorMean: mean,
        priorMean: prior.mean,
        posteriorStd: std,
        priorStd: prior.std,
      });
      const { covariance, displacement } = kl;
      const parts = [{ name: `all weights, ${k} directions and the others`, dimension: p, covariance, displacement }];
      return { ...prior, kl, parts, family: 'gaussian-low-rank', orthonormality };
    },
  };
}

/** (k + 1,) second moments of posterior weights around the prior's mean, summed over the directions that share a variance. */
function secondMoments({ mean, std, directions }: SubspacePosterior, priorMean: ArrayLike<number>): Float64Array {
  const [p, k] = [mean.length, std.length - 1];
  const second = new Float64Array(k + 1);
  const d = Float64Array.from(mean, (m, j) => m - priorMean[j]);
  let outside = 0;
  for (let j = 0; j < p; j++) outside += d[j] * d[j];
  for (let i = 0; i < k; i++) {
    let c = 0;
    for (let j = 0; j < p; j++) c += directions[i * p + j] * d[j]; // hot
    outside -= c * c;
    second[i] = std[i] * std[i] + c * c;
  }
  second[k] = (p - k) * std[k] * std[k] + Math.max(0, outside);
  return second;
}
