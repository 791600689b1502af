import type { FloatArray } from '@hyperribbon/kernels';
import { assertWeights, type Network } from '@hyperribbon/nn';
import { firstNonFiniteOf } from './finite.js';
import type { NamedArrays } from './posteriorArrays.js';

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
export function assertSubspacePosterior(caller: string, { network, mean, directions, std }: SubspacePosterior): void {
  assertWeights(caller, 'mean', network, mean);
  if (directions.length !== (std.length - 1) * network.size || std.length > network.size + 1) {
    throw new RangeError(
      `${caller}: directions must be (k, ${network.size}) and std (k + 1,) with k ≤ ${network.size}, got lengths ${directions.length} and ${std.length}`,
    );
  }
  for (let i = 0; i < std.length; i++) {
    if (!(std[i] > 0 && std[i] < Infinity)) {
      throw new RangeError(`${caller}: std must be positive and finite, got std[${i}]=${std[i]}`);
    }
  }
  const bad = firstNonFiniteOf(directions);
  if (bad >= 0) throw new RangeError(`${caller}: directions must be finite, got directions[${bad}]=${directions[bad]}`);
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
    throw new TypeError(`subspaceFromArrays: need ${names.join(', ')}, got ${given.join(', ')}`);
  }
  const [mean, std, priorMean, priorStd, directions] = names.map((name) => arrays[name]);
  const posterior = { network, mean, std, directions };
  assertSubspacePosterior('subspaceFromArrays', posterior);
  assertSubspacePosterior('subspaceFromArrays', { network, mean: priorMean, std: priorStd, directions });
  return { posterior, prior: { mean: priorMean, std: priorStd } };
}
