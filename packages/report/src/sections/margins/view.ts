import { linearAxis, xAxis } from '../../page/axes.js';
import { chart, curve, curveMarks, figureColumn, pixels, type Point } from '../../page/chart.js';
import type { Figure, Frame } from '../../page/figure.js';
import { integer, number, percent, percentTick } from '../../page/format.js';
import { el, inline } from '../../page/markup.js';
import { figureBlock, known, facts, section, small } from '../../page/parts.js';
import { ascii } from '../../page/rows.js';
import type { SectionView } from '../section.js';
import type { MarginsSection } from './shape.js';

/** Share of examples whose margin is at most x. */
export function marginsFigure(content: MarginsSection): Figure | undefined {
  const { quantiles, chosen, mistakes, normalizer } = content;
  if (quantiles.length < 2) return undefined;
  const frame = figureColumn(34, 220, 40);
  const [low, high] = [Math.min(0, quantiles[0]), Math.max(0, quantiles[quantiles.length - 1])];
  const axes = {
    x: linearAxis(low, high, frame.left, frame.left + frame.width, 8, (value) => number(value, 2)),
    y: linearAxis(0, 1, frame.top + frame.height, frame.top, 4, percentTick),
    xTitle: ['margin'],
    yTitle: ['share of examples with at most this margin'],
  };
  const points = quantiles.map((value, i): Point => [value, (i + 1) / quantiles.length]);
  const upright = (value: number, words: string, className: string): string => {
    const { x } = pixels(axes, [value, 0]);
    return (
      el('line', { class: className, x1: x, x2: x, y1: frame.top, y2: frame.top + frame.height }) +
      el('text', { class: 'tick', x: x + 5, y: frame.top + 12 }, words)
    );
  };
  const shown = chosen !== undefined && chosen <= high;
  const lines = [upright(0, 'mistakes', 'line ink'), ...(shown ? [upright(chosen, 'γ', 'line dashed s1')] : [])];
  return {
    name: 'margins',
    title: 'Margins',
    description: `How many examples have at most a margin: ${percent(mistakes)} are mistakes, half have at most ${inline(number(medianOf(content)))}.${shown ? ' Dotted: the margin γ of the smallest proven bound; examples to its left count in its empirical term.' : ''}`,
    height: frame.top + frame.height + (normalizer === undefined ? 46 : 46 + second),
    body: chart(
      'margins',
      frame,
      axes,
      [curve(axes, points, 'line s0') + curveMarks(axes, points, 0)],
      [...lines, ...(normalizer === undefined ? [] : [normalized(frame, low / normalizer, high / normalizer)])],
    ),
  };
}

/** pixels from the axis of margins down to that of normalised ones */
const second = 44;

/** The same axis once more, in margins that can be compared between networks. */
function normalized({ left, top, width, height }: Frame, low: number, high: number): string {
  const axis = linearAxis(low, high, left, left + width, 6, (value) => number(value, 2));
  return xAxis(axis, { left, top, width, height: height + second }, ['margin over R_A ‖X‖_F/m'], false);
}

export const marginsView: SectionView<MarginsSection> = {
  details: (content) =>
    section(
      'margins',
      'Margins',
      figureBlock(marginsFigure(content)),
      content.normalizer === undefined
        ? ''
        : small(
            'R_A is the spectral complexity of Bartlett, Foster, Telgarsky 2017, ‖X‖_F the norm of all inputs, m their number: margins over R_A ‖X‖_F/m do not grow when weights are scaled up.',
          ),
      facts([
        ['examples', integer(content.examples)],
        ['mistakes', percent(content.mistakes)],
        ['median', number(medianOf(content))],
        ...known('margin γ of the smallest proven bound', content.chosen, (value) => number(value)),
        ...known('median over R_A ‖X‖_F/m', content.normalizer, (value) => number(medianOf(content) / value)),
      ]),
    ),
  figures: (content) => [marginsFigure(content)],
  rows: (content) => [
    [
      'median margin',
      ascii(medianOf(content)),
      `of ${integer(content.examples)} examples; ${percent(content.mistakes)} mistakes`,
    ],
  ],
};

function medianOf({ quantiles }: MarginsSection): number {
  return quantiles[Math.floor((quantiles.length - 1) / 2)] ?? 0;
}
