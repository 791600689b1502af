import { number, percent } from '../../page/format.js';
import { figureBlock, numeric, section, table, type Cell } from '../../page/parts.js';
import { trainingFigure } from './figure.js';
import type { TrainingRun } from './shape.js';

export function trainingDetails(runs: readonly TrainingRun[]): string {
  const columns = [
    'run',
    ...numeric('train loss', 'test loss', 'train error', 'test error', '|w₀|', '|w|', '|w − w₀|'),
  ];
  const rows = runs.map(({ name, final, norms }) => [
    name,
    loss(final.trainLoss),
    loss(final.testLoss),
    percent(final.trainError),
    percent(final.testError),
    norms ? number(norms.initial) : null,
    norms ? number(norms.final) : null,
    norms ? number(norms.displacement) : null,
  ]);
  return section('training', 'Training', figureBlock(trainingFigure(runs)), table(columns, rows));
}

function loss(value: number | null): Cell {
  return value === null ? 'not finite' : number(value);
}
