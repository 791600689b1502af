import { mul, sum } from '@hyperribbon/autodiff';
import type { Dtype, FloatArray, KernelInfo } from '@hyperribbon/kernels';
import type { Examples } from '../examples.js';
import type { Loss } from '../losses.js';
import type { Network } from '../network.js';
import { batchOrder, gatherBatch, planBatches } from './batches.js';
import type { Descent, DescentSums } from './descend.js';
import { planGradientStep } from './gradientStep.js';
import { countMistakes } from './zeroOne.js';

/** Gradients of a network's loss over batches in the seeded order: `enterEpoch` and `measure` of a {@link Descent}. */
export interface BatchGradients {
  readonly batches: number;
  readonly kernels: KernelInfo;
  /** From now on the order of this epoch, over these examples: as many as those planned for, the same by default. */
  enterEpoch(epoch: number, examples?: Examples): void;
  /** Sum of the losses, mistakes and gradient of one batch; undefined if the loss is not finite. */
  measure(at: Parameters<Descent<unknown, unknown>['measure']>[0], weights: FloatArray): DescentSums | undefined;
  /** (size,) of the last measurement, and what it cost */
  last(): { readonly gradient: FloatArray; readonly flops: number };
}

/**
 * Plans the gradients before the first step.
 *
 * @param batchSize in [1, count]; the last batch of an epoch holds the rest
 * @param seed names the order of epoch e: stream (seed, 'batch-order', e)
 */
export function batchGradients(
  network: Network,
  examples: Examples,
  {
    loss,
    batchSize,
    seed,
    ...flavour
  }: {
    readonly loss: Loss;
    readonly batchSize: number;
    readonly seed: number;
    readonly dtype: Dtype;
    readonly deterministic: boolean;
  },
): BatchGradients {
  const plans = planBatches(examples.count, batchSize, (rows) =>
    planGradientStep(network, rows, {
      risk: (logits, labels) => mul(1 / rows, sum(loss(logits, labels))),
      told: loss,
      ...flavour,
    }),
  );
  let current = examples;
  let order: Int32Array = new Int32Array(0);
  let plan = plans.full;
  return {
    batches: plans.batches,
    kernels: plans.full.kernels,
    enterEpoch(epoch, among = examples) {
      current = among;
      order = batchOrder(examples.count, seed, epoch);
    },
    measure({ batch }, weights) {
      plan = plans.of(batch);
      gatherBatch(current, order, batch * batchSize, plan);
      const { told: losses, logits } = plan.run(weights);
      let total = 0;
      for (let i = 0; i < losses.length; i++) total += losses[i];
      const mistakes = countMistakes(logits, plan.labels, network.classes);
      return Number.isFinite(total) ? { loss: total, mistakes } : undefined;
    },
    last: () => plan,
  };
}
