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
  /** standard error of `error`; 0 where the number of examples is not known */
  readonly spread: number;
  /** open: less than two standard errors better */
  readonly standing: 'better' | 'overconfident' | 'open' | 'worse';
}

/** How a network stands against guessing; undefined where that is not known. */
export function judge({ final, guessing }: TrainingRun): Judged | undefined {
  if (guessing === undefined) return undefined;
  const training = guessing.of === 'train';
  const error = training ? final.trainError : final.testError;
  if (error === undefined || guessing.error === undefined) return undefined;
  const loss = (training ? final.trainLoss : final.testLoss) ?? null;
  const { count = Infinity } = guessing;
  const spread = Math.sqrt((error * (1 - error)) / Math.max(1, count));
  const examples = training ? 'training' : 'test';
  const guess = { error: guessing.error, loss: guessing.loss };
  return { error, loss, guessing: guess, examples, spread, standing: standingOf(error, spread, loss, guess) };
}

function standingOf(
  error: number,
  spread: number,
  loss: number | null,
  guessing: Judged['guessing'],
): Judged['standing'] {
  if (error >= guessing.error) return 'worse';
  if (error + 2 * spread >= guessing.error) return 'open';
  return loss === null || loss > guessing.loss ? 'overconfident' : 'better';
}

/** Whether the best constant answer has no larger loss than a network whose answers are no classes, on the same examples. */
export function matchedByConstant({ final, guessing }: TrainingRun): boolean {
  if (guessing === undefined || guessing.error !== undefined) return false;
  const loss = (guessing.of === 'train' ? final.trainLoss : final.testLoss) ?? null;
  return loss === null || loss >= guessing.loss;
}

function constantWarning(run: TrainingRun): readonly string[] {
  if (!matchedByConstant(run)) return [];
  const { name, final } = run;
  const guessing = run.guessing!;
  const [loss, examples] = guessing.of === 'train' ? [final.trainLoss, 'training'] : [final.testLoss ?? null, 'test'];
  return [
    `The ${name} network is no better than a constant: its loss on the ${examples} examples is ${loss === null ? 'not finite' : inline(number(loss))}, that of the ` +
      `best constant answer ${inline(number(guessing.loss))}. What is said of its spectra is said of such a network.`,
  ];
}

/** A warning about each network that guessing matches, with what may be the cause; nothing where all is well. */
export function guessingWarnings(runs: readonly TrainingRun[]): readonly string[] {
  return runs.flatMap((run) => {
    const { name } = run;
    const judged = judge(run);
    if (judged === undefined) return constantWarning(run);
    if (judged.standing === 'better') return [];
    const { error, loss, guessing, examples, spread, standing } = judged;
    const cause =
      name === 'given'
        ? ' Is the activation that of its training? Are its matrices (in, out)? Is it a network for these data?'
        : ` It has learnt nothing that these ${examples} examples show: more epochs, another learning rate or other data may help.`;
    if (standing === 'worse')
      return [
        `The ${name} network is no better than guessing: it errs on ${percent(error)} of the ${examples} examples, always answering the most frequent class on ` +
          `${percent(guessing.error)}. What is said of its spectra is said of such a network.${cause}`,
      ];
    if (standing === 'open')
      return [
        `Whether the ${name} network is better than guessing cannot be told from these ${examples} examples: it errs on ${percent(error)} ± ${(100 * spread).toFixed(1)}, always ` +
          `answering the most frequent class on ${percent(guessing.error)}; two standard errors would tell.`,
      ];
    return [
      `The ${name} network errs less than guessing (${percent(error)} against ${percent(guessing.error)}), but its loss on ${examples} examples, ` +
        `${loss === null ? 'not finite' : `${inline(number(loss))} nats`}, is above the ` +
        `${inline(number(guessing.loss))} nats of answering with the frequencies of the classes: it is sure of its errors.`,
    ];
  });
}
