import type { FloatArray } from '@hyperribbon/kernels';
import { requireWeights, type Network } from '@hyperribbon/nn';
import { AssumptionError } from '../../assumptions.js';
import { firstNonFinite } from '@hyperribbon/nn';

/** Weights of a network as part of a Gaussian: as many as it has (RangeError), all finite (AssumptionError). */
export function requireGaussianWeights(theorem: string, argument: string, network: Network, weights: FloatArray): void {
  const bad = weights.length === network.size ? firstNonFinite(weights) : -1;
  if (bad >= 0)
    throw new AssumptionError(theorem, `finite weights in ${argument}`, `${argument}[${bad}]=${weights[bad]}`);
  requireWeights(theorem, argument, network, weights);
}

/** Deviations of a Gaussian: positive and finite, else its covariance is singular. */
export function requireDeviations(theorem: string, argument: string, std: FloatArray): void {
  for (let i = 0; i < std.length; i++) {
    if (!(std[i] > 0 && std[i] < Infinity))
      throw new AssumptionError(
        theorem,
        `positive and finite deviations in ${argument}: no covariance may be singular`,
        `${argument}[${i}]=${std[i]}`,
      );
  }
}
