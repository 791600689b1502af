import { refuse } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { Network } from '@hyperribbon/nn';
import { AssumptionError } from '../../assumptions.js';
import { firstNonFinite } from '@hyperribbon/nn';
import type { NamedArrays } from '../gaussian/posteriorArrays.js';
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

/** A prior with the same directions: its mean (size,) and deviations (k + 1,), all equal if it is isotropic. */
export interface SubspacePrior {
  readonly mean: FloatArray;
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

/**
 * Everything that defines a subspace posterior and its prior, as arrays for a file: `posterior.mean`, `prior.mean`, each (size,),
 * `posterior.std`, `prior.std`, each (k + 1,), and `subspace.directions` (k, size), whose presence tells them from
 * `posteriorArrays`.
 */
export function subspaceArrays(
  { network, mean, directions, std }: SubspacePosterior,
  prior: SubspacePrior,
): NamedArrays {
  const flat = (data: FloatArray) => ({ shape: [data.length], data });
  return {
    'posterior.mean': flat(mean),
    'posterior.std': flat(std),
    'prior.mean': flat(prior.mean),
    'prior.std': flat(prior.std),
    'subspace.directions': { shape: [std.length - 1, network.size], data: directions },
  };
}

/**
 * Posterior and prior in {@link subspaceArrays}.
 *
 * @throws TypeError for arrays that are missing or unknown, RangeError for sizes that do not fit or deviations that are not positive
 */
export function subspaceFromArrays(
  network: Network,
  arrays: Readonly<Record<string, FloatArray>>,
): { readonly posterior: SubspacePosterior; readonly prior: SubspacePrior } {
  const names = ['posterior.mean', 'posterior.std', 'prior.mean', 'prior.std', 'subspace.directions'];
  const given = Object.keys(arrays);
  if (given.length !== names.length || names.some((name) => arrays[name] === undefined)) {
    refuse('subspaceFromArrays', `need ${names.join(', ')}, got ${given.join(', ')}`);
  }
  const [mean, std, priorMean, priorStd, directions] = names.map((name) => arrays[name]);
  const posterior = { network, mean, std, directions };
  requireSubspacePosterior('subspaceFromArrays', posterior);
  requireSubspacePosterior('subspaceFromArrays', { network, mean: priorMean, std: priorStd, directions });
  return { posterior, prior: { mean: priorMean, std: priorStd } };
}
