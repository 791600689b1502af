import { floatArray, refuse } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { Network } from '@hyperribbon/nn';
import { requireBasis, type KroneckerBasis } from '../gaussian/gaussianPosterior.js';
import type { OptimizeBoundOptions } from './optimizedBound.js';
import type { DescentSetting } from './resolveDescent.js';

/** The basis of a posterior while it is optimised: none, one that stays, or one that is renewed before every epoch. */
export interface PosteriorBasis {
  current: KroneckerBasis | undefined;
  /** means in the weights that it was last renewed at, where it is */
  readonly renewedAt?: FloatArray;
  /** Takes the basis of an epoch, at the means of this moment. @returns whether there is a new one */
  renew(epoch: number): Promise<boolean>;
}

/**
 * The basis that an optimisation begins with, or the one of the epoch in which it stopped.
 *
 * @param means (size,) a view of the running state, in the weights where the basis is renewed
 * @throws RangeError, TypeError for a basis that does not fit, or does not go with prior and options
 */
export async function posteriorBasis(
  { network, identity, resume }: DescentSetting,
  options: OptimizeBoundOptions,
  means: FloatArray,
): Promise<PosteriorBasis> {
  const { renewBasis } = options;
  if (renewBasis === undefined) return { current: options.basis, renew: async () => false };
  const renewedAt = floatArray(means.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32', resume?.renewedAt ?? means);
  const epochsEntered = Math.ceil((resume?.step ?? 0) / Math.floor(identity.count / identity.batchSize));
  const first = await renewBasis(renewedAt, Math.max(0, epochsEntered - 1));
  requireBasis('optimizeBound: renewBasis', network, first);
  const basis: PosteriorBasis = {
    current: first,
    renewedAt,
    async renew(epoch) {
      renewedAt.set(means);
      const next = await renewBasis(renewedAt, epoch);
      requireSameSides(network, basis.current, next);
      basis.current = next;
      return true;
    },
  };
  return basis;
}

/** A basis that moves needs a prior that does not see it. @throws RangeError, TypeError for options that do not go together */
export function requireFittingBasis({ prior, basis, renewBasis, meansIn }: OptimizeBoundOptions): void {
  requireBasis('optimizeBound', prior.network, basis);
  if (renewBasis === undefined) return;
  if (basis !== undefined) refuse('optimizeBound', 'give basis or renewBasis, not both');
  if (meansIn === 'basis') refuse('optimizeBound', "with renewBasis means are in the weights, got meansIn='basis'");
  if (prior.turned !== undefined || prior.tensors.some(({ shaped }) => shaped !== undefined)) {
    refuse('optimizeBound', 'renewBasis needs an isotropic prior in the coordinates of the weights');
  }
}

function requireSameSides(network: Network, before: KroneckerBasis | undefined, now: KroneckerBasis): void {
  requireBasis('optimizeBound: renewBasis', network, now);
  now.layers.forEach(({ input, output }, l) => {
    const old = before?.layers[l];
    const same =
      (input === undefined) === (old?.input === undefined) && (output === undefined) === (old?.output === undefined);
    if (!same) refuse('optimizeBound', `renewBasis must turn the same sides every time, layer ${l + 1} differs`);
  });
}
