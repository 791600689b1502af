import { integer, number, percent } from '../../page/format.js';
import { facts, figureBlock, known, numeric, section, subsection, table } from '../../page/parts.js';
import { predictionsMapFigure, predictionsWidthsFigure } from './figures.js';
import type { PredictionsSection } from './shape.js';

export function predictionsDetails(predictions: PredictionsSection): string {
  const { models, samples, classes, map, widths, stress, participationRatio, progress } = predictions;
  const shown = widths.slice(0, 10);
  const rows = shown.map((width, k) => [
    String(k + 1),
    map.eigenvalues[k] < 0 ? 'imaginary' : 'real',
    number(map.eigenvalues[k]),
    number(width),
    stress[k] === undefined ? null : percent(stress[k]),
  ]);
  return section(
    'predictions',
    'The map',
    figureBlock(predictionsMapFigure(predictions)),
    figureBlock(predictionsWidthsFigure(predictions)),
    subsection(
      'Coordinates',
      table(['', 'kind', ...numeric('eigenvalue λ', 'width', 'explained stress up to here')], rows),
    ),
    facts([
      ['models', `${integer(models)} in ${integer(map.runs.length)} runs`],
      ['samples, classes', `${integer(samples)}, ${integer(classes)}`],
      ...known('participation ratio', participationRatio, (n) => [
        ...number(n),
        ` of the ${widths.length} coordinates count: (Σ|λ|)²/Σλ²`,
      ]),
    ]),
    progress === undefined ? '' : progressTable(progress),
  );
}

function progressTable(progress: NonNullable<PredictionsSection['progress']>): string {
  const rows = progress.slice(0, 20).map(({ run, first, last }) => [String(run), percent(first), percent(last)]);
  const title = `Progress from ignorance to the truth${progress.length > 20 ? `, first 20 of ${progress.length} runs` : ''}`;
  return subsection(title, table(numeric('run', 'first checkpoint', 'last checkpoint'), rows));
}
