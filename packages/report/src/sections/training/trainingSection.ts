import type { Analysis } from '../../analysis.js';
import { number, percent } from '../../page/format.js';
import { el } from '../../page/markup.js';
import { figureBlock, section, table, type Cell } from '../../page/parts.js';
import { trainingFigure } from './trainingFigure.js';

export function trainingSection({ training }: Analysis): string {
  if (training === undefined || training.length === 0) return '';
  const columns = [
    { title: 'run' },
    { title: 'train loss', numeric: true },
    { title: 'test loss', numeric: true },
    { title: 'train error', numeric: true },
    { title: 'test error', numeric: true },
    { title: '|w₀|', numeric: true },
    { title: '|w|', numeric: true },
    { title: '|w − w₀|', numeric: true },
  ];
  const rows = training.map(({ name, final, norms }) => [
    name,
    loss(final.trainLoss),
    loss(final.testLoss),
    percent(final.trainError),
    percent(final.testError),
    norms ? number(norms.initial) : null,
    norms ? number(norms.final) : null,
    norms ? number(norms.displacement) : null,
  ]);
  return section('training', 'Training', figureBlock(trainingFigure(training)), el('div', {}, table(columns, rows)));
}

function loss(value: number | null): Cell {
  return value === null ? 'not finite' : number(value);
}
