import { linearAxis } from '../../page/axes.js';
import {
  chart,
  curve,
  dots,
  figureColumn,
  pathThrough,
  pixels,
  plotEnd,
  type Axes,
  type Point,
} from '../../page/chart.js';
import { endLabels, type EndLabel } from '../../page/endLabels.js';
import type { Figure, Frame } from '../../page/figure.js';
import { integer, number, percent } from '../../page/format.js';
import { el, inline, svgText } from '../../page/markup.js';
import { contours, type Place } from './contours.js';
import { logLevels } from './levels.js';
import type { LossPlaneSection, PlaneAxisRow, PlanePointRow } from './shape.js';

const frame = figureColumn(36, 404, 232);
const bottom = frame.top + frame.height;

/** Lines of equal loss, on a logarithmic scale, over a plane of weights, with the way of the run. */
export function lossPlaneFigure(plane: LossPlaneSection): Figure | undefined {
  const { xs, ys, axes: kinds, trajectory = [] } = plane;
  if (xs.length < 2 || ys.length < 2) return undefined;
  const [left, right] = [xs[0], xs[xs.length - 1]].map(held);
  const [low, high] = [ys[0], ys[ys.length - 1]].map(held);
  const axes: Axes = {
    x: linearAxis(left, right, frame.left, frame.left + frame.width, 6, (value) => number(value, 2)),
    y: linearAxis(low, high, bottom, frame.top, 6, (value) => number(value, 2)),
    xTitle: [`x: ${axisTitle(kinds[0])}`],
    yTitle: [`y: ${axisTitle(kinds[1])}`],
    lines: 'none',
  };
  const lines = contourLines(plane, axes);
  const way = trajectory.map(({ x, y }): Point => [held(x), held(y)]);
  const places = marksOf(trajectory, axes);
  return {
    name: 'loss-plane',
    title: 'The loss over a plane of weights',
    description: describe(plane, lines.length),
    height: bottom + 46,
    plotWidth: plotEnd(frame),
    names: [...places, { label: 'lines: equal loss, the stronger the lower', colour: 0 }],
    body: chart(
      'loss-plane',
      frame,
      axes,
      [
        ...lines.map(({ paths, shade }) =>
          el('path', { class: 'thin s0', 'stroke-opacity': shade.toFixed(3), d: paths.join('') }),
        ),
        el('circle', { class: 'hollow ink', cx: axes.x.map(0), cy: axes.y.map(0), r: 2.6 }),
        way.length === 0 ? '' : curve(axes, way, 'line s1') + dots(axes, way, 'f1', way.length > 60 ? 1.4 : 2.2),
        ...levelNames(lines, frame),
      ],
      [endLabels(places, frame), border(frame)],
      0,
    ),
  };
}

/** What an axis is, short enough to stand beside it. */
export function axisTitle({ kind, seed, eigenvalue, share }: PlaneAxisRow): string {
  const more = (name: string, value: string | undefined): string => (value === undefined ? '' : `, ${name}${value}`);
  if (kind === 'filter-normalised')
    return `random, filter-normalised${more('seed ', seed === undefined ? undefined : String(seed))}`;
  if (kind === 'hessian')
    return `Hessian eigenvector${more('λ = ', eigenvalue === undefined ? undefined : inline(number(eigenvalue)))}`;
  if (kind === 'trajectory')
    return `along the run${more('', share === undefined ? undefined : `${percent(share)} of its way`)}`;
  return 'given direction';
}

interface Level {
  readonly level: number;
  readonly shade: number;
  readonly paths: readonly string[];
  /** pixels of the longest line */
  readonly longest: readonly Point[];
}

/** Losses that can stand on a logarithmic scale. */
function positiveLosses({ loss }: LossPlaneSection): readonly number[] {
  return loss.filter((value): value is number => value !== null && value > 0);
}

