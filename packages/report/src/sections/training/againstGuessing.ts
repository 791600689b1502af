import { number, percent } from '../../page/format.js';
import { inline } from '../../page/markup.js';
import type { TrainingRun } from './shape.js';

/** What a network is against the best constant answer; undefined where that is not known. */
export function standing({ final, guessing }: TrainingRun): 'better' | 'overconfident' | 'worse' | undefined {
  if (guessing === undefined || final.testError === undefined) return undefined;
  if (final.testError >= guessing.error) return 'worse';
  return final.testLoss === null || final.testLoss === undefined || final.testLoss > guessing.loss
    ? 'overconfident'
    : 'better';
}

/** A warning about each network that guessing matches, with what may be the cause; nothing where all is well. */
export function guessingWarnings(runs: readonly TrainingRun[]): readonly string[] {
  return runs.flatMap((run) => {
    const { name, final, guessing } = run;
    const kind = standing(run);
    if (guessing === undefined || final.testError === undefined || kind === undefined || kind === 'better') return [];
    const cause =
      name === 'given'
        ? ' Is the activation that of its training? Are its matrices (in, out)? Is it a network for these data?'
        : ' It has learnt nothing that these data test: more epochs, another learning rate or other data may help.';
    const loss =
      final.testLoss === null || final.testLoss === undefined ? 'not finite' : `${inline(number(final.testLoss))} nats`;
    if (kind === 'worse')
      return [
        `The ${name} network is no better than guessing: it errs on ${percent(final.testError)} of the test examples, always answering the most frequent class on ` +
          `${percent(guessing.error)}. What is said of its spectra is said of such a network.${cause}`,
      ];
    return [
      `The ${name} network errs less than guessing (${percent(final.testError)} against ${percent(guessing.error)}), but its loss on test examples, ${loss}, is above the ` +
        `${inline(number(guessing.loss))} nats of answering with the frequencies of the classes: it is sure of its errors.`,
    ];
  });
}
