import type { SectionView } from '../section.js';
import { trainingFigure } from './figure.js';
import { trainingDetails } from './html.js';
import type { TrainingRun } from './shape.js';
import { trainingRows, trainingTiles } from './table.js';

export const trainingView: SectionView<readonly TrainingRun[]> = {
  tiles: trainingTiles,
  details: trainingDetails,
  figures: (runs) => [trainingFigure(runs)],
  rows: trainingRows,
};
