import { requireInteger, requireNoOthers } from '@hyperribbon/contract';
import {
  type AnyExamples,
  createEvaluator,
  type Evaluator,
  type Loss,
  softmaxCrossEntropy,
  type TrainHook,
} from '@hyperribbon/nn';

export interface RecordTestLossOptions {
  /** default {@link softmaxCrossEntropy} */
  readonly loss?: Loss;
  /** only after every so many epochs; integer ≥ 1, default 1 */
  readonly every?: number;
}

/** What {@link recordTestLoss} keeps, epoch by epoch. */
export interface TestLosses {
  /** done when it was measured, ascending from 1 */
  readonly epochs: number[];
  /** mean loss on the examples */
  readonly losses: number[];
  /** share of wrong answers; NaN for targets */
  readonly errors: number[];
}

/**
 * A hook of `train` that logs the loss on fixed examples after every epoch, as the network is evaluated then: what {@link algorithmicStability} averages.
 *
 * Give every run the same seed, so that the order of the examples is the same. Handed to the run that resumes another, it goes on where it stood.
 *
 * @param examples test examples, the same for all runs
 * @throws ArgumentError for options out of range, and in the run for examples that do not fit
 * Cost: an evaluation after every epoch, planned once
 * @example
 * const log = recordTestLoss(digits.test);
 * await train(net, digits.train, { epochs: 3, hooks: [log] });
 * log.epochs; // [1, 2, 3]
 */
export function recordTestLoss(
  examples: AnyExamples,
  { loss = softmaxCrossEntropy, every = 1, ...others }: RecordTestLossOptions = {},
): TestLosses & Required<Pick<TrainHook, 'onCheckpoint'>> {
  requireNoOthers('recordTestLoss', others, 'RecordTestLossOptions');
  requireInteger('recordTestLoss', 'every', every, 1);
  const log: TestLosses = { epochs: [], losses: [], errors: [] };
  let evaluator: Evaluator | undefined;
  return {
    ...log,
    async onCheckpoint({ checkpoint, network, weights, buffers, signal }) {
      const epoch = checkpoint.history.length;
      if (epoch <= (log.epochs.at(-1) ?? 0) || epoch % every !== 0) return;
      const dtype = weights.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32';
      evaluator ??= createEvaluator(network(), examples, { loss, dtype, deterministic: true });
      const found = await evaluator.evaluate(weights, { buffers, signal });
      log.epochs.push(epoch);
      log.losses.push(found.loss);
      log.errors.push(found.error);
    },
  };
}
