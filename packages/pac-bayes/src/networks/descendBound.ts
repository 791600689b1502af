import { log, type FloatArray } from '@hyperribbon/kernels';
import { createUpdate, learningRateAt, type Network, type Optimizer, type Schedule } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { klInverseUpper } from '../klInverse.js';
import type { BoundStep, BoundStepResult } from './boundStep.js';
import type { NoisePool } from './noisePool.js';
import type { ObjectiveName, ObjectiveSetting } from './objective.js';
import type { BoundCheckpoint, BoundEpoch, OptimizeBoundOptions, OptimizedBound } from './optimizedBound.js';
import { mistakesIn } from './posteriorErrors.js';
import { yieldToEventLoop } from './yieldToEventLoop.js';

/** A bound as a function of a state, to be minimised by steps over batches. */
export interface Descent {
  readonly signal: OptimizeBoundOptions['signal'] | undefined;
  readonly onProgress: OptimizeBoundOptions['onProgress'] | undefined;
  readonly onEpoch: OptimizeBoundOptions['onEpoch'] | undefined;
  readonly resume: BoundCheckpoint | undefined;
  readonly network: Network;
  readonly setting: ObjectiveSetting;
  readonly seed: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: Optimizer;
  readonly schedule: Schedule;
  /** what is optimised, changed in place */
  readonly state: FloatArray;
  /** parts of the state, one after the other, each with its end and a factor on the learning rate */
  readonly parts: readonly { readonly end: number; readonly factor: number }[];
  /** places of the state that do not move */
  readonly held: readonly number[];
  readonly plan: Pick<BoundStep, 'labels' | 'noise' | 'gradient' | 'flops' | 'run'>;
  readonly pool: NoisePool;
  /** Gives the plan the examples order[from], order[from + 1], … */
  collect(order: Int32Array, from: number): void;
  /** whether a step's result may be applied */
  healthy(result: BoundStepResult): boolean;
  /** slopes in risk and KL at the beginning, and the KL there if it was looked at */
  readonly start: { readonly weights: readonly [number, number]; readonly kl: number };
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

/** How the descent went; the state it was given is where it ended. */
export type Descended = Pick<
  OptimizedBound,
  'history' | 'finished' | 'reason' | 'checkpoint' | 'seconds' | 'flopsPerSecond'
>;

/**
 * Epochs of gradient steps on a bound, for every family of posteriors: order of epoch e from stream (seed, 'bound/order', e), noise of step t
 * from the pool, checkpoints after every epoch, a stop between any two steps that resumes to the same bits.
 */
export async function descendBound(descent: Descent): Promise<Descended> {
  const { network, setting, seed, epochs, batchSize, schedule, state, held, plan, pool, resume } = descent;
  const { objective, n: count, delta } = setting;
  const movers = descent.parts.map(({ end, factor }, part, parts) => {
    const from = part === 0 ? 0 : parts[part - 1].end;
    const values = state.subarray(from, end);
    return {
      factor,
      values,
      gradient: plan.gradient.subarray(from, end),
      update: createUpdate(descent.optimizer, values),
    };
  });
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
    history,
    finished: reason === 'finished',
    reason,
    checkpoint: checkpoint(),
    seconds,
    flopsPerSecond: seconds > 0 ? ((step - firstStep) * plan.flops) / seconds : 0,
  };
}

/** Slopes before anything is measured. */
export function firstWeights(objective: ObjectiveName, n: number): readonly [number, number] {
  return objective === 'kl' || objective === 'lambda' ? [1, 1 / n] : [1, 1];
}
