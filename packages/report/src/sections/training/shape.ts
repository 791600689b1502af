import * as is from '@hyperribbon/contract/decode';

const epoch = is.object({
  /** 0 = before the first step */
  epoch: is.notNegative,
  trainLoss: is.maybe(is.finiteOrMissing),
  trainError: is.maybe(is.share),
  testLoss: is.maybe(is.finiteOrMissing),
  testError: is.maybe(is.share),
  learningRate: is.maybe(is.finiteOrMissing),
});
/** Loss and error after an epoch. */
export type EpochRecord = is.DecodedBy<typeof epoch>;

const run = is.object({
  /** "plain", "decayed"; "given" for weights that were brought along */
  name: is.text,
  /**
   * what a record's trainLoss and trainError are: measured at the weights after the epoch, or means over its batches while the weights
   * changed; left out: after
   */
  trainValues: is.maybe(is.oneOf('after', 'during')),
  /** name of the run whose final weights this one starts from; its epochs are then drawn after that one's */
  continues: is.maybe(is.text),
  history: is.arrayOf(epoch),
  /** A loss that is not finite, because training diverged, is null. */
  final: is.object({
    trainLoss: is.finiteOrNull,
    /** errors are left out where answers are no classes */
    trainError: is.maybe(is.share),
    /** left out where there is nothing to test with */
    testLoss: is.maybe(is.finiteOrNull),
    testError: is.maybe(is.share),
  }),
  /** error and loss of the best constant answer to the test examples, or to those of training: the most frequent class, and the frequencies of all */
  guessing: is.maybe(
    is.object({
      error: is.maybe(is.share),
      loss: is.notNegative,
      /** which examples: the training ones where there are no test examples; left out: test */
      of: is.maybe(is.oneOf('train', 'test')),
      /** how many: fewer tell less */
      count: is.maybe(is.count),
    }),
  ),
  /** of the losses, such as "half the squared error"; left out: nats */
  lossUnit: is.maybe(is.text),
  /** Euclidean norms |w0|, |w|, |w − w0| */
  norms: is.maybe(is.object({ initial: is.notNegative, final: is.notNegative, displacement: is.notNegative })),
});
/** One training run: its history and how it ended. */
export type TrainingRun = is.DecodedBy<typeof run>;

/** Plain run first, then variants of it. */
export const training = is.arrayOf(run);
