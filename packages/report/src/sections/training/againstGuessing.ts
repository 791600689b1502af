import { number, percent } from '../../page/format.js';
import { inline } from '../../page/markup.js';
import type { TrainingRun } from './shape.js';

/** A network beside the best constant answer, on the same examples. */
interface Judged {
  readonly error: number;
  /** null where it is not finite */
  readonly loss: number | null;
  readonly guessing: { readonly error: number; readonly loss: number };
  readonly examples: 'training' | 'test';
  readonly standing: 'better' | 'overconfident' | 'worse';
}

/** How a network stands against guessing; undefined where that is not known. */
export function judge({ final, guessing }: TrainingRun): Judged | undefined {
  if (guessing === undefined) return undefined;
  const training = guessing.of === 'train';
  const error = training ? final.trainError : final.testError;
  if (error === undefined) return undefined;
  const loss = (training ? final.trainLoss : final.testLoss) ?? null;
  const standing =
    error >= guessing.error ? 'worse' : loss === null || loss > guessing.loss ? 'overconfident' : 'better';
  return { error, loss, guessing, examples: training ? 'training' : 'test', standing };
}

/** A warning about each network that guessing matches, with what may be the cause; nothing where all is well. */
export function guessingWarnings(runs: readonly TrainingRun[]): readonly string[] {
  return runs.flatMap((run) => {
    const { name } = run;
    const judged = judge(run);
    if (judged === undefined || judged.standing === 'better') return [];
    const { error, loss, guessing, examples, standing } = judged;
    const cause =
      name === 'given'
        ? ' Is the activation that of its training? Are its matrices (in, out)? Is it a network for these data?'
        : ` It has learnt nothing that these ${examples} examples show: more epochs, another learning rate or other data may help.`;
    if (standing === 'worse')
      return [
        `The ${name} network is no better than guessing: it errs on ${percent(error)} of the ${examples} examples, always answering the most frequent class on ` +
          `${percent(guessing.error)}. What is said of its spectra is said of such a network.${cause}`,
      ];
    return [
      `The ${name} network errs less than guessing (${percent(error)} against ${percent(guessing.error)}), but its loss on ${examples} examples, ` +
        `${loss === null ? 'not finite' : `${inline(number(loss))} nats`}, is above the ` +
        `${inline(number(guessing.loss))} nats of answering with the frequencies of the classes: it is sure of its errors.`,
    ];
  });
}
