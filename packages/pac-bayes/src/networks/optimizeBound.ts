import { exp, log, type FloatArray } from '@hyperribbon/kernels';
import { adam, assertExamples, cosine, type Examples, type Network } from '@hyperribbon/nn';
import { requireWeights } from './requireGaussian.js';
import { stream } from '@hyperribbon/random';
import { klInverseUpper } from '../klInverse.js';
import { requireCount, requireDelta } from '../assumptions.js';
import { planBoundStep } from './boundStep.js';
import { descendBound, firstWeights } from './descendBound.js';
import { assertBasis, type KroneckerBasis } from './gaussianPosterior.js';
import { priorStd, startHalfLogs } from './gaussianPrior.js';
import { fromBasis, toBasis } from './kroneckerBasis.js';
import { noisePool } from './noisePool.js';
import { defaultKind } from './noisyForward.js';
import { epochWeights } from './objective.js';
import type { BoundCheckpoint, OptimizeBoundOptions, OptimizedBound } from './optimizedBound.js';
import { mistakesIn } from './posteriorErrors.js';
import { planRotation } from './rotateInputs.js';
import { turnPrior } from './turnedPrior.js';

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
  const {
    prior,
    renewBasis,
    objective = 'kl',
    surrogate = 'cross-entropy',
    delta = 0.025,
    klWeight = 0.1,
    epochs = 20,
    batchSize: wantedBatch = 500,
    optimizer = adam(),
    schedule = cosine(2e-3, 1e-4),
    rates: { logStd: stdRate = 3, scales: scaleRate = 3 } = {},
    draws = 1,
    seed = 0,
    dtype = 'float32',
    deterministic = false,
    signal,
    onProgress,
    onEpoch,
    resume,
  } = options;
  const { network } = prior;
  assertExamples('optimizeBound', network, examples);
  assertBasis('optimizeBound', network, options.basis);
  assertRenewable(options);
  requireDelta('optimizeBound', delta);
  requireCount('optimizeBound', epochs, 'epochs', 0);
  requireCount('optimizeBound', wantedBatch, 'batchSize', 1);
  requireCount('optimizeBound', draws, 'draws', 1);
  const { count, features } = examples;
  const { size } = network;
  const batchSize = Math.min(wantedBatch, count);
  const turned = options.basis !== undefined || renewBasis !== undefined;
  const meansIn = turned ? (options.meansIn ?? 'weights') : 'basis';
  if (resume !== undefined) {
    assertResumable(resume, { network: network.name, seed, count, batchSize, objective, meansIn });
  }

  const FloatArrays = dtype === 'float64' ? Float64Array : Float32Array;
  const scales = prior.scales.length;
  const state = new FloatArrays(2 * size + scales);
  if (resume === undefined) {
    const mean = options.initialMean ?? prior.mean;
    requireWeights('optimizeBound', 'initialMean', network, mean);
    state.set(meansIn === 'weights' && options.basis !== undefined ? fromBasis(network, mean, options.basis) : mean);
    const std = options.initialStd ?? 0.5;
    const reference =
      typeof std === 'number'
        ? priorStd(
            prior,
            prior.scales.map(({ start }) => start),
          )
        : std;
    requireWeights('optimizeBound', 'initialStd', network, reference);
    for (let i = 0; i < size; i++) state[size + i] = log(typeof std === 'number' ? std * reference[i] : reference[i]);
    state.set(startHalfLogs(prior), 2 * size);
  } else state.set(resume.state);
  const means = state.subarray(0, size);
  const renewedAt = renewBasis === undefined ? undefined : FloatArrays.from(resume?.renewedAt ?? means);
  let basis =
    renewBasis === undefined || renewedAt === undefined
      ? options.basis
      : await renewBasis(renewedAt, Math.max(0, Math.ceil((resume?.step ?? 0) / Math.floor(count / batchSize)) - 1));
  if (renewBasis !== undefined) assertBasis('optimizeBound: renewBasis', network, basis);
  const local = (options.noise ?? defaultKind(network)) === 'local';
  const rotate = !local || basis?.layers[0].input === undefined ? undefined : planRotation(examples);
  const setting = { objective, n: count, delta, klWeight };
  const plan = planBoundStep(network, {
    prior,
    basis,
    setting,
    surrogate,
    batch: batchSize,
    dtype,
    deterministic,
    rotatedInputs: rotate !== undefined,
    draws,
    meansIn,
    renewable: renewBasis !== undefined,
    ...(options.noise === undefined ? {} : { noise: options.noise }),
  });
  let rotated = examples.inputs;
  const take = (current: KroneckerBasis | undefined): void => {
    const first = current?.layers[0].input;
    if (rotate !== undefined && first !== undefined) rotated = rotate(first);
    plan.bases.forEach((sides, l) => {
      const layer = current?.layers[l];
      if (sides.input !== undefined && layer?.input !== undefined) sides.input.set(layer.input);
      if (sides.output !== undefined && layer?.output !== undefined) sides.output.set(layer.output);
    });
  };
  take(basis);
  const collect = (order: Int32Array, from: number): void => {
    const { turnedInputs } = plan;
    gather(turnedInputs === undefined ? rotated : examples.inputs, examples.labels, features, order, from, plan);
    if (turnedInputs !== undefined)
      gather(rotated, examples.labels, features, order, from, { ...plan, inputs: turnedInputs });
  };

  const pool = noisePool(seed, Math.max(...plan.noise.map(({ length }) => length)));
  let weights = resume?.weights ?? firstWeights(objective, count);
  let kl = resume?.sums[2] ?? 0;
  if (resume === undefined && (objective === 'kl' || objective === 'lambda')) {
    // a first look, for the weights of the first epoch
    const looks = Math.min(20, Math.floor(count / batchSize));
    const order = stream({ seed, purpose: 'bound/first-look' }).permutation(count);
    let [risk, wrong] = [0, 0];
    for (let look = 0; look < looks; look++) {
      collect(order, look * batchSize);
      pool.fill(look, plan.noise);
      const result = plan.run(state, weights);
      risk += result.risk / looks;
      wrong += mistakesIn(result.logits, plan.labels, 0, batchSize, network.classes) / (looks * batchSize);
      kl = result.kl;
    }
    // a start that is no better than guessing tells nothing about the slopes at the end
    if (wrong < 0.3) weights = epochWeights(setting, { risk, error: wrong, kl: Math.max(0, kl) }, klInverseUpper);
  }

  const went = await descendBound({
    network,
    setting,
    seed,
    epochs,
    batchSize,
    optimizer,
    schedule,
    state,
    // means, deviations and scales move at rates of their own
    parts: [
      { end: size, factor: 1 },
      { end: 2 * size, factor: stdRate },
      { end: state.length, factor: scaleRate },
    ],
    held: prior.scales.flatMap(({ fixed = false }, k) => (fixed ? [2 * size + k] : [])),
    plan,
    pool,
    collect,
    healthy: (result) => Number.isFinite(result.kl),
    start: { weights, kl },
    weightsAfter: (epoch) => epochWeights(setting, epoch, klInverseUpper),
    kept: { meansIn, ...(renewedAt === undefined ? {} : { renewedAt }) },
    signal,
    onProgress,
    onEpoch,
    resume,
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
    variances: prior.scales.map((_, i) => exp(2 * state[2 * size + i])),
    ...went,
    kernels: plan.kernels,
    seed,
  };
}

