import { percent } from '../output/percent.js';
import type { Guessing } from './guessing.js';
import type { Reading } from './otherReadings.js';

/** What a network does on some examples. */
export interface Performance {
  readonly loss: number;
  /** NaN where examples have targets */
  readonly error: number;
}

/** "loss 0.0312 (guessing 0.693), error 1.20 % (guessing 49.10 %)" */
export function performanceText({ loss, error }: Performance, guess: Guessing): string {
  const losses = `loss ${loss.toPrecision(4)} (guessing ${guess.loss.toPrecision(4)})`;
  return Number.isNaN(error) ? losses : `${losses}, error ${percent(error)} (guessing ${percent(guess.error)})`;
}

/** "as mlp:tanh the same weights have loss 0.05 and error 1.20 %: …" */
export function betterText({ how, loss, error }: Reading): string {
  return `${how} the same weights have loss ${loss.toPrecision(4)} and error ${percent(error)}: are they read as they were trained?`;
}

/** What is wrong with reading weights in this way; nothing where all is well. */
export function readingWarnings(found: Performance, guess: Guessing, better: Reading | undefined): readonly string[] {
  const classes = !Number.isNaN(found.error);
  const worse = !(classes ? found.error < guess.error : found.loss < guess.loss)
    ? ['the network is no better than guessing on these examples: these are the eigenvalues of such a network']
    : !(found.loss < guess.loss)
      ? ['the loss of the network is above that of guessing on these examples, though it errs less']
      : [];
  const other = better === undefined ? [] : [betterText(better)];
  const cause =
    worse.length > 0 && better === undefined
      ? ['is the activation that of its training, are its matrices (in, out), is it a network for these data?']
      : [];
  return [...worse, ...other, ...cause];
}
