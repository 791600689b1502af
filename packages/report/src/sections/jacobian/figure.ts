import { countAxis, linearAxis, type Axis } from '../../page/axes.js';
import {
  chart,
  curve,
  dots,
  figureColumn,
  pixels,
  plotEnd,
  seriesLabels,
  seriesMarks,
  type Axes,
  type Point,
  type Series,
} from '../../page/chart.js';
import { endLabels, type EndLabel } from '../../page/endLabels.js';
import type { Figure } from '../../page/figure.js';
import { integer, number, percentTick } from '../../page/format.js';
import { el, inline } from '../../page/markup.js';
import { held } from '../edge/compared.js';
import type { JacobianMomentRow, JacobianSection } from './shape.js';
import { correlationText } from './words.js';

const column = 232;

/** Sharpness against the mean norm of Jacobians, joined in the order of training; below it the norms over the steps. */
export function jacobianFigure(content: JacobianSection): Figure | undefined {
  const { moments } = content;
  if (moments.length < 2) return undefined;
  const pairs = moments.flatMap(({ step, sharpness, norms }) =>
    sharpness === undefined ? [] : [{ step, at: [held(norms.mean), held(sharpness)] as const }],
  );
  const scatter = figureColumn(34, 240, column);
  const over = figureColumn(pairs.length < 2 ? 34 : 34 + 240 + 70, 170, column);
  const series = normSeries(moments);
  const bodies = [...(pairs.length < 2 ? [] : [scatterPlot(pairs, scatter)]), overSteps(series, moments, over)];
  return {
    name: 'jacobian',
    title: 'Sharpness and Jacobian',
    description: correlationText(content),
    height: over.top + over.height + 46,
    plotWidth: plotEnd(over),
    names: [...(pairs.length < 2 ? [] : endsOf(pairs)), ...series],
    body: bodies.join(''),
  };
}

type Pair = { readonly step: number; readonly at: Point };

function endsOf(pairs: readonly Pair[]): readonly Omit<EndLabel, 'at'>[] {
  return [pairs[0], pairs[pairs.length - 1]].map(({ step, at: [, sharpness] }, i) => ({
    label: `step ${integer(step)}`,
    value: `S ${inline(number(sharpness))}`,
    colour: 0,
    strong: i === 1,
  }));
}

function scatterPlot(pairs: readonly Pair[], frame: ReturnType<typeof figureColumn>): string {
  const points = pairs.map(({ at }) => at);
  const { left, width, top, height } = frame;
  const axes: Axes = {
    x: valueAxis(
      points.map(([x]) => x),
      left,
      left + width,
    ),
    y: valueAxis(
      points.map(([, y]) => y),
      top + height,
      top,
    ),
    xTitle: ['mean norm of the Jacobian over examples'],
    yTitle: ['sharpness'],
  };
  const first = pixels(axes, points[0]);
  const marks = curve(axes, points, 'thin pale s0') + dots(axes, points, 'f0', 2.4);
  const start = el('circle', { class: 'hollow s0', cx: first.x, cy: first.y, r: 4 });
  const names = endsOf(pairs).map((name, i) => ({
    ...name,
    at: pixels(axes, points[i === 0 ? 0 : points.length - 1]),
  }));
  return chart('jacobian-0', frame, axes, [marks + start], [endLabels(names, frame)]);
}

function normSeries(moments: readonly JacobianMomentRow[]): readonly Series[] {
  const of = (label: string, colour: number, value: (row: JacobianMomentRow) => number | undefined): Series => {
    const points = moments.flatMap((row): Point[] => {
      const found = value(row);
      return found === undefined ? [] : [[row.step, held(found)]];
    });
    const last = points.at(-1);
    return { label, colour, points, ...(last === undefined ? {} : { value: inline(number(last[1])) }) };
  };
  const levels = moments[0].norms.quantiles.map(({ level }) => level).filter((level) => level > 0 && level < 1);
  return [
    of('largest', 1, ({ norms }) => norms.max),
    of('mean', 0, ({ norms }) => norms.mean),
    ...levels.slice(-1).map((level) => ({
      ...of(
        `${inline(percentTick(level))} are below`,
        2,
        ({ norms }) => norms.quantiles.find((row) => row.level === level)?.value,
      ),
      dashed: true,
    })),
  ].filter(({ points }) => points.length > 0);
}

function overSteps(
  series: readonly Series[],
  moments: readonly JacobianMomentRow[],
  frame: ReturnType<typeof figureColumn>,
): string {
  const { left, width, top, height } = frame;
  const values = series.flatMap(({ points }) => points.map(([, value]) => value));
  const axes: Axes = {
    x: countAxis(0, Math.max(1, moments[moments.length - 1].step), left, left + width, 6),
    y: linearAxis(0, Math.max(...values), top + height, top, 4, (value) => number(value, 2)),
    xTitle: ['step'],
    yTitle: ['norm of the Jacobian'],
  };
  const marks = series.map((one) => seriesMarks(axes, one));
  return chart('jacobian-1', frame, axes, marks, [seriesLabels(axes, frame, series)]);
}

/** From the smallest to the largest value, with a little room. */
function valueAxis(values: readonly number[], from: number, to: number): Axis {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = 0.04 * (high - low);
  return linearAxis(low - room, high + room, from, to, 5, (value) => number(value, 2));
}
