import { percent } from '../../page/format.js';
import type { SectionView } from '../section.js';
import { trainingFigure } from './figure.js';
import { trainingDetails } from './html.js';
import type { TrainingRun } from './shape.js';

export const trainingView: SectionView<readonly TrainingRun[]> = {
  tiles: ([run]) => [{ value: [percent(run.final.testError)], label: 'test error of the trained network' }],
  details: trainingDetails,
  figures: (runs) => [trainingFigure(runs)],
  rows: (runs) =>
    runs.map(({ name, final }) => [
      `error, ${name}`,
      percent(final.testError),
      `test; ${percent(final.trainError)} train`,
    ]),
};
