import { number, percent } from '../../page/format.js';
import { inline } from '../../page/markup.js';
import { figureBlock, numeric, section, small, table, warning, type Cell } from '../../page/parts.js';
import { guessingWarnings } from './againstGuessing.js';
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
    final.testLoss === undefined ? null : loss(final.testLoss),
    final.trainError === undefined ? null : percent(final.trainError),
    final.testError === undefined ? null : percent(final.testError),
    norms ? number(norms.initial) : null,
    norms ? number(norms.final) : null,
    norms ? number(norms.displacement) : null,
  ]);
  const warnings = guessingWarnings(runs).map(warning);
  return section(
    'training',
    'Training',
    ...warnings,
    figureBlock(trainingFigure(runs)),
    table(columns, rows),
    small(terms(runs)),
  );
}

function terms([{ guessing, lossUnit }]: readonly TrainingRun[]): string {
  const guess =
    guessing === undefined
      ? ''
      : guessing.error === undefined
        ? ` The best constant answer to the ${guessing.of === 'train' ? 'training' : 'test'} examples has a loss of ${inline(number(guessing.loss))}.`
        : ` Guessing: always answering the most frequent class errs on ${percent(guessing.error)} of the ${guessing.of === 'train' ? 'training' : 'test'} examples; answering with the frequencies has a loss of ${inline(number(guessing.loss))} nats.`;
  return `Losses: ${lossUnit ?? 'nats'}, mean over examples. |w₀|, |w|, |w − w₀|: Euclidean norms of the weights at the random start, at the end, and of the way between.${guess}`;
}

function loss(value: number | null): Cell {
  return value === null ? 'not finite' : number(value);
}
