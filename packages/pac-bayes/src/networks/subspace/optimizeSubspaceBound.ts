import { refuse } from '@hyperribbon/contract';
import { exp, type FloatArray } from '@hyperribbon/kernels';
import { directionsDefect } from '@hyperribbon/linop/directions';
import { firstNonFinite, gatherBatch, type Examples } from '@hyperribbon/nn';
import { AssumptionError } from '../../assumptions.js';
import { descendBound } from '../descent/descendBound.js';
import { epochSlopes, hasEpochSlopes } from '../descent/objective.js';
import type { OptimizedBound } from '../descent/optimizedBound.js';
import { resolveDescent, type DescentOptions } from '../descent/resolveDescent.js';
import { startState } from '../descent/startState.js';
import { directionTensors } from '../gaussian/priorFamily.js';
import type { SubspacePosterior } from './subspacePosterior.js';
import { planSubspaceStep } from './subspaceStep.js';

export interface OptimizeSubspaceOptions extends DescentOptions {
  /** (k, size), orthonormal rows: |U Uᵀ − I| ≤ 1e-6, see `orthonormalDirections` of linop */
  readonly directions: FloatArray;
}

/** Beyond this the directions are not rounded orthonormal ones; certificates refuse them too. */
const mostDefect = 1e-6;

/**
 * Minimises a PAC-Bayes objective over mean, deviations along given directions, one deviation in all others, and the scales of
 * the prior: Methods 2 to 4 of [yang2022] for networks without Kronecker factors. Each step draws whole networks.
 *
 * Where the script's form is known it is an option: objective `dziugaite-roy`, Adam, one learning rate for all, its starting variances. The defaults
 * (objective `kl`, larger learning rates for deviations and scales) are ours and give smaller bounds.
 *
 * Order of epoch e from stream (seed, 'bound/order', e), noise of step t from a pool at places of stream (seed, 'bound/noise', t).
 *
 * @throws RangeError, TypeError for options out of range or examples that do not fit; AssumptionError for directions that are not orthonormal
 * Cost per step and draw: one gradient of the network and three passes over the k·size numbers of the directions
 */
export async function optimizeSubspaceBound(
  examples: Examples,
  options: OptimizeSubspaceOptions,
): Promise<OptimizedBound<SubspacePosterior>> {
  const caller = 'optimizeSubspaceBound';
  const { prior, directions } = options;
  const { network } = prior;
  const { size } = network;
  const { descent, step } = resolveDescent(caller, examples, options);
  const { setting } = descent;
  const k = requireDirections(caller, directions, size);
  directionTensors(caller, prior, k);
  const state = startState(descent, step.dtype, options, { k });
  const plan = planSubspaceStep(network, { prior, directions, ...step });
  const went = await descendBound({
    ...descent,
    state,
    deviations: k + 1,
    plan,
    collect: (order, first) => gatherBatch(examples, order, first, plan),
    healthy: () => firstNonFinite(plan.gradient) < 0,
    // while guesses are hardly better than chance, the slopes of the certificate tell nothing about those at the end
    slopesAfter: (epoch, slopes) =>
      epoch.error < 0.6 * (1 - 1 / network.classes) || !hasEpochSlopes(setting) ? epochSlopes(setting, epoch) : slopes,
  });
  const std = Float64Array.from(state.subarray(size, size + k + 1), exp);
  return { posterior: { network, mean: state.slice(0, size), directions, std }, prior, ...went };
}

function requireDirections(caller: string, directions: FloatArray, size: number): number {
  const k = directions.length / size;
  if (!Number.isInteger(k) || k < 1 || k >= size) {
    refuse(caller, `directions must be (k, ${size}) with 1 ≤ k < ${size}, got length ${directions.length}`);
  }
  const defect = directionsDefect(directions, size);
  if (!(defect <= mostDefect)) {
    throw new AssumptionError(
      caller,
      `orthonormal directions, |U Uᵀ − I| ≤ ${mostDefect}; orthonormalDirections makes them so`,
      `|U Uᵀ − I| = ${defect}`,
    );
  }
  return k;
}
