import { exp, log, type FloatArray } from '@hyperribbon/kernels';
import { createUpdate, learningRateAt, type Update } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { klInverseUpper } from '../../limits/klInverse.js';
import type { BoundStep, BoundStepResult } from './boundStep.js';
import type { DescentSetting } from './descentOptions.js';
import type { PriorScale } from '../gaussian/gaussianPrior.js';
import type { NoisePool } from '../noise/noisePool.js';
import type { BoundCheckpoint, BoundEpoch, OptimizedBound } from './optimizedBound.js';
import { mistakesIn } from '../certify/posteriorErrors.js';
import { yieldToEventLoop } from '../yieldToEventLoop.js';

/** A bound as a function of a state, to be minimised by steps over batches. */
export interface Descent extends DescentSetting {
  /** what is optimised, changed in place: mean (size,), ln std (deviations,), ½ ln scales */
  readonly state: FloatArray;
  readonly deviations: number;
  /** the prior's; fixed ones do not move */
  readonly scales: readonly PriorScale[];
  readonly plan: Pick<BoundStep, 'labels' | 'noise' | 'gradient' | 'flops' | 'kernels' | 'run'>;
  readonly pool: NoisePool;
  /** Gives the plan the examples order[from], order[from + 1], … */
  collect(order: Int32Array, from: number): void;
  /** whether a step's result may be applied */
  healthy(result: BoundStepResult): boolean;
  /** slopes in risk and KL at the beginning, and the KL there if it was looked at */
  readonly start: DescentStart;
  /** slopes of the next epoch */
  weightsAfter(
    epoch: { readonly risk: number; readonly error: number; readonly kl: number },
    weights: readonly [number, number],
  ): readonly [number, number];
  /** Called before the first step of every epoch but the first. */
  betweenEpochs?(epoch: number): Promise<void>;
  /** what a checkpoint holds besides */
  readonly kept?: Pick<BoundCheckpoint, 'meansIn' | 'renewedAt'>;
}

export interface DescentStart {
  readonly weights: readonly [number, number];
  readonly kl: number;
}

/** How the descent went; the state it was given is where it ended. */
export type Descended = Pick<
  OptimizedBound,
  'variances' | 'history' | 'finished' | 'reason' | 'checkpoint' | 'seconds' | 'flopsPerSecond' | 'kernels' | 'seed'
>;

/**
 * Epochs of gradient steps on a bound, for every family of posteriors: order of epoch e from stream (seed, 'bound/order', e), noise of step t
 * from the pool, checkpoints after every epoch, a stop between any two steps that resumes to the same bits.
 */
export async function descendBound(descent: Descent): Promise<Descended> {
  const { network, setting, seed, epochs, batchSize, schedule, state, scales, plan, pool, resume } = descent;
  const { objective, n: count, delta } = setting;
  const movers = moversOf(descent);
  const firstScale = network.size + descent.deviations;
  const held = scales.flatMap(({ fixed = false }, s) => (fixed ? [firstScale + s] : []));
  const slots = movers.flatMap(({ update }) => update.slots);
  slots.forEach((slot, i) => resume?.slots[i] !== undefined && slot.set(resume.slots[i]));
  for (const { update } of movers) update.count = resume?.updates ?? 0;

  const batches = Math.floor(count / batchSize);
  const steps = epochs * batches;
  const history: BoundEpoch[] = [...(resume?.history ?? [])];
  let { weights, kl } = descent.start;
  let [riskSum, mistakes] = resume?.sums ?? [0, 0];
  let step = resume?.step ?? 0;
  let rate = learningRateAt(schedule, { step: Math.min(step, Math.max(0, steps - 1)), steps, epoch: 0 });
  let reason: OptimizedBound['reason'] = 'finished';
  const firstStep = step;
  const constantTerm = log((2 * Math.sqrt(count)) / delta);
  const estimateOf = (error: number): number =>
    klInverseUpper(Math.min(1, error), Math.max(0, (kl + constantTerm) / count));
  const began = performance.now();
  let [lastYield, lastReport] = [began, began];

  const report = (now: number): void => {
    lastReport = now;
    const epoch = Math.floor((step - 1) / batches);
    const done = step - epoch * batches;
    const secondsElapsed = (now - began) / 1000;
    const error = mistakes / (done * batchSize);
    descent.onProgress?.({
      epoch,
      epochs,
      step,
      steps,
      risk: riskSum / done,
      error,
      kl,
      estimate: estimateOf(error),
      secondsElapsed,
      secondsLeft: (secondsElapsed / (step - firstStep)) * (steps - step),
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
    ...descent.kept,
    slots,
    updates: movers[0].update.count,
    weights,
    sums: [riskSum, mistakes, kl],
    history,
  });

  optimising: for (let epoch = Math.floor(step / batches); epoch < epochs; epoch++) {
    if (epoch > 0 && step === epoch * batches) await descent.betweenEpochs?.(epoch);
    const order = stream({ seed, purpose: 'bound/order', index: epoch }).permutation(count);
    for (let batch = step - epoch * batches; batch < batches; batch++) {
      if (descent.signal?.aborted === true) {
        reason = 'aborted';
        break optimising;
      }
      descent.collect(order, batch * batchSize);
      pool.fill(step, plan.noise);
      const result = plan.run(state, weights);
      if (!Number.isFinite(result.value) || !descent.healthy(result)) {
        reason = 'nonFinite';
        break optimising;
      }
      rate = learningRateAt(schedule, { step, steps, epoch });
      for (const i of held) plan.gradient[i] = 0;
      for (const { values, update, factor, gradient } of movers) update.apply(values, gradient, factor * rate);
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
    weights = descent.weightsAfter({ risk, error, kl }, weights);
    [riskSum, mistakes] = [0, 0];
    descent.onEpoch?.(checkpoint());
  }
  const seconds = (performance.now() - began) / 1000;
  return {
    variances: scales.map((_, s) => exp(2 * state[firstScale + s])),
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

interface Mover {
  readonly values: FloatArray;
  readonly gradient: FloatArray;
  /** on the learning rate */
  readonly factor: number;
  readonly update: Update;
}

/** Means, deviations and scales move at rates of their own, each with the optimiser's state of its own. */
function moversOf({ network, state, deviations, rates, plan, optimizer }: Descent): readonly Mover[] {
  const { size } = network;
  const part = (from: number, to: number, factor: number): Mover => {
    const values = state.subarray(from, to);
    return { values, gradient: plan.gradient.subarray(from, to), factor, update: createUpdate(optimizer, values) };
  };
  return [
    part(0, size, 1),
    part(size, size + deviations, rates.logStd),
    part(size + deviations, state.length, rates.scales),
  ];
}

/** Slopes and KL where a run stopped; slopes before anything is measured where none did. */
export function descentStart({ setting: { objective, n }, resume }: DescentSetting): DescentStart {
  const first = objective === 'kl' || objective === 'lambda' ? ([1, 1 / n] as const) : ([1, 1] as const);
  return { weights: resume?.weights ?? first, kl: resume?.sums[2] ?? 0 };
}
