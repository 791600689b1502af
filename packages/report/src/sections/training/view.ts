import { percent } from '../../page/format.js';
import type { SectionView } from '../section.js';
import { guessingWarnings, judge } from './againstGuessing.js';
import { trainingFigure } from './figure.js';
import { trainingDetails } from './html.js';
import type { TrainingRun } from './shape.js';

export const trainingView: SectionView<readonly TrainingRun[]> = {
  tiles: ([run], { analyticBound }) => {
    const guess = run.guessing === undefined ? '' : ` (guessing: ${percent(run.guessing.error)})`;
    const other = analyticBound?.best === undefined ? '' : '; the bound is of another classifier';
    const { trainError, testError } = run.final;
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
      const { name, final, guessing } = run;
      const guess = guessing === undefined ? '' : `; guessing ${percent(guessing.error)}`;
      const remarks = {
        better: '',
        open: '; NOT TOLD FROM GUESSING',
        overconfident: '; LOSS ABOVE GUESSING',
        worse: '; NO BETTER THAN GUESSING',
      };
      const warning = remarks[judge(run)?.standing ?? 'better'];
      const train = percent(final.trainError);
      return final.testError === undefined
        ? [`error, ${name}`, train, `on examples that it may have seen; no test examples${guess}${warning}`]
        : [`error, ${name}`, percent(final.testError), `test; ${train} train${guess}${warning}`];
    }),
};
