import { countAxis, logAxis } from '../../page/axes.js';
import { chart, figureColumn, plotEnd, seriesLabels, seriesMarks, type Series } from '../../page/chart.js';
import { labelHeight } from '../../page/endLabels.js';
import type { Figure } from '../../page/figure.js';
import { integer, number, percent } from '../../page/format.js';
import { inline } from '../../page/markup.js';
import { figureBlock, list, numeric, paragraph, section, table, type Cell } from '../../page/parts.js';
import { ascii } from '../../page/rows.js';
import type { SectionView } from '../section.js';
import type { CollapseRow, CollapseSection } from './shape.js';

const measures = [
  ['variability', 'NC1: variability within classes', 'NC1 within classes'],
  ['meansEquinorm', 'NC2: norms of means', 'NC2 norms, means'],
  ['meansEquiangular', 'NC2: angles of means', 'NC2 angles, means'],
  ['classifierEquinorm', 'NC2: norms of classifier', 'NC2 norms, classifier'],
  ['classifierEquiangular', 'NC2: angles of classifier', 'NC2 angles, classifier'],
  ['duality', 'NC3: classifier against means', 'NC3 classifier, means'],
  ['disagreement', 'NC4: nearest mean disagrees', 'NC4 nearest means'],
] as const satisfies readonly (readonly [keyof CollapseRow, string, string])[];

/** The measures of collapse against the epoch: all fall to 0 where features collapse. */
export function collapseFigure({ moments }: CollapseSection): Figure | undefined {
  if (moments.length < 2) return undefined;
  const series = measures
    .map(([key, , label], colour): Series => {
      const points = moments.flatMap((moment): [number, number][] => {
        const value = moment[key];
        return value !== null && value > 1e-12 ? [[moment.epoch, value]] : [];
      });
      return { label, colour, points };
    })
    .filter(({ points }) => points.length > 0);
  if (series.length === 0) return undefined;
  const frame = figureColumn(34, Math.max(280, labelHeight * series.length), 232);
  const values = series.flatMap(({ points }) => points.map(([, value]) => value));
  const axes = {
    x: countAxis(0, moments[moments.length - 1].epoch, frame.left, frame.left + frame.width),
    y: logAxis(Math.min(...values), Math.max(...values), frame.top + frame.height, frame.top, 6),
    xTitle: ['epoch'],
    yTitle: ['distance from collapse'],
  };
  const [first, last] = [moments[0], moments[moments.length - 1]];
  const fitted = moments.find(({ error }) => error === 0);
  return {
    name: 'collapse',
    title: 'Neural collapse during training',
    description:
      `NC1 goes from ${sized(first.variability)} to ${sized(last.variability)}. ` +
      (fitted === undefined
        ? `Training examples are never all right: ${last.error === null ? 'their error is not known' : `${percent(last.error)} are wrong at the end`}.`
        : `All training examples are right from epoch ${fitted.epoch} on.`) +
      ' Values of 0 have no place on this axis.',
    height: frame.top + frame.height + 46,
    plotWidth: plotEnd(frame),
    names: series,
    body: chart(
      'collapse',
      frame,
      axes,
      series.map((one) => seriesMarks(axes, one)),
      [seriesLabels(axes, frame, series)],
    ),
  };
}

function sized(value: number | null): string {
  return value === null ? 'no value' : inline(number(value));
}

export const collapseView: SectionView<CollapseSection> = {
  details: (content) => {
    const { moments, examples, classes, width, into, notes } = content;
    const ends = moments.length > 1 ? [moments[0], moments[moments.length - 1]] : moments;
    const cell = (value: number | null): Cell => (value === null ? null : number(value));
    return section(
      'collapse',
      'Neural collapse',
      paragraph(
        `Of the ${integer(width)} numbers that enter ${into === undefined ? 'the last layer' : into}, on ${integer(examples)} examples of ${classes} classes. Every measure is 0 where features of a class have become one vector, and the vectors a simplex that the classifier mirrors.`,
      ),
      figureBlock(collapseFigure(content)),
      table(
        ['measure', ...numeric(...ends.map(({ epoch }) => (moments.length > 1 ? `epoch ${epoch}` : 'value')))],
        [
          ...measures.map(([key, label]) => [label, ...ends.map((moment) => cell(moment[key]))]),
          ['mistakes on these examples', ...ends.map(({ error }) => (error === null ? null : percent(error)))],
        ],
      ),
      notes.length === 0 ? '' : list(notes),
    );
  },
  figures: (content) => [collapseFigure(content)],
  rows: ({ moments }) => {
    const last = moments.at(-1);
    if (last === undefined) return [];
    return measures.flatMap(([key, , short]) => {
      const value = last[key];
      return value === null ? [] : [[short, ascii(value), 'of the last features'] as const];
    });
  },
};
