import { mul, sum, type Tensor } from '@hyperribbon/autodiff';
import type { Dtype, FloatArray, KernelInfo } from '@hyperribbon/kernels';
import { type AnyExamples, totalWeight } from '../examples.js';
import type { Loss } from '../losses.js';
import type { Network } from '../network.js';
import { batchOrder, gatherBatch, planBatches } from './batches.js';
import type { Descent, DescentSums } from './descend.js';
import { planGradientStep } from './gradientStep.js';
import { mistakesIn } from './evaluate.js';

type WeightedLoss = (logits: Tensor, answers: Tensor, weights?: Tensor) => Tensor;

/** Gradients of a network's loss over batches in the seeded order: `enterEpoch` and `measure` of a {@link Descent}. */
export interface BatchGradients {
  readonly batches: number;
  readonly kernels: KernelInfo;
  /** From now on the order of this epoch, over these examples: as many as those planned for, the same by default. */
  enterEpoch(epoch: number, examples?: AnyExamples): void;
  /** Sum of the losses, mistakes (NaN for targets that are real numbers) and gradient of one batch; undefined if the loss is not finite. */
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
  examples: AnyExamples,
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
  // weights count as shares of their mean over all examples, so that the batches of an epoch have the mean loss as their mean
  const share = examples.count / totalWeight(examples);
  const shareOf: WeightedLoss = (logits, answers, weights) =>
    weights === undefined ? loss(logits, answers) : mul(mul(share, weights), loss(logits, answers));
  const plans = planBatches(examples.count, batchSize, (rows) =>
    planGradientStep(
      network,
      rows,
      {
        risk: (logits, answers, weights) => mul(1 / rows, sum(shareOf(logits, answers, weights))),
        told: shareOf,
        ...flavour,
      },
      examples,
    ),
  );
  let current: AnyExamples = examples;
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
      const { wrong } = mistakesIn(logits, plan.labels ?? plan.targets!, loss, network.classes, plan.weights);
      return Number.isFinite(total) ? { loss: total, mistakes: share * wrong } : undefined;
    },
    last: () => plan,
  };
}
