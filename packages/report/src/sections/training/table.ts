import { percent } from '../../page/format.js';
import type { Tile } from '../../page/parts.js';
import type { Row } from '../../page/rows.js';
import type { TrainingRun } from './shape.js';

export function trainingRows(runs: readonly TrainingRun[]): readonly Row[] {
  return runs.map(({ name, final }) => [
    `error, ${name}`,
    percent(final.testError),
    `test; ${percent(final.trainError)} train`,
  ]);
}

export function trainingTiles([run]: readonly TrainingRun[]): readonly Tile[] {
  return run === undefined
    ? []
    : [{ value: [percent(run.final.testError)], label: 'test error of the trained network' }];
}
