import { refuse } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { firstNonFinite, type Network } from '@hyperribbon/nn';
import { AssumptionError } from '../../assumptions.js';
import { requireDeviations, requireGaussianWeights } from '../gaussian/requireGaussian.js';

/**
 * Gaussian weights w = m + T r, r ~ N(0, I), with T = s_c I + Uᵀ diag(s_i − s_c) U: k directions with a deviation each and one
 * deviation s_c in all others.
 *
 * The posterior of the analytic bound is one (U: eigenvectors of the Hessian), and so are Methods 2 to 4 for networks without
 * Kronecker factors.
 */
export interface SubspacePosterior {
  readonly network: Network;
  /** (size,) */
  readonly mean: FloatArray;
  /** (k, size), rows orthonormal up to rounding */
  readonly directions: FloatArray;
  /** (k + 1,), standard deviations > 0: along each direction, the last one in all others */
  readonly std: FloatArray;
}

/** Checks lengths, finiteness and positivity. */
export function requireSubspacePosterior(caller: string, { network, mean, directions, std }: SubspacePosterior): void {
  requireGaussianWeights(caller, 'mean', network, mean);
  if (directions.length !== (std.length - 1) * network.size || std.length > network.size + 1) {
    refuse(
      caller,
      `directions must be (k, ${network.size}) and std (k + 1,) with k ≤ ${network.size}, got lengths ${directions.length} and ${std.length}`,
    );
  }
  requireDeviations(caller, 'std', std);
  const bad = firstNonFinite(directions);
  if (bad >= 0) throw new AssumptionError(caller, 'finite directions', `directions[${bad}]=${directions[bad]}`);
}
