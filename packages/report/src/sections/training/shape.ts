import {
  arrayOf,
  finiteOrMissing,
  finiteOrNull,
  maybe,
  notNegative,
  object,
  share,
  text,
  type DecodedBy,
} from '@hyperribbon/contract/decode';

const epoch = object({
  /** 0 = before the first step */
  epoch: notNegative,
  trainLoss: maybe(finiteOrMissing),
  trainError: maybe(share),
  testLoss: maybe(finiteOrMissing),
  testError: maybe(share),
  learningRate: maybe(finiteOrMissing),
});
/** Loss and error after an epoch. */
export type EpochRecord = DecodedBy<typeof epoch>;

const run = object({
  /** "plain", "decayed"; "given" for weights that were brought along */
  name: text,
  /** name of the run whose final weights this one starts from; its epochs are then drawn after that one's */
  continues: maybe(text),
  history: arrayOf(epoch),
  /** A loss that is not finite, because training diverged, is null. */
  final: object({ trainLoss: finiteOrNull, trainError: share, testLoss: finiteOrNull, testError: share }),
  /** Euclidean norms |w0|, |w|, |w − w0| */
  norms: maybe(object({ initial: notNegative, final: notNegative, displacement: notNegative })),
});
/** One training run: its history and how it ended. */
export type TrainingRun = DecodedBy<typeof run>;

/** Plain run first, then variants of it. */
export const training = arrayOf(run);
