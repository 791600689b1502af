import { exp, log, type FloatArray } from '@hyperribbon/kernels';
import {
  batchOrder,
  countMistakes,
  createUpdate,
  descend,
  restoreUpdates,
  type DescentPosition,
  type DescentReport,
  type EpochSoFar,
  type Update,
} from '@hyperribbon/nn';
import { klInverseUpper } from '../../limits/klInverse.js';
import { noisePool, type NoisePool } from '../noise/noisePool.js';
import type { BoundCheckpoint, BoundDetail, BoundEpoch } from './boundCheckpoint.js';
import type { BoundStep } from './boundStep.js';
import { hasEpochSlopes } from './objective.js';
import type { DescentSetting } from './resolveDescent.js';

/** A bound as a function of a state, to be minimised by steps over batches. */
export interface BoundDescent extends DescentSetting {
  /** what is optimised, changed in place: mean (size,), ln std (deviations,), ½ ln scales */
  readonly state: FloatArray;
  readonly deviations: number;
  readonly plan: Pick<BoundStep, 'labels' | 'noise' | 'gradient' | 'flops' | 'kernels' | 'run'>;
  /** Gives the plan the examples order[from], order[from + 1], … */
  collect(order: Int32Array, from: number): void;
  /** whether the gradient of a step with a finite value may be applied; default: it may */
  healthy?(): boolean;
  /** slopes of the first epoch; default {@link boundStart} */
  firstSlopes?(pool: NoisePool): BoundStart;
  /** slopes of the next epoch */
  slopesAfter(epoch: BoundDetail, slopes: readonly [number, number]): readonly [number, number];
  /** Called before the first step of every epoch but the first. */
  betweenEpochs?(epoch: number): Promise<void>;
  /** what a checkpoint holds besides */
  readonly kept?: Pick<BoundCheckpoint, 'renewedAt'>;
}

/** Slopes by risk and KL at the beginning, and the KL there if it was looked at. */
export interface BoundStart {
  readonly slopes: readonly [number, number];
  readonly kl: number;
}

/** How the descent went; the state it was given is where it ended. */
export interface DescendedBound extends DescentReport<BoundEpoch, BoundCheckpoint> {
  /** prior variances where the optimisation ended, before they are put on their grids */
  readonly variances: readonly number[];
}

/**
 * Epochs of gradient steps on a bound, for every family of posteriors: order of epoch e from stream (seed, 'bound/order', e), noise of step t
 * from the pool, checkpoints after every epoch, a stop between any two steps that resumes to the same bits.
 */
export async function descendBound(bound: BoundDescent): Promise<DescendedBound> {
  const { network, identity, epochs, schedule, state, prior, plan, signal, onProgress, resume } = bound;
  const { seed, count, batchSize } = identity;
  const pool = noisePool(seed, Math.max(...plan.noise.map(({ length }) => length)));
  const { movers, held } = moversOf(bound);
  let { slopes, kl } = bound.firstSlopes?.(pool) ?? boundStart(bound);
  let order: Int32Array = new Int32Array(0);
  let flops = 0;
  const detail = (soFar: EpochSoFar): BoundDetail => detailOf(soFar, kl, bound);
  const checkpoint = ({ step, sums, history }: DescentPosition<BoundEpoch>): BoundCheckpoint => {
    const slots = movers.flatMap(({ update }) => update.slots);
    const { updates } = movers[0].update;
    return { version: 2, ...bound.identity, step, sums, history, state, ...bound.kept, slots, updates, slopes, kl };
  };
  const went = await descend<BoundEpoch, BoundDetail>({
    epochs,
    batches: Math.floor(count / batchSize),
    schedule,
    resume,
    signal,
    onProgress,
    async enterEpoch(epoch, from) {
      if (epoch > 0 && from === 0) await bound.betweenEpochs?.(epoch);
      order = batchOrder(count, seed, epoch, 'bound/order');
    },
    measure({ step, batch }) {
      bound.collect(order, batch * batchSize);
      pool.fill(step, plan.noise);
      const found = plan.run(state, slopes);
      if (!Number.isFinite(found.value + found.kl) || bound.healthy?.() === false) return undefined;
      kl = found.kl;
      return { loss: found.risk, mistakes: countMistakes(found.logits, plan.labels, network.classes) };
    },
    move(learningRate) {
      for (const i of held) plan.gradient[i] = 0;
      for (const { values, update, factor, gradient } of movers) update.apply(values, gradient, factor * learningRate);
      flops += plan.flops;
    },
    detail,
    endEpoch(whole) {
      const found = detail(whole);
      slopes = bound.slopesAfter(found, slopes);
      return { ...found, learningRate: whole.learningRate };
    },
    afterEpoch: (position) => bound.onEpoch?.(checkpoint(position)),
  });
  const { history, finished, reason, seconds } = went;
  return {
    variances: prior.scales.map((_, s) => exp(2 * state[network.size + bound.deviations + s])),
    history,
    finished,
    reason,
    checkpoint: checkpoint(went),
    seconds,
    flopsPerSecond: seconds > 0 ? flops / seconds : 0,
    kernels: plan.kernels,
    seed,
  };
}

function detailOf({ epoch, steps, sums }: EpochSoFar, kl: number, { identity, setting }: BoundDescent): BoundDetail {
  const { n, delta } = setting;
  const error = sums.mistakes / (steps * identity.batchSize);
  // a sum in float32 for a posterior at its prior may come out a little below zero
  const divergence = Math.max(0, kl);
  const rate = (divergence + log((2 * Math.sqrt(n)) / delta)) / n;
  const estimate = klInverseUpper(Math.min(1, error), Math.max(0, rate));
  return { epoch, risk: sums.loss / steps, error, kl: divergence, estimate };
}

interface Mover {
  readonly values: FloatArray;
  readonly gradient: FloatArray;
  /** on the learning rate */
  readonly factor: number;
  readonly update: Update;
}

/**
 * Means, deviations and scales move at learning rates of their own, each with the optimiser's state of its own, which a resumed run takes up.
 * `held` are the places in the state of scales that do not move.
 */
function moversOf(bound: BoundDescent): { readonly movers: readonly Mover[]; readonly held: readonly number[] } {
  const { caller, network, state, deviations, prior, learningRateFactors, plan, optimizer, resume } = bound;
  const { size } = network;
  const firstScale = size + deviations;
  const part = (from: number, to: number, factor: number): Mover => {
    const values = state.subarray(from, to);
    return { values, gradient: plan.gradient.subarray(from, to), factor, update: createUpdate(optimizer, values) };
  };
  const movers = [
    part(0, size, 1),
    part(size, firstScale, learningRateFactors.logStd),
    part(firstScale, state.length, learningRateFactors.scales),
  ];
  const updates = movers.map(({ update }) => update);
  if (resume !== undefined) restoreUpdates(caller, updates, resume);
  return { movers, held: prior.scales.flatMap(({ fixed = false }, s) => (fixed ? [firstScale + s] : [])) };
}

/** Slopes and KL where a run stopped; slopes before anything is measured where none did. */
export function boundStart({ setting, resume }: DescentSetting): BoundStart {
  return {
    slopes: resume?.slopes ?? [1, hasEpochSlopes(setting) ? 1 / setting.n : 1],
    kl: resume?.kl ?? 0,
  };
}
