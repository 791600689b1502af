import { countAxis, linearAxis } from '../../page/axes.js';
import { chart, curve, dots, figureColumn, pixels, type Axes, type Point } from '../../page/chart.js';
import type { Figure } from '../../page/figure.js';
import { number } from '../../page/format.js';
import { el } from '../../page/markup.js';
import type { WeightSpectraSection, WeightSpectrumRow } from './shape.js';

/** beyond it an exponent says no more than that there is no tail */
const high = 12;

/** The exponent of each layer against its place in the file, with its interval. */
export function alphaFlowFigure({ layers, draws }: WeightSpectraSection): Figure | undefined {
  const known = layers.flatMap((layer, i) =>
    layer.alpha === null ? [] : [{ ...layer, alpha: layer.alpha, depth: i + 1 }],
  );
  if (known.length < 2) return undefined;
  const frame = figureColumn(34, 220, 30);
  const top = Math.min(high, Math.max(7, ...known.map(({ alpha, interval }) => interval?.[1] ?? alpha)));
  const axes: Axes = {
    x: countAxis(0.5, layers.length + 0.5, frame.left, frame.left + frame.width),
    y: linearAxis(1, top, frame.top + frame.height, frame.top, 6, (value) => number(value, 2)),
    xTitle: ['layer, in the order of the file'],
    yTitle: ['alpha'],
  };
  const held = ({ alpha, depth }: { readonly alpha: number; readonly depth: number }): Point => [
    depth,
    Math.min(alpha, top),
  ];
  const between = [2, 6].map((value) =>
    curve(
      axes,
      [
        [0.5, value],
        [layers.length + 0.5, value],
      ],
      'thin dashed s3',
    ),
  );
  const marks = [false, true].flatMap((rejected, colour) => {
    const some = known.filter((layer) => layer.rejected === rejected);
    return [
      ...some.map((layer) => whisker(axes, layer, layer.depth, colour)),
      dots(axes, some.map(held), `f${colour}`, 4),
    ];
  });
  const beyond = known.filter(({ alpha }) => alpha > top).length;
  return {
    name: 'alpha-flow',
    title: 'Exponents against depth',
    description: [
      `Alpha of ${known.length} layers in the order of the file${draws > 0 ? ', with 95 % intervals; the second colour marks layers whose tail is no power law at level 0.05' : ''}.`,
      'Dotted lines at 2 and 6: heavy tails lie between them.',
      ...(beyond > 0 ? [`${beyond} beyond ${high} are drawn at the edge.`] : []),
    ].join(' '),
    height: frame.top + frame.height + 46,
    body: chart('alpha-flow', frame, axes, [...between, ...marks]),
  };
}

function whisker(axes: Axes, { interval }: WeightSpectrumRow, depth: number, colour: number): string {
  if (interval === undefined) return '';
  const [low, top] = interval.map((value) => pixels(axes, [depth, value]));
  return el('line', { class: `thin s${colour}`, x1: low.x, x2: top.x, y1: low.y, y2: top.y });
}