function contourLines(plane: LossPlaneSection, axes: Axes): readonly Level[] {
  const known = positiveLosses(plane);
  const [low, high] = known.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, -Infinity]);
  const { xs, ys } = plane;
  const log = plane.loss.map((value) => (value === null ? null : Math.log(Math.max(value, 5e-324))));
  const grid = { columns: xs.length, rows: ys.length, values: log };
  const toPixels = ([column, row]: Place): Point => {
    const { x, y } = pixels(axes, [between(xs, column), between(ys, row)]);
    return [x, y];
  };
  const levels = logLevels(low, high);
  return levels.flatMap((level, i): Level[] => {
    const found = contours(grid, Math.log(level)).map((line) => line.map(toPixels));
    if (found.length === 0) return [];
    const [longest] = found.toSorted((a, b) => b.length - a.length);
    const shade = 1 - (0.62 * i) / Math.max(1, levels.length - 1);
    return [{ level, shade, paths: found.map((line) => pathThrough(asDrawn, line)), longest }];
  });
}

const itself = { map: (value: number): number => value, ticks: [] };
const asDrawn = { x: itself, y: itself };

function between(values: readonly number[], at: number): number {
  const i = Math.min(values.length - 2, Math.floor(at));
  const [a, b] = [held(values[i]), held(values[i + 1])];
  return a + (b - a) * (at - i);
}

function held(value: number): number {
  return Math.max(-1e300, Math.min(1e300, value));
}

/** Losses beside their lines, as far as none is over another or at the border. */
function levelNames(lines: readonly Level[], { left, top, width, height }: Frame): readonly string[] {
  const taken: Point[] = [];
  return lines.flatMap(({ level, longest }, i) => {
    if (longest.length < 8) return [];
    // along neighbouring lines at different places
    const order = longest.map((_, k) => longest[(Math.floor(longest.length * 0.31 * (i + 1)) + k) % longest.length]);
    const free = order.find(
      ([x, y]) =>
        x > left + 26 &&
        x < left + width - 26 &&
        y > top + 12 &&
        y < top + height - 12 &&
        taken.every(([a, b]) => Math.abs(a - x) > 46 || Math.abs(b - y) > 16),
    );
    if (free === undefined) return [];
    taken.push(free);
    const look = { class: 'tick halo', x: free[0], y: free[1] + 4, 'text-anchor': 'middle' };
    return [el('text', look, svgText(number(level, 2)))];
  });
}

/** First and last weights of the run. */
function marksOf(trajectory: readonly PlanePointRow[], axes: Axes): readonly EndLabel[] {
  if (trajectory.length === 0) return [];
  const [first, last] = [trajectory[0], trajectory[trajectory.length - 1]];
  const ends = first === last ? [last] : [first, last];
  return ends.map((point, i) => ({
    label: `step ${integer(point.step)}`,
    colour: 1,
    strong: i === ends.length - 1,
    at: pixels(axes, [held(point.x), held(point.y)]),
    below: [
      ...(point.loss === undefined ? [] : [['loss ', ...(point.loss === null ? ['not finite'] : number(point.loss))]]),
      [`${inline(number(point.distance))} from the plane`],
    ],
  }));
}

function border({ left, top, width, height }: Frame): string {
  return el('rect', { class: 'axis', x: left, y: top, width, height });
}

function describe(plane: LossPlaneSection, drawn: number): string {
  const { trajectory = [], loss, centre, examples } = plane;
  const lost = loss.filter((value) => value === null).length;
  const known = positiveLosses(plane);
  const [low, high] = known.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, -Infinity]);
  const range =
    known.length === 0
      ? 'No loss of the plane is above 0 and finite: there are no lines.'
      : drawn === 0
        ? `The loss is ${inline(number(low))} all over the plane: there are no lines.`
        : `Lines of equal loss at ${drawn} levels on a logarithmic scale, between ${inline(number(low))} and ${inline(number(high))}, the stronger the lower.`;
  const outside = trajectory.length === 0 ? undefined : Math.max(...trajectory.map(({ distance }) => distance));
  return (
    `${range} The ring in the middle is where the weights are, with a loss of ${centre === null ? 'no finite size' : inline(number(centre))} on ${integer(examples)} examples.` +
    (lost === 0
      ? ''
      : ` At ${lost === 1 ? 'one point' : `${integer(lost)} points`} the loss overflows: no lines there.`) +
    (outside === undefined
      ? ''
      : ` The run is drawn at its feet in the plane, up to ${inline(number(outside))} away from it: the loss there is not the loss of the line under it.`)
  );
}
