import { exp } from '@hyperribbon/kernels';
import type { Examples, Network } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { klInverseUpper } from '../../limits/klInverse.js';
import { assertResumable } from './assertResumable.js';
import { planBoundStep } from './boundStep.js';
import { descendBound, descentStart, type Descent, type DescentStart } from './descendBound.js';
import { descentOptions, type DescentSetting } from './descentOptions.js';
import { assertBasis, type KroneckerBasis } from '../gaussian/gaussianPosterior.js';
import { priorStd } from '../gaussian/gaussianPrior.js';
import { fromBasis, toBasis } from '../gaussian/kroneckerBasis.js';
import type { MeanCoordinates } from '../noise/localLogits.js';
import { noisePool } from '../noise/noisePool.js';
import { defaultKind } from '../noise/noisyForward.js';
import { epochWeights } from './objective.js';
import type { OptimizeBoundOptions, OptimizedBound } from './optimizedBound.js';
import { mistakesIn } from '../certify/posteriorErrors.js';
import { requireWeights } from '../gaussian/requireGaussian.js';
import { startState, type StartPoint } from './startState.js';
import { turnPrior } from '../gaussian/turnedPrior.js';
import { turnedBatches } from '../noise/turnedBatches.js';

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
  const caller = 'optimizeBound';
  const { prior, renewBasis } = options;
  const { network, scales } = prior;
  const { descent, step } = descentOptions(caller, network, examples, options);
  assertBasis(caller, network, options.basis);
  assertRenewable(options);
  const { setting, seed, batchSize, resume } = descent;
  const { objective, n: count } = setting;
  const { size } = network;
  const turned = options.basis !== undefined || renewBasis !== undefined;
  const meansIn = turned ? (options.meansIn ?? 'weights') : 'basis';
  if (resume !== undefined) {
    assertResumable(caller, resume, { network: network.name, seed, count, batchSize, objective, meansIn });
  }

  const FloatArrays = step.dtype === 'float64' ? Float64Array : Float32Array;
  const state = startState(caller, step.dtype, [size, size], scales, resume, () => startPoint(options, meansIn));
  const means = state.subarray(0, size);
  const renewedAt = renewBasis === undefined ? undefined : FloatArrays.from(resume?.renewedAt ?? means);
  let basis =
    renewBasis === undefined || renewedAt === undefined
      ? options.basis
      : await renewBasis(renewedAt, Math.max(0, Math.ceil((resume?.step ?? 0) / Math.floor(count / batchSize)) - 1));
  if (renewBasis !== undefined) assertBasis('optimizeBound: renewBasis', network, basis);
  const local = (options.noise ?? defaultKind(network)) === 'local';
  const rotatedInputs = local && basis?.layers[0].input !== undefined;
  const plan = planBoundStep(network, {
    ...step,
    prior,
    basis,
    rotatedInputs,
    meansIn,
    renewable: renewBasis !== undefined,
    ...(options.noise === undefined ? {} : { noise: options.noise }),
  });
  const { take, collect } = turnedBatches(examples, plan, rotatedInputs);
  take(basis);
  const pool = noisePool(seed, Math.max(...plan.noise.map(({ length }) => length)));
  const begin = { plan, pool, collect, state };
  const went = await descendBound({
    ...descent,
    ...begin,
    deviations: size,
    scales,
    healthy: (result) => Number.isFinite(result.kl),
    start: firstLook(descent, begin),
    weightsAfter: (epoch) => epochWeights(setting, epoch, klInverseUpper),
    kept: { meansIn, ...(renewedAt === undefined ? {} : { renewedAt }) },
    betweenEpochs: async (epoch) => {
      if (renewBasis === undefined || renewedAt === undefined) return;
      renewedAt.set(means);
      const next = await renewBasis(renewedAt, epoch);
      assertSameSides(network, basis, next);
      take((basis = next));
    },
  });
  const std = state.slice(size, 2 * size);
  for (let i = 0; i < size; i++) std[i] = exp(std[i]);
  const mean =
    meansIn === 'weights' && basis !== undefined ? FloatArrays.from(toBasis(network, means, basis)) : means.slice();
  return {
    posterior: { network, mean, std, ...(basis === undefined ? {} : { basis }) },
    prior: renewBasis !== undefined && basis !== undefined ? turnPrior(prior, basis) : prior,
    ...went,
  };
}

/** Means in the coordinates of the steps, and deviations: those given, or a factor on the prior's. */
function startPoint(
  { prior, basis, initialMean = prior.mean, initialStd = 0.5 }: OptimizeBoundOptions,
  meansIn: MeanCoordinates,
): StartPoint {
  const { network, scales } = prior;
  requireWeights('optimizeBound', 'initialMean', network, initialMean);
  const starts = scales.map(({ start }) => start);
  const std = typeof initialStd === 'number' ? priorStd(prior, starts).map((s) => initialStd * s) : initialStd;
  requireWeights('optimizeBound', 'initialStd', network, std);
  const mean = meansIn === 'weights' && basis !== undefined ? fromBasis(network, initialMean, basis) : initialMean;
  return { mean, std };
}

/** Weights of the first epoch, for objectives that have any: from a few batches at the start. */
function firstLook(
  descent: DescentSetting,
  { plan, pool, collect, state }: Pick<Descent, 'plan' | 'pool' | 'collect' | 'state'>,
): DescentStart {
  const { network, setting, seed, batchSize, resume } = descent;
  const { objective, n: count } = setting;
  const start = descentStart(descent);
  if (resume !== undefined || (objective !== 'kl' && objective !== 'lambda')) return start;
  const looks = Math.min(20, Math.floor(count / batchSize));
  const order = stream({ seed, purpose: 'bound/first-look' }).permutation(count);
  let [risk, wrong, kl] = [0, 0, 0];
  for (let look = 0; look < looks; look++) {
    collect(order, look * batchSize);
    pool.fill(look, plan.noise);
    const result = plan.run(state, start.weights);
    risk += result.risk / looks;
    wrong += mistakesIn(result.logits, plan.labels, 0, batchSize, network.classes) / (looks * batchSize);
    kl = result.kl;
  }
  // a start that is no better than guessing tells nothing about the slopes at the end
  if (!(wrong < 0.3)) return { ...start, kl };
  return { weights: epochWeights(setting, { risk, error: wrong, kl: Math.max(0, kl) }, klInverseUpper), kl };
}

/** A basis that moves needs a prior that does not see it. */
function assertRenewable({ prior, basis, renewBasis, meansIn }: OptimizeBoundOptions): void {
  if (renewBasis === undefined) return;
  if (basis !== undefined) throw new TypeError('optimizeBound: give basis or renewBasis, not both');
  if (meansIn === 'basis')
    throw new TypeError("optimizeBound: with renewBasis means are in the weights, got meansIn='basis'");
  if (prior.turned !== undefined || prior.tensors.some(({ shaped }) => shaped !== undefined)) {
    throw new TypeError('optimizeBound: renewBasis needs an isotropic prior in the coordinates of the weights');
  }
}

function assertSameSides(network: Network, before: KroneckerBasis | undefined, now: KroneckerBasis): void {
  assertBasis('optimizeBound: renewBasis', network, now);
  now.layers.forEach(({ input, output }, l) => {
    const old = before?.layers[l];
    if (
      (input === undefined) !== (old?.input === undefined) ||
      (output === undefined) !== (old?.output === undefined)
    ) {
      throw new RangeError(`optimizeBound: renewBasis must turn the same sides every time, layer ${l + 1} differs`);
    }
  });
}
