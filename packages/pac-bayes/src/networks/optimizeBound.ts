import { exp, log, type FloatArray } from '@hyperribbon/kernels';
import {
  adam,
  assertExamples,
  cosine,
  createUpdate,
  learningRateAt,
  type Examples,
  type Network,
} from '@hyperribbon/nn';
import { requireWeights } from './requireGaussian.js';
import { stream } from '@hyperribbon/random';
import { klInverseUpper } from '../klInverse.js';
import { requireCount, requireDelta } from '../assumptions.js';
import { planBoundStep } from './boundStep.js';
import { assertBasis, type KroneckerBasis } from './gaussianPosterior.js';
import { priorStd, startHalfLogs } from './gaussianPrior.js';
import { fromBasis, toBasis } from './kroneckerBasis.js';
import { noisePool } from './noisePool.js';
import { defaultKind } from './noisyForward.js';
import { epochWeights, type ObjectiveName } from './objective.js';
import type { BoundCheckpoint, BoundEpoch, OptimizeBoundOptions, OptimizedBound } from './optimizedBound.js';
import { mistakesIn } from './posteriorErrors.js';
import { planRotation } from './rotateInputs.js';
import { turnPrior } from './turnedPrior.js';
import { yieldToEventLoop } from './yieldToEventLoop.js';

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
  // means, deviations and scales move at rates of their own
  const blocks = [
    { from: 0, to: size, factor: 1 },
    { from: size, to: 2 * size, factor: stdRate },
    { from: 2 * size, to: 2 * size + scales, factor: scaleRate },
  ].map(({ from, to, factor }) => {
    const values = state.subarray(from, to);
    return { from, to, factor, values, update: createUpdate(optimizer, values) };
  });
  const slots = blocks.flatMap(({ update }) => update.slots);
  slots.forEach((slot, i) => resume?.slots[i] !== undefined && slot.set(resume.slots[i]));
  for (const { update } of blocks) update.count = resume?.updates ?? 0;

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
  const steppers = blocks.map((block) => ({ ...block, gradient: plan.gradient.subarray(block.from, block.to) }));
  const fixed = prior.scales.flatMap(({ fixed: held = false }, k) => (held ? [2 * size + k] : []));
  const holdFixed = (): void => {
    for (const i of fixed) plan.gradient[i] = 0;
  };
  const batches = Math.floor(count / batchSize);
  const steps = epochs * batches;
  const history: BoundEpoch[] = [...(resume?.history ?? [])];
  let weights: readonly [number, number] = resume?.weights ?? startWeights(objective, count);
  let step = resume?.step ?? 0;
  let [riskSum, mistakes, kl] = resume?.sums ?? [0, 0, 0];
  let rate = learningRateAt(schedule, { step: Math.min(step, Math.max(0, steps - 1)), steps, epoch: 0 });
  let reason: OptimizedBound['reason'] = 'finished';
  const firstStep = step;
  const constantTerm = log((2 * Math.sqrt(count)) / delta);
  const estimateOf = (error: number): number =>
    klInverseUpper(Math.min(1, error), Math.max(0, (kl + constantTerm) / count));

  if (resume === undefined && (objective === 'kl' || objective === 'lambda')) {
    // a first look, for the weights of the first epoch
    const looks = Math.min(20, batches);
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

  const began = performance.now();
  let [lastYield, lastReport] = [began, began];
  const report = (now: number): void => {
    lastReport = now;
    const epoch = Math.floor((step - 1) / batches);
    const done = step - epoch * batches;
    const elapsed = (now - began) / 1000;
    const error = mistakes / (done * batchSize);
    onProgress?.({
      epoch,
      epochs,
      step,
      steps,
      risk: riskSum / done,
      error,
      kl,
      estimate: estimateOf(error),
      secondsElapsed: elapsed,
      secondsLeft: (elapsed / (step - firstStep)) * (steps - step),
    });
  };

  const checkpoint = (): BoundCheckpoint => ({
    version: 1,
    network: network.name,
    seed,
    count,
    batchSize,
    objective,
    step,
    state,
    meansIn,
    ...(renewedAt === undefined ? {} : { renewedAt }),
    slots,
    updates: blocks[0].update.count,
    weights,
    sums: [riskSum, mistakes, kl],
    history,
  });

  optimising: for (let epoch = Math.floor(step / batches); epoch < epochs; epoch++) {
    if (renewBasis !== undefined && renewedAt !== undefined && epoch > 0 && step === epoch * batches) {
      renewedAt.set(means);
      const next = await renewBasis(renewedAt, epoch);
      assertSameSides(network, basis, next);
      take((basis = next));
    }
    const order = stream({ seed, purpose: 'bound/order', index: epoch }).permutation(count);
    for (let batch = step - epoch * batches; batch < batches; batch++) {
      if (signal?.aborted === true) {
        reason = 'aborted';
        break optimising;
      }
      collect(order, batch * batchSize);
      pool.fill(step, plan.noise);
      const result = plan.run(state, weights);
      if (!Number.isFinite(result.value) || !Number.isFinite(result.kl)) {
        reason = 'nonFinite';
        break optimising;
      }
      rate = learningRateAt(schedule, { step, steps, epoch });
      holdFixed();
      for (const { values, update, factor, gradient } of steppers) update.apply(values, gradient, factor * rate);
      kl = result.kl;
      riskSum += result.risk;
      mistakes += mistakesIn(result.logits, plan.labels, 0, batchSize, network.classes);
      step++;
      const now = performance.now();
      if (now - lastReport > 100) report(now);
      if (now - lastYield > 30) {
        await yieldToEventLoop();
        lastYield = performance.now();
      }
    }
    report(performance.now());
    const risk = riskSum / batches;
    const error = mistakes / (batches * batchSize);
    history.push({ epoch, risk, error, kl, estimate: estimateOf(error), learningRate: rate });
    weights = epochWeights(setting, { risk, error, kl }, klInverseUpper);
    [riskSum, mistakes] = [0, 0];
    onEpoch?.(checkpoint());
  }
  const seconds = (performance.now() - began) / 1000;
  const std = state.slice(size, 2 * size);
  for (let i = 0; i < size; i++) std[i] = exp(std[i]);
  const mean =
    meansIn === 'weights' && basis !== undefined ? FloatArrays.from(toBasis(network, means, basis)) : means.slice();
  return {
    posterior: { network, mean, std, ...(basis === undefined ? {} : { basis }) },
    prior: renewBasis !== undefined && basis !== undefined ? turnPrior(prior, basis) : prior,
    variances: prior.scales.map((_, i) => exp(2 * state[2 * size + i])),
    history,
    finished: reason === 'finished',
    reason,
    checkpoint: checkpoint(),
    seconds,
    flopsPerSecond: seconds > 0 ? ((step - firstStep) * plan.flops) / seconds : 0,
    kernels: plan.kernels,
    seed,
  };
}

/** Weights of the first epoch, before anything is measured. */
function startWeights(objective: ObjectiveName, n: number): readonly [number, number] {
  if (objective !== 'kl' && objective !== 'lambda') return [1, 1];
  return [1, 1 / n];
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
