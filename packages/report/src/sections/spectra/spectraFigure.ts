import { countAxis, logAxis } from '../../page/axes.js';
import {
  chart,
  curve,
  curveMarks,
  dots,
  figureColumn,
  pixels,
  plotEnd,
  type Axes,
  type Point,
} from '../../page/chart.js';
import { endLabels, labelsHeight, type EndLabel } from '../../page/endLabels.js';
import type { Figure } from '../../page/figure.js';
import { number } from '../../page/format.js';
import { wrap } from '../../page/labels.js';
import { el, inline, type Rich } from '../../page/markup.js';
import type { SlopeFit } from './fit.js';
import { leftOut, type KnownSpectrum } from './knownSpectrum.js';

const column = 198;
type Place = KnownSpectrum['known'][number];

/** Spectra, each divided by its largest value, on one logarithmic axis against the index. */
export function spectraFigure(name: string, title: string, all: readonly KnownSpectrum[]): Figure | undefined {
  const spectra = all.filter(({ known }) => known.length > 0);
  if (spectra.length === 0) return undefined;
  const labels = spectra.map(label);
  const height = Math.max(300, labelsHeight(labels, figureColumn(0, 0, column)));
  const frame = figureColumn(34, height, column);
  const bottom = frame.top + height;
  const end = spectra.reduce((most, { count }) => Math.max(most, count - 1), 1);
  const axes: Axes = {
    x: countAxis(0, end, frame.left, frame.left + frame.width, 7),
    y: logAxis(Math.min(...spectra.map(lowest), 0.1), 1, bottom, frame.top),
    xTitle: ['index, largest first, from 0'],
    yTitle: [spectra.length > 1 ? 'eigenvalue / largest eigenvalue' : 'eigenvalue / largest'],
  };
  const ends = spectra.map(({ known, top }, i): EndLabel => {
    const { index, value } = lastOf(known);
    return { ...labels[i], at: pixels(axes, [index, value / top]) };
  });
  const curves = spectra.map((spectrum) => drawn(spectrum, axes));
  return {
    name,
    title,
    description: describe(spectra),
    height: bottom + 46,
    plotWidth: plotEnd(frame),
    names: labels,
    body: chart(name, frame, axes, curves, [endLabels(ends, frame)]),
  };
}

const lastOf = (known: readonly Place[]): Place => known[known.length - 1];

/** The lowest thing that is drawn of a spectrum, as a share of its largest value. */
function lowest(spectrum: KnownSpectrum): number {
  const { known, top, noiseFloor } = spectrum;
  return Math.min(lastOf(known).value, showsNoise(spectrum) ? noiseFloor : Infinity) / top;
}

function drawn(spectrum: KnownSpectrum, axes: Axes): string {
  const { known, top, colour, count, fit } = spectrum;
  const points = known.map(({ index, value }): Point => [index, value / top]);
  // a residual of a twentieth of the value moves the point by less than the width of the line
  const whiskers = known
    .filter(({ value, residual }) => residual > value / 20)
    .map(({ index, value, residual }) =>
      segment(axes, [index, (value + residual) / top], [index, Math.max(0, value - residual) / top], `thin s${colour}`),
    );
  return (
    noiseLine(spectrum, axes) +
    curve(axes, points, `line s${colour}`) +
    whiskers.join('') +
    (points.length > 64 ? '' : dots(axes, points, `f${colour}`, 2.2)) +
    curveMarks(axes, points, colour) +
    (fit === undefined || fit.from >= count ? '' : fitLine(fit, top, count - 1, axes))
  );
}

function segment(axes: Axes, from: Point, to: Point, className: string): string {
  const [a, b] = [pixels(axes, from), pixels(axes, to)];
  return el('line', { class: className, x1: a.x, x2: b.x, y1: a.y, y2: b.y });
}

/** The fitted line, a little longer than its window at both ends so that it can be told from the points. */
function fitLine({ from, to, slope, intercept }: SlopeFit, top: number, last: number, axes: Axes): string {
  const margin = 0.06 * (to - from);
  const at = (i: number): Point => [i, Math.exp(intercept + slope * i) / top];
  return segment(axes, at(Math.max(0, from - margin)), at(Math.min(last, to + margin)), 'fit');
}

/** A floor more than two decades under the last known value is too far down to share an axis with it. */
function showsNoise({ known, belowNoise, noiseFloor }: KnownSpectrum): boolean {
  return belowNoise > 0 && noiseFloor >= lastOf(known).value * 1e-2;
}

/** Values below the noise floor are known to lie under this dotted line, not where. */
function noiseLine(spectrum: KnownSpectrum, axes: Axes): string {
  if (!showsNoise(spectrum)) return '';
  const { belowNoise, firstNoise, noiseFloor, top, colour } = spectrum;
  const level = noiseFloor / top;
  return segment(axes, [firstNoise, level], [firstNoise + belowNoise - 1, level], `line dashed faint s${colour}`);
}

function label(spectrum: KnownSpectrum): Omit<EndLabel, 'at'> {
  const { label, colour, fit } = spectrum;
  const rest = leftOut(spectrum);
  const below: Rich[] = [
    ...(fit === undefined ? [] : [['slope ', ...number(fit.slope), ', R² ', ...number(fit.rSquared)]]),
    ...(rest === '' ? [] : wrap(rest, 12, column - 28).map((line) => [line])),
  ];
  return { label, colour, below };
}

function describe(spectra: readonly KnownSpectrum[]): string {
  const sentences = spectra.map((spectrum) => {
    const shown = spectrum.known;
    const decades = Math.log10(spectrum.top) - Math.log10(lastOf(shown).value);
    const top = inline(number(spectrum.top));
    const span =
      shown.length === 1
        ? `one eigenvalue, ${top}`
        : `${decades.toFixed(1)} decades over ${shown.length} eigenvalues from ${top}`;
    const rest = leftOut(spectrum);
    return `${spectrum.label}: ${span}` + (rest === '' ? '' : ` (${rest}, not drawn)`);
  });
  const fits = spectra.some(({ fit }) => fit !== undefined) ? ' Dashed: fitted straight lines.' : '';
  const dotted = spectra.some(showsNoise) ? ' Dotted: the noise floor, under which values are not known.' : '';
  return `${sentences.join('; ')}. A straight line on this axis is an exponential decay.${fits}${dotted}`;
}
