import { closeLogAxis } from '../../page/axes.js';
import { chart, curve, figureColumn, pixels, plotEnd, type Axes, type Point } from '../../page/chart.js';
import { endLabels, type EndLabel } from '../../page/endLabels.js';
import type { Figure } from '../../page/figure.js';
import { number, percent } from '../../page/format.js';
import { el, inline } from '../../page/markup.js';
import type { PhaseDiagram, PhasePoint } from './shape.js';

const frame = figureColumn(36, 330, 238);
const bottom = frame.top + frame.height;

/** Share of variance in three directions over decay and scale ratio, boundaries, and where the data set lies. */
export function phaseFigure(phase: PhaseDiagram): Figure | undefined {
  const { decays, scaleRatios, boundaries, point, reached } = phase;
  if (decays.length < 2 || scaleRatios.length < 2) return undefined;
  const { left, width, top } = frame;
  const axes: Axes = {
    x: closeLogAxis(decays[0], decays[decays.length - 1], left, left + width),
    y: closeLogAxis(scaleRatios[0], scaleRatios[scaleRatios.length - 1], bottom, top),
    xTitle: ['decay c: ln λ of the inputs falls by c from one eigenvalue to the next'],
    yTitle: ['ρ, scale of the target / scale of the start'],
    lines: 'none',
  };
  const curves = boundaries.map(({ kind, points }) =>
    curve(axes, points.map(asPoint), kind === 'exact' ? 'line ink' : 'line ink dashed faint'),
  );
  const ring = (at: PhasePoint | undefined): string => (at === undefined ? '' : circle(axes, at, 'hollow s1', 6));
  const marks = ring(point) + (point === undefined ? '' : circle(axes, point, 'f1', 2.4)) + ring(reached);
  return {
    name: 'phase',
    title: 'Phase diagram of linear regression',
    description: describe(phase),
    height: bottom + 88,
    plotWidth: plotEnd(frame),
    names: [...labels(phase, axes), { label: 'shade: variance in three directions, from 30 % and less to 100 %' }],
    body:
      chart('phase', frame, axes, [cells(phase, axes), ...curves], [marks, endLabels(labels(phase, axes), frame)], 0) +
      key(bottom + 62),
  };
}

const asPoint = ({ decay, scaleRatio }: PhasePoint): Point => [decay, scaleRatio];

function circle(axes: Axes, at: PhasePoint, className: string, r: number): string {
  const { x, y } = pixels(axes, asPoint(at));
  return el('circle', { class: className, cx: x, cy: y, r });
}

function cells({ decays, scaleRatios, explained3 }: PhaseDiagram, axes: Axes): string {
  const xs = edges(decays).map(axes.x.map);
  const ys = edges(scaleRatios).map(axes.y.map);
  const rects = explained3.map((value, k) => {
    const [i, j] = [Math.floor(k / scaleRatios.length), k % scaleRatios.length];
    return el('rect', {
      class: 'f0',
      'fill-opacity': shade(value).toFixed(3),
      x: xs[i],
      y: ys[j + 1],
      width: xs[i + 1] - xs[i],
      height: ys[j] - ys[j + 1],
    });
  });
  return el('g', { 'shape-rendering': 'crispEdges' }, ...rects);
}

/** Names of the boundaries where they leave the diagram, and of the data. */
function labels({ decays, scaleRatios, boundaries, point }: PhaseDiagram, axes: Axes): readonly EndLabel[] {
  const inside = (p: PhasePoint): boolean =>
    p.decay <= decays[decays.length - 1] * 1.001 &&
    p.scaleRatio <= scaleRatios[scaleRatios.length - 1] &&
    p.scaleRatio >= scaleRatios[0];
  const names = boundaries.flatMap(({ label, points }): EndLabel[] => {
    const end = points.findLast(inside);
    return end === undefined ? [] : [{ label, colour: 5, at: pixels(axes, asPoint(end)) }];
  });
  if (point === undefined) return names;
  const data = { label: 'these data:', value: percent(point.explained3), colour: 1, strong: true };
  return [...names, { ...data, at: pixels(axes, asPoint(point)) }];
}

/** 30 % and less is paper, 100 % the full hue: the range that the boundary at 90 % divides. */
function shade(share: number): number {
  return 0.03 + 0.72 * Math.max(0, Math.min(1, (share - 0.3) / 0.7));
}

function key(y: number): string {
  const steps = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
  const width = 44;
  const boxes = steps.map((value, i) => {
    const x = frame.left + width * i;
    const text = i === 0 ? '≤ 30 %' : `${Math.round(100 * value)}`;
    return (
      el('rect', { class: 'f0', 'fill-opacity': shade(value).toFixed(3), x, y, width, height: 9 }) +
      el('text', { class: 'tick', x: x + width / 2, y: y + 22, 'text-anchor': 'middle' }, text)
    );
  });
  const x = frame.left + width * steps.length + 12;
  const name = el('text', { class: 'tick', x, y: y + 9 }, 'variance in three directions');
  return boxes.join('') + el('g', { class: 'names' }, name);
}

/** Borders of the cells around grid values: geometric means inside, the values themselves at the ends. */
function edges(values: readonly number[]): number[] {
  return [
    values[0],
    ...values.slice(1).map((value, i) => Math.sqrt(value) * Math.sqrt(values[i])),
    values[values.length - 1],
  ];
}

/** Whether the spectrum starts steeper than it goes on, by the two fits of its decay. */
export function steepness(point: { readonly decay: number } | undefined, reached: { readonly decay: number }): string {
  if (point === undefined) return 'By another window:';
  if (reached.decay > 1.1 * point.decay) return 'This spectrum starts steeper than it goes on:';
  return reached.decay < 0.9 * point.decay
    ? 'This spectrum starts flatter than it goes on:'
    : 'This spectrum starts as steep as it goes on:';
}

function describe({ steps, relativeStep, boundaries, point, reached }: PhaseDiagram): string {
  const lines =
    boundaries.length > 0
      ? ` Lines: ${boundaries.map(({ label }) => label).join('; ')}${boundaries.some(({ kind }) => kind === 'scaling') ? '; dashed ones are scaling laws, good to their order of magnitude' : ''}.`
      : '';
  const place =
    point === undefined
      ? ''
      : ` The filled ring is this data set: c = ${inline(number(point.decay))} over indices ${point.window.from} to ${point.window.to} ` +
        `(R² ${inline(number(point.rSquared))}), ρ = ${inline(number(point.scaleRatio))}; with its own eigenvalues and target three directions hold ` +
        `${percent(point.explained3)}` +
        (point.explained3OfFit === undefined
          ? '.'
          : `, an exactly exponential spectrum would give ${percent(point.explained3OfFit)}.`);
  const other =
    reached === undefined
      ? ''
      : ` ${steepness(point, reached)} over the ${reached.window.to + 1} directions that training reaches c = ` +
        `${inline(number(reached.decay))} (R² ${inline(number(reached.rSquared))}), the empty ring, where the diagram says ${percent(reached.explained3OfFit)}.`;
  return (
    `Share of the variance of predictions, pooled over ${steps} steps of gradient descent (η λ₁ = ${inline(number(relativeStep))}) and over the ` +
    `random start, that lies in three directions, deeper the more it is.${lines}${place}${other}`
  );
}
