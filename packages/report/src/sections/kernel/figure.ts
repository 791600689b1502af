import { type Axis, closeLogAxis, linearAxis, type Tick } from '../../page/axes.js';
import {
  chart,
  figureColumn,
  pixels,
  plotEnd,
  seriesLabels,
  seriesMarks,
  type Axes,
  type Point,
  type Series,
} from '../../page/chart.js';
import { labelHeight } from '../../page/endLabels.js';
import type { Figure } from '../../page/figure.js';
import { integer, number } from '../../page/format.js';
import { el, inline } from '../../page/markup.js';
import type { KernelFamilyRow, KernelSection } from './shape.js';

/** curves that one can tell apart */
const most = 7;

/** Correlation of the kernels before and after training against the width, a curve for each family. */
export function kernelFigure({ families = [] }: KernelSection): Figure | undefined {
  const shown = families
    .filter(({ rows }) => rows.filter(({ width }) => width > 0).length > 1)
    .map((family) => ({ ...family, rows: family.rows.filter(({ width }) => width > 0) }))
    .slice(0, most);
  if (shown.length === 0) return undefined;
  const series = shown.map(({ family, rows }, colour): Series => {
    const points = rows.map(({ width, correlation }): Point => [width, correlation.mean]);
    return { label: family, value: inline(number(points[points.length - 1][1], 2)), colour, points, r: 2.4 };
  });
  const frame = figureColumn(34, Math.max(240, labelHeight * series.length), 232);
  const widths = shown.flatMap(({ rows }) => rows.map(({ width }) => width));
  const ends = shown.flatMap(({ rows }) => rows.flatMap((row) => [interval(row)[0], row.correlation.mean]));
  const axes: Axes = {
    x: widthAxis(widths, frame.left, frame.left + frame.width),
    y: linearAxis(Math.max(-1, Math.min(0.5, ...ends)), 1, frame.top + frame.height, frame.top, 5, (t) => number(t, 2)),
    xTitle: ['width'],
    yTitle: ['correlation of the kernels before and after training'],
  };
  const whiskers = shown.flatMap(({ rows }, colour) =>
    rows.map((row) => {
      const [low, high] = interval(row).map((value) => pixels(axes, [row.width, value]));
      return high.y === low.y
        ? ''
        : el('line', { class: `thin s${colour}`, x1: low.x, x2: high.x, y1: low.y, y2: high.y });
    }),
  );
  const marks = series.map((one) => seriesMarks(axes, one));
  return {
    name: 'kernel-widths',
    title: 'The neural tangent kernel against width',
    description: `${shown.map(directionText).join(' ')} Whiskers: two standard errors over seeds to both sides.`,
    height: frame.top + frame.height + 46,
    plotWidth: plotEnd(frame),
    names: series,
    body: chart('kernel-widths', frame, axes, [...whiskers, ...marks], [seriesLabels(axes, frame, series)]),
  };
}

/** Ticks at the widths themselves, but for those that would touch the one before. */
function widthAxis(widths: readonly number[], from: number, to: number): Axis {
  const { map } = closeLogAxis(Math.min(...widths), Math.max(...widths), from, to);
  const ticks: Tick[] = [];
  for (const width of [...new Set(widths)].sort((a, b) => a - b)) {
    const at = map(width);
    if (ticks.length === 0 || at - ticks[ticks.length - 1].at > 36) ticks.push({ at, label: [integer(width)] });
  }
  return { map, ticks };
}

type WidthRow = KernelFamilyRow['rows'][number];

/** Two standard errors to both sides, inside [−1, 1]; the mean itself for one seed. */
function interval({ correlation: { mean, standardError } }: WidthRow): readonly [low: number, high: number] {
  const reach = 2 * (standardError ?? 0);
  return [Math.max(-1, mean - reach), Math.min(1, mean + reach)];
}

/** What the ends of a curve say, told by their intervals. */
export function directionText({ family, rows, examples }: KernelFamilyRow): string {
  const [first, last] = [rows[0], rows[rows.length - 1]];
  const [a, b] = [first, last].map(({ correlation: { mean } }) => inline(number(mean, 2)));
  const [[low0, high0], [low1, high1]] = [interval(first), interval(last)];
  const known = first.correlation.standardError !== null && last.correlation.standardError !== null;
  const way = `from ${a} at width ${integer(first.width)} to ${b} at ${integer(last.width)}`;
  const words = !known
    ? `goes ${way}, with one seed: nothing is said of chance`
    : low1 > high0
      ? `rises with width, ${way}`
      : high1 < low0
        ? `falls with width, ${way}`
        : `does not change with width beyond its intervals, ${way}`;
  return `${family}: the correlation ${words} (${integer(examples)} examples).`;
}
