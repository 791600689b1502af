import { number, percent } from '../../page/format.js';
import { inline } from '../../page/markup.js';
import type { SectionView } from '../section.js';
import { guessingWarnings, judge, matchedByConstant } from './againstGuessing.js';
import { trainingFigure } from './figure.js';
import { trainingDetails } from './html.js';
import type { TrainingRun } from './shape.js';

/** What guessing costs: errors where answers are classes, else losses. */
function guessText({ guessing, final }: TrainingRun, before: string, after: string): string {
  if (guessing === undefined) return '';
  const value = final.trainError === undefined ? inline(number(guessing.loss)) : percent(guessing.error ?? 0);
  return `${before}${value}${after}`;
}

/** The loss of a run whose answers are no classes, on test examples where there are some. */
function lossTile(run: TrainingRun): { readonly value: readonly string[]; readonly label: string } {
  const { name, final, lossUnit = 'nats' } = run;
  const [loss, where] =
    final.testLoss === undefined
      ? [final.trainLoss, 'on examples that it may have seen']
      : [final.testLoss, 'on test examples'];
  return {
    value: [loss === null ? 'not finite' : inline(number(loss))],
    label: `loss (${lossUnit}) of the ${name} network ${where}${guessText(run, '; the best constant answer: ', '')}`,
  };
}

export const trainingView: SectionView<readonly TrainingRun[]> = {
  tiles: ([run], { analyticBound }) => {
    const guess = guessText(run, ' (guessing: ', ')');
    const other = analyticBound?.best === undefined ? '' : '; the bound is of another classifier';
    const { trainError, testError } = run.final;
    if (trainError === undefined) return [lossTile(run)];
    return testError === undefined
      ? [
          {
            value: [percent(trainError)],
            label: `error of the ${run.name} network on examples that it may have seen${guess}`,
          },
        ]
      : [{ value: [percent(testError)], label: `test error of the ${run.name} network${guess}${other}` }];
  },
  lead: (runs) => guessingWarnings(runs.slice(0, 1)).join(' '),
  details: trainingDetails,
  figures: (runs) => [trainingFigure(runs)],
  rows: (runs) =>
    runs.map((run) => {
      const { name, final } = run;
      const guess = guessText(run, '; guessing ', '');
      const remarks = {
        better: '',
        open: '; NOT TOLD FROM GUESSING',
        overconfident: '; LOSS ABOVE GUESSING',
        worse: '; NO BETTER THAN GUESSING',
      };
      const warning = remarks[judge(run)?.standing ?? 'better'];
      if (final.trainError === undefined) {
        const { value, label } = lossTile(run);
        return [
          `loss, ${name}`,
          value.join(''),
          `${label}${matchedByConstant(run) ? '; NO BETTER THAN A CONSTANT' : ''}`,
        ];
      }
      const train = percent(final.trainError);
      return final.testError === undefined
        ? [`error, ${name}`, train, `on examples that it may have seen; no test examples${guess}${warning}`]
        : [`error, ${name}`, percent(final.testError), `test; ${train} train${guess}${warning}`];
    }),
};
