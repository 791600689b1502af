import { floatArray } from '@hyperribbon/contract';
import { exp } from '@hyperribbon/kernels';
import { countMistakes, type Examples } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { fromBasis, toBasis } from '../gaussian/kroneckerBasis.js';
import { turnPrior } from '../gaussian/turnedPrior.js';
import type { NoisePool } from '../noise/noisePool.js';
import { defaultKind, turnsInputs } from '../noise/noisyForward.js';
import { turnedBatches } from '../noise/turnedBatches.js';
import { planBoundStep } from './boundStep.js';
import { boundStart, descendBound, type BoundDescent, type BoundStart } from './descendBound.js';
import { epochSlopes, hasEpochSlopes } from './objective.js';
import type { OptimizeBoundOptions, OptimizedBound } from './optimizedBound.js';
import { posteriorBasis, requireFittingBasis } from './posteriorBasis.js';
import { resolveDescent, type DescentSetting } from './resolveDescent.js';
import { startState } from './startState.js';

/**
 * Minimises a PAC-Bayes objective over the means and deviations of Gaussian weights and the scales of their prior.
 *
 * The posterior it returns may be certified afterwards however it came about: the theorems hold for all posteriors at once. The
 * error in `history` was measured during optimisation and certifies nothing.
 *
 * Order of epoch e from stream (seed, 'bound/order', e), noise of step t from a pool at places of stream (seed, 'bound/noise', t): a run can be stopped anywhere
 * and resumed to the same bits.
 *
 * @throws RangeError, TypeError for options out of range or examples that do not fit
 * Cost per example and epoch for a dense network, one draw: about twice a training step's products, and a normal number per unit
 */
export async function optimizeBound(examples: Examples, options: OptimizeBoundOptions): Promise<OptimizedBound> {
  const { prior, renewBasis, noise } = options;
  const { network } = prior;
  const { size } = network;
  const turned = options.basis !== undefined || renewBasis !== undefined;
  const meansIn = turned ? (options.meansIn ?? 'weights') : 'basis';
  const { descent, step } = resolveDescent('optimizeBound', examples, options, meansIn);
  requireFittingBasis(options);
  const state = startState(descent, step.dtype, options, {
    turn: (mean) =>
      meansIn === 'weights' && options.basis !== undefined ? fromBasis(network, mean, options.basis) : mean,
  });
  const means = state.subarray(0, size);
  const basis = await posteriorBasis(descent, options, means);
  const local = (noise ?? defaultKind(network)) === 'local';
  const rotatedInputs = local && basis.current?.layers[0].input !== undefined && turnsInputs(network);
  const plan = planBoundStep(network, {
    ...step,
    prior,
    basis: basis.current,
    rotatedInputs,
    meansIn,
    renewable: renewBasis !== undefined,
    ...(noise === undefined ? {} : { noise }),
  });
  const { take, collect } = turnedBatches(examples, plan, rotatedInputs);
  take(basis.current);
  const begin = { plan, collect, state };
  const { renewedAt } = basis;
  const went = await descendBound({
    ...descent,
    ...begin,
    deviations: size,
    firstSlopes: (pool) => firstLook(descent, begin, pool),
    slopesAfter: (epoch) => epochSlopes(descent.setting, epoch),
    ...(renewedAt === undefined ? {} : { kept: { renewedAt } }),
    async betweenEpochs(epoch) {
      if (await basis.renew(epoch)) take(basis.current);
    },
  });
  const last = basis.current;
  const mean = meansIn === 'weights' && last !== undefined ? toBasis(network, means, last) : means;
  return {
    posterior: {
      network,
      mean: floatArray(step.dtype, mean),
      std: state.slice(size, 2 * size).map(exp),
      ...(last === undefined ? {} : { basis: last }),
    },
    prior: renewBasis !== undefined && last !== undefined ? turnPrior(prior, last) : prior,
    ...went,
  };
}

/** Slopes of the first epoch, for objectives that have any: from a few batches at the start. */
function firstLook(
  descent: DescentSetting,
  { plan, collect, state }: Pick<BoundDescent, 'plan' | 'collect' | 'state'>,
  pool: NoisePool,
): BoundStart {
  const { network, setting, resume } = descent;
  const { seed, count, batchSize } = descent.identity;
  const start = boundStart(descent);
  if (resume !== undefined || !hasEpochSlopes(setting)) return start;
  const looks = Math.min(20, Math.floor(count / batchSize));
  const order = stream({ seed, purpose: 'bound/first-look' }).permutation(count);
  let [risk, error, kl] = [0, 0, 0];
  for (let look = 0; look < looks; look++) {
    collect(order, look * batchSize);
    pool.fill(look, plan.noise);
    const result = plan.run(state, start.slopes);
    risk += result.risk / looks;
    error += countMistakes(result.logits, plan.labels, network.classes) / (looks * batchSize);
    kl = result.kl;
  }
  // a start that is no better than guessing tells nothing about the slopes at the end
  if (!(error < 0.3)) return { ...start, kl };
  return { slopes: epochSlopes(setting, { risk, error, kl: Math.max(0, kl) }), kl };
}
