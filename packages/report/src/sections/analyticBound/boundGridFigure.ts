import { linearAxis, logAxis, type Axis } from '../../page/axes.js';
import {
  chart,
  figureColumn,
  pixels,
  plotEnd,
  seriesLabels,
  seriesMarks,
  type Axes,
  type Series,
} from '../../page/chart.js';
import type { Figure } from '../../page/figure.js';
import { number, percent, percentTick, percentUp } from '../../page/format.js';
import { el, inline } from '../../page/markup.js';
import type { AnalyticBoundSection, BoundCandidate } from './shape.js';

const column = 186;

interface Curve extends Omit<Series, 'points' | 'value'> {
  readonly of: (row: BoundCandidate) => number | undefined;
}

const corrected: Curve = { label: 'bound from these draws', colour: 1, of: (row) => row.corrected };

const errorCurves: readonly Curve[] = [
  { label: 'plug-in bound', colour: 1, dashed: true, of: (row) => row.plugIn },
  { label: 'error of draws', colour: 0, of: (row) => row.monteCarlo?.mean },
];

const partCurves: readonly Curve[] = [
  { label: 'KL: distance', colour: 0, of: (row) => row.klDisplacement },
  { label: 'KL: noise shape', colour: 2, of: (row) => row.klCovariance },
  { label: 'penalty: grid, δ', colour: 4, of: (row) => row.penalty },
];

/** The bound along the grid of prior precisions above, what it is made of below. */
export function boundGridFigure(bound: AnalyticBoundSection): Figure | undefined {
  const { candidates, best } = bound;
  if (candidates.length === 0) return undefined;
  const { left, width } = figureColumn(0, 0, column);
  const precisions = candidates.map(({ precision }) => precision);
  const x = logAxis(Math.min(...precisions), Math.max(...precisions), left, left + width);
  const errors = drawn([...(offScale(candidates, best) ? [] : [corrected]), ...errorCurves], candidates);
  const above = errors.length === 0 && best === undefined ? '' : errorPanel(errors, x, best);
  const frame = figureColumn(above === '' ? 34 : 280, 170, column);
  const bottom = frame.top + frame.height;
  const parts = drawn(partCurves, candidates);
  const axes: Axes = { x, y: natsAxis(parts, bottom, frame.top), xTitle: ['prior precision ε'], yTitle: ['nats'] };
  const marks = parts.map((one) => seriesMarks(axes, one));
  return {
    name: 'bound-grid',
    title: 'Bound along the grid of prior precisions',
    description: describe(bound),
    height: bottom + 46,
    plotWidth: plotEnd(frame),
    names: [
      ...errors,
      ...(best === undefined
        ? []
        : [{ label: `ring: ${best.certified ? 'certified' : 'not certified'}`, value: percentUp(best.value) }]),
      ...parts,
    ],
    body: above + chart('bound-grid-1', frame, axes, marks, [seriesLabels(axes, frame, parts)]),
  };
}

function errorPanel(series: readonly Series[], x: Axis, best: AnalyticBoundSection['best']): string {
  const frame = figureColumn(34, 180, column);
  const values = series.flatMap(({ points }) => points.map(([, value]) => value));
  const highest = Math.min(1, Math.max(best?.value ?? 0, ...values, 0.05) * 1.08);
  const y = linearAxis(0, highest, frame.top + frame.height, frame.top, 4, percentTick);
  const axes: Axes = { x, y, xTitle: [''], yTitle: ['error, share of examples'] };
  const marks = series.map((one) => seriesMarks(axes, one));
  if (best === undefined) return chart('bound-grid-0', frame, axes, marks, [seriesLabels(axes, frame, series)]);
  const at = pixels(axes, [best.precision, best.value]);
  const kind = best.certified ? 'certified' : 'not certified';
  const label = { label: kind, value: percentUp(best.value), at, strong: true };
  const ring = el('circle', { class: 'hollow ink', cx: at.x, cy: at.y, r: 5.5 });
  return chart('bound-grid-0', frame, axes, marks, [seriesLabels(axes, frame, series, [label]), ring]);
}

/** At most six decades under the largest part: less is not seen in the sum. */
function natsAxis(series: readonly Series[], from: number, to: number): Axis {
  const parts = series.flatMap(({ points }) => points.map(([, value]) => value)).filter((value) => value > 0);
  const most = Math.max(...parts, 1);
  return logAxis(Math.max(Math.min(...parts, 1e300), most * 1e-6), most, from, to, 5);
}

/** Curves through the rows that have a value; those without any are left out. */
function drawn(curves: readonly Curve[], candidates: readonly BoundCandidate[]): readonly Series[] {
  return curves
    .map(({ of, ...look }): Series => {
      const points = candidates.flatMap((row): [number, number][] => {
        const y = of(row);
        return y === undefined ? [] : [[row.precision, y]];
      });
      return { ...look, points, ...(points.length > 30 ? {} : { r: 2.4 }) };
    })
    .filter(({ points }) => points.length > 0);
}

/** With a handful of pilot draws the bound they would certify is many times the reported one and would flatten everything else. */
function offScale(candidates: readonly BoundCandidate[], best: AnalyticBoundSection['best']): boolean {
  return best !== undefined && leastCorrected(candidates) > 2.5 * best.value;
}

/** −∞ where no row has draws. */
function leastCorrected(candidates: readonly BoundCandidate[]): number {
  const values = candidates.flatMap((row) => row.corrected ?? []);
  return values.length === 0 ? -Infinity : Math.min(...values);
}

/** What the two ends of the grid cost, in numbers. */
function ends(candidates: readonly BoundCandidate[]): string {
  const drawn = candidates.filter(({ monteCarlo }) => monteCarlo !== undefined);
  if (drawn.length < 2) return '';
  const [first, last] = [drawn[0], drawn[drawn.length - 1]];
  const error = (row: BoundCandidate): string => percent(row.monteCarlo!.mean);
  const distance = (row: BoundCandidate): string => inline(number(row.klDisplacement));
  return (
    ` From the smallest ε tried to the largest the error goes from ${error(first)} to ${error(last)}, ` +
    `the price of the distance from ${distance(first)} to ${distance(last)} nats.`
  );
}

function describe({ candidates, best }: AnalyticBoundSection): string {
  const tried = candidates.filter(({ monteCarlo }) => monteCarlo !== undefined).length;
  const chosen =
    best === undefined
      ? 'No posterior draws were taken, so there is no bound yet.'
      : `The ring marks the reported bound at ε = ${inline(number(best.precision))}: ${percentUp(best.value)}.`;
  const pilots = offScale(candidates, best)
    ? ` The draws behind the curves are few: alone they would certify no better than ${percentUp(leastCorrected(candidates))}.`
    : '';
  return (
    `Above: error of the posterior, and the bound if that error were exact (plug-in), for ${tried} of ${candidates.length} prior precisions.${ends(candidates)} ${chosen}${pilots} ` +
    `Below: what enters KL + penalty for each of them. KL is the divergence of the posterior from the prior.`
  );
}
