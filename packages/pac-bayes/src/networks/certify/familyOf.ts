import { gaussianFamily } from '../gaussian/gaussianFamily.js';
import type { GaussianPosterior } from '../gaussian/gaussianPosterior.js';
import type { PosteriorErrorOptions } from '../gaussian/posteriorErrors.js';
import type { PosteriorFamily } from '../posteriorFamily.js';
import { subspaceFamily } from '../subspace/subspaceFamily.js';
import type { SubspaceErrorOptions } from '../subspace/subspaceErrors.js';
import type { SubspacePosterior } from '../subspace/subspacePosterior.js';

export type NetworkPosterior = GaussianPosterior | SubspacePosterior;

/** How networks are drawn from a posterior: options of `posteriorErrors` or of `subspaceErrors`. */
export type DrawOptions<Q extends NetworkPosterior> = Q extends SubspacePosterior
  ? SubspaceErrorOptions
  : PosteriorErrorOptions;

/** Directions, or the array of them in a file, tell subspace posteriors from those with a deviation for every weight. */
export function familyOf<Q extends NetworkPosterior>(
  posterior: Q | { readonly directions: unknown } | object,
): PosteriorFamily<Q, DrawOptions<Q>> {
  return ('directions' in posterior ? subspaceFamily : gaussianFamily) as unknown as PosteriorFamily<Q, DrawOptions<Q>>;
}
