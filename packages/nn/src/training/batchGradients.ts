import { mul, sum, type Tensor } from '@hyperribbon/autodiff';
import type { Dtype, FloatArray, KernelInfo } from '@hyperribbon/kernels';
import { type AnyExamples, totalWeight } from '../examples.js';
import type { Loss } from '../losses.js';
import type { Network } from '../network.js';
import { type Augment, type AugmentSight, batchSource, type StepPosition } from './batchSource.js';
import { planBatches } from './batches.js';
import type { DescentSums } from './descend.js';
import { mistakesIn } from './evaluate.js';
import { type OfLogits, planRows } from './gradientProgram.js';
import { planGradientStep } from './gradientStep.js';

/** Gradients of a network's loss over batches in the seeded order: `enterEpoch` and `measure` of a `Descent`. */
export interface BatchGradients<Sums = DescentSums | undefined> {
  readonly batches: number;
  readonly kernels: KernelInfo;
  /** examples such as those that steps get, once they are augmented */
  readonly like: AnyExamples;
  /** From now on the order of this epoch, over these examples: as many as those planned for, the same by default. */
  enterEpoch(epoch: number, examples?: AnyExamples): void;
  /**
   * Sum of the losses, mistakes (NaN for targets that are real numbers) and gradient of one batch; undefined if the loss, the gradient or a
   * buffer is not finite.
   *
   * @param buffers of training mode before the step, one after the other
   */
  measure(at: StepPosition, weights: FloatArray, buffers?: FloatArray): Sums;
  /** The same of the batch just measured, with its draws and its buffers from before the step, at other weights. */
  again(weights: FloatArray): Sums;
  /** Of the last measurement: the gradient (size,), buffers after the step, and what it cost. */
  last(): { readonly gradient: FloatArray; readonly buffersAfter: FloatArray; readonly flops: number };
}

export interface BatchGradientsOptions {
  readonly loss: Loss;
  /** in [1, count]; the last batch of an epoch holds the rest */
  readonly batchSize: number;
  /** names the order of epoch e: stream (seed, 'batch-order', e) */
  readonly seed: number;
  readonly dtype: Dtype;
  readonly deterministic: boolean;
  /** true: in training mode, if the network has one. Default false */
  readonly training?: boolean;
  readonly augment?: Augment | undefined;
  /** what `augment` sees of the run */
  readonly sight?: AugmentSight | undefined;
}

/** Plans the gradients before the first step. */
export function batchGradients(
  network: Network,
  examples: AnyExamples,
  options: BatchGradientsOptions,
): BatchGradients {
  const { loss, batchSize, dtype, deterministic, training = false } = options;
  const { share, lossOf } = sharedLoss(loss, examples);
  const source = batchSource(examples, options);
  const plans = planBatches(examples.count, batchSize, (rows) =>
    planRows(rows, options, () =>
      planGradientStep(
        network,
        rows,
        {
          risk: (logits, answers, weights) => mul(1 / rows, sum(lossOf(logits, answers, weights))),
          told: lossOf,
          dtype,
          deterministic,
          training,
        },
        source.like,
      ),
    ),
  );
  let plan = plans.full;
  let counted: Int32Array | FloatArray;
  const measureAt = (weights: FloatArray): DescentSums | undefined => {
    const { told: losses, logits } = plan.run(weights);
    let total = 0;
    for (let i = 0; i < losses.length; i++) total += losses[i];
    const { wrong } = mistakesIn(logits, counted, loss, network.classes, plan.weights);
    return Number.isFinite(total) && allFinite(plan.gradient) && allFinite(plan.buffersAfter)
      ? { loss: total, mistakes: share * wrong }
      : undefined;
  };
  return {
    batches: plans.batches,
    kernels: plans.full.kernels,
    like: source.like,
    enterEpoch: source.enterEpoch,
    measure(at, weights, buffers) {
      plan = plans.of(at.batch);
      counted = source.fill(at, plan);
      if (buffers !== undefined) plan.buffers.set(buffers);
      return measureAt(weights);
    },
    again: measureAt,
    last: () => plan,
  };
}

/** Weights count as shares of their mean over all examples, so that the batches of an epoch have the mean loss as their mean. */
export function sharedLoss(loss: Loss, examples: AnyExamples): { readonly share: number; readonly lossOf: OfLogits } {
  const share = examples.count / totalWeight(examples);
  const lossOf = (logits: Tensor, answers: Tensor, weights?: Tensor): Tensor =>
    weights === undefined ? loss(logits, answers) : mul(mul(share, weights), loss(logits, answers));
  return { share, lossOf };
}

/** One pass without a branch: a number that is not finite leaves NaN. */
export function allFinite(numbers: FloatArray): boolean {
  let zero = 0;
  for (let i = 0; i < numbers.length; i++) zero += 0 * numbers[i]; // hot
  return zero === 0;
}