function gather(
  inputs: FloatArray,
  labels: Int32Array,
  features: number,
  order: Int32Array,
  first: number,
  to: { readonly inputs: FloatArray; readonly labels: Int32Array },
): void {
  for (let i = 0; i < to.labels.length; i++) {
    const row = order[first + i];
    to.labels[i] = labels[row];
    const [from, at] = [row * features, i * features];
    for (let j = 0; j < features; j++) to.inputs[at + j] = inputs[from + j];
  }
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

/** A resumed run must be the run that stopped. */
function assertResumable(
  checkpoint: BoundCheckpoint,
  now: Required<Pick<BoundCheckpoint, 'network' | 'seed' | 'count' | 'batchSize' | 'objective' | 'meansIn'>>,
): void {
  if (checkpoint.version !== 1) {
    throw new TypeError(`optimizeBound: resume must be a checkpoint of version 1, got ${String(checkpoint.version)}`);
  }
  const then = { ...checkpoint, meansIn: checkpoint.meansIn ?? 'basis' };
  for (const key of ['network', 'seed', 'count', 'batchSize', 'objective', 'meansIn'] as const) {
    if (then[key] !== now[key]) {
      throw new RangeError(`optimizeBound: resume is of a run with ${key}=${then[key]}, this one has ${now[key]}`);
    }
  }
}
