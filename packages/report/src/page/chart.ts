import { xAxis, yAxis, type Axis } from './axes.js';
import { endLabels, type EndLabel } from './endLabels.js';
import { figureWidth, type Frame } from './figure.js';
import { coordinate, el, type Rich } from './markup.js';
import { markedPoints, marker } from './marker.js';

/** A place in the units of the data. */
export type Point = readonly [x: number, y: number];

/** Data to pixels in both directions, with what stands beside the axes. */
export interface Axes {
  readonly x: Axis;
  readonly y: Axis;
  readonly xTitle: Rich;
  readonly yTitle: Rich;
  /** lines through the frame at the ticks of which axes; default those of y */
  readonly lines?: 'y' | 'both' | 'none';
}

/** A frame that leaves a column of this width for labels on its right. */
export function figureColumn(top: number, height: number, column: number): Frame {
  return { left: 58, top, width: figureWidth - 58 - column, height };
}

/**
 * One plot: axes, layers that are held inside the frame, and what may reach out of it.
 *
 * @param id unique within the page; names the clip path
 * @param margin by which layers may overlap the frame, so that lines end round; default 4
 */
export function chart(
  id: string,
  frame: Frame,
  { x, y, xTitle, yTitle, lines = 'y' }: Axes,
  layers: readonly string[],
  over: readonly string[] = [],
  margin = 4,
): string {
  const clip = `${id}-clip`;
  const { left, top, width, height } = frame;
  const box = { x: left - margin, y: top - margin, width: width + 2 * margin, height: height + 2 * margin };
  return (
    el('defs', {}, el('clipPath', { id: clip }, el('rect', box))) +
    yAxis(y, frame, yTitle, lines !== 'none') +
    xAxis(x, frame, xTitle, lines === 'both') +
    el('g', { 'clip-path': `url(#${clip})` }, ...layers) +
    over.join('')
  );
}

type Scales = Pick<Axes, 'x' | 'y'>;

export function pixels({ x, y }: Scales, [a, b]: Point): { readonly x: number; readonly y: number } {
  return { x: x.map(a), y: y.map(b) };
}

/** Points joined by straight lines, as the data of a path; one point alone is a dot. */
export function pathThrough(scales: Scales, points: readonly Point[]): string {
  const places = points.map((point) => pixels(scales, point)).map(({ x, y }) => `${coordinate(x)},${coordinate(y)}`);
  return places.length === 0 ? '' : `M${places.join('L')}${places.length === 1 ? 'Z' : ''}`;
}

export function curve(scales: Scales, points: readonly Point[], className: string): string {
  return el('path', { class: className, d: pathThrough(scales, points) });
}

/** The area between two curves over the same x. */
export function band(scales: Scales, low: readonly Point[], high: readonly Point[], className: string): string {
  return el('path', { class: className, d: `${pathThrough(scales, [...high, ...low.toReversed()])}Z` });
}

export function dots(scales: Scales, points: readonly Point[], className: string, r: number): string {
  return points
    .map((point) => pixels(scales, point))
    .map(({ x, y }) => el('circle', { class: className, cx: x, cy: y, r }))
    .join('');
}

/** A curve with a name. */
export interface Series extends Pick<EndLabel, 'label' | 'value' | 'strong'> {
  readonly colour: number;
  readonly points: readonly Point[];
  readonly dashed?: boolean;
  /** radius of a dot at each point; default none, but a single point is always a dot */
  readonly r?: number;
}

export function seriesMarks(scales: Scales, { colour, points, dashed, r }: Series): string {
  return (
    curve(scales, points, `line s${colour}${dashed === true ? ' dashed' : ''}`) +
    (r === undefined ? '' : dots(scales, points, `f${colour}`, r)) +
    curveMarks(scales, points, colour)
  );
}

/** Marks along a curve in the shape that goes with its colour. */
export function curveMarks(scales: Scales, points: readonly Point[], colour: number): string {
  return markedPoints(points.length, colour)
    .map((i) => marker(colour, pixels(scales, points[i]), 3.4))
    .join('');
}

/** Where a plot ends, for screens that have no room beside it. */
export function plotEnd({ left, width }: Pick<Frame, 'left' | 'width'>): number {
  return left + width + 14;
}

/** The names of series, each beside its last point; `extra` stands with them. */
export function seriesLabels(
  scales: Scales,
  frame: Frame,
  series: readonly Series[],
  extra: readonly EndLabel[] = [],
): string {
  const named = series.map((one) => ({ ...one, at: pixels(scales, one.points[one.points.length - 1]) }));
  return endLabels([...named, ...extra], frame);
}

/** Values as points over 1, 2, 3, … */
export function numbered(values: readonly number[]): readonly Point[] {
  return values.map((value, i) => [i + 1, value]);
}
