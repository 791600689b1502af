import { line } from 'd3-shape';
import type { CurvatureSpectrum, InputSpectrum, SlopeFit } from '../../analysis.js';
import { linearAxis, logAxis, xAxis, yAxis, type Axis, type Frame } from '../../page/axes.js';
import { clipId, clipTo, type Figure } from '../../page/figure.js';
import { integer, number } from '../../page/format.js';
import { knownSpectra, leftOut, type KnownSpectrum } from '../../page/knownValues.js';
import { labelsHeight, spread, wrap } from '../../page/labels.js';
import { el, plain, svgText, type Rich } from '../../page/markup.js';

const labelColumn = 186;

/** All spectra, each divided by its largest value, on one logarithmic axis against the index: the "sloppy" picture. */
export function spectraFigure(
  inputs: InputSpectrum | undefined,
  curvature: readonly CurvatureSpectrum[] | undefined,
): Figure | undefined {
  const longest = Math.max(0, ...(curvature ?? []).map(({ eigenvalues }) => eigenvalues.length));
  const all = knownSpectra(inputs, curvature, longest > 1 ? longest : Infinity);
  return draw('spectra', 'Spectra of inputs and curvature', all);
}

/** The whole input spectrum, which is usually much longer than what is computed of a Hessian. */
export function inputSpectrumFigure(inputs: InputSpectrum): Figure | undefined {
  return draw('input-spectrum', 'Input spectrum', knownSpectra(inputs));
}

function draw(name: string, title: string, all: readonly KnownSpectrum[]): Figure | undefined {
  const spectra = all.filter(({ known }) => known.length > 0);
  if (spectra.length === 0) return undefined;
  const end = Math.max(1, ...spectra.map(({ count }) => count - 1));
  const blocks = spectra.map((spectrum) => labelLines(spectrum));
  const sizes = blocks.map((lines) => ({ size: 16 * lines.length + 10 }));
  const frame: Frame = { left: 58, top: 34, width: 720 - 58 - labelColumn, height: Math.max(300, labelsHeight(sizes)) };
  const bottom = frame.top + frame.height;
  const lows = spectra.map((spectrum) => {
    const { known, top, noiseFloor } = spectrum;
    return Math.min(known[known.length - 1].value, showsNoise(spectrum) ? noiseFloor : Infinity) / top;
  });
  const lowest = Math.min(...lows, 0.1);
  const x = linearAxis(0, end, frame.left, frame.left + frame.width, 7, (t) => [Number.isInteger(t) ? integer(t) : '']);
  const y = logAxis(lowest, 1, bottom, frame.top);

  const clip = clipId(name);
  const curves = spectra.map((spectrum) => curve(spectrum, x, y));
  const ends = spectra.map(({ known, top }) => {
    const last = known[known.length - 1];
    return { x: x.map(last.index), y: y.map(last.value / top) };
  });
  const places = sizes.map(({ size }, i) => ({ target: ends[i].y, size }));
  const middles = spread(places, frame.top, bottom);
  const labels = spectra.map((spectrum, i) =>
    label(spectrum.colour, wrap(spectrum.label, 13, labelColumn - 26).length, blocks[i], middles[i], ends[i], frame),
  );
  return {
    name,
    title,
    description: describe(spectra),
    width: 720,
    height: bottom + 46,
    body:
      clipTo(clip, frame) +
      yAxis(y, frame, spectra.length > 1 ? ['eigenvalue / largest eigenvalue'] : ['eigenvalue / largest']) +
      xAxis(x, frame, ['index, largest first, from 0']) +
      el('g', { 'clip-path': `url(#${clip})` }, ...curves) +
      labels.join(''),
  };
}

function curve(spectrum: KnownSpectrum, x: Axis, y: Axis): string {
  const { known: shown, top, colour, count, fit } = spectrum;
  const path = line<(typeof shown)[number]>(
    (p) => x.map(p.index),
    (p) => y.map(p.value / top),
  )(shown);
  // a residual of a twentieth of the value moves the point by less than the width of the line
  const whiskers = shown
    .filter(({ value, residual }) => residual > value / 20)
    .map(({ index, value, residual }) =>
      el('line', {
        class: `thin s${colour}`,
        x1: x.map(index),
        x2: x.map(index),
        y1: y.map((value + residual) / top),
        y2: y.map(Math.max(0, value - residual) / top),
      }),
    );
  const dots = shown.length > 64 ? [] : shown.map((p) => dot(colour, x.map(p.index), y.map(p.value / top)));
  const fitted = fit === undefined || fit.from >= count ? '' : fitLine(fit, top, count - 1, x, y);
  return (
    noiseLine(spectrum, x, y) +
    el('path', { class: `line s${colour}`, d: path ?? '' }) +
    whiskers.join('') +
    dots.join('') +
    fitted
  );
}

/** The fitted line, a little longer than its window at both ends so that it can be told from the points. */
function fitLine({ from, to, slope, intercept }: SlopeFit, top: number, last: number, x: Axis, y: Axis): string {
  const margin = 0.06 * (to - from);
  const ends = [Math.max(0, from - margin), Math.min(last, to + margin)];
  const [y1, y2] = ends.map((i) => y.map(Math.exp(intercept + slope * i) / top));
  return el('line', { class: 'fit', x1: x.map(ends[0]), x2: x.map(ends[1]), y1, y2 });
}

/** A floor more than two decades under the last known value is too far down to share an axis with it. */
function showsNoise({ known, belowNoise, noiseFloor }: KnownSpectrum): boolean {
  return belowNoise > 0 && noiseFloor >= known[known.length - 1].value * 1e-2;
}

/** Values below the noise floor are known to lie under this dotted line, not where. */
function noiseLine(spectrum: KnownSpectrum, x: Axis, y: Axis): string {
  if (!showsNoise(spectrum)) return '';
  const { belowNoise, firstNoise, noiseFloor, top, colour } = spectrum;
  const level = y.map(noiseFloor / top);
  const to = x.map(firstNoise + belowNoise - 1);
  return el('line', { class: `line dashed faint s${colour}`, x1: x.map(firstNoise), x2: to, y1: level, y2: level });
}

function dot(colour: number, cx: number, cy: number): string {
  return el('circle', { class: `f${colour}`, cx, cy, r: 2.2 });
}

function labelLines(spectrum: KnownSpectrum): readonly Rich[] {
  const { label: name, fit } = spectrum;
  const rest = leftOut(spectrum);
  return [
    ...wrap(name, 13, labelColumn - 26).map((line) => [line]),
    ...(fit === undefined ? [] : [['slope ', ...number(fit.slope), ', R² ', ...number(fit.rSquared)]]),
    ...(rest === '' ? [] : [[rest]]),
  ];
}

function label(
  colour: number,
  names: number,
  lines: readonly Rich[],
  middle: number,
  end: { readonly x: number; readonly y: number },
  { left, width }: Frame,
): string {
  const at = left + width + 24;
  const first = middle - (16 * (lines.length - 1)) / 2;
  const leader = el('polyline', {
    class: `leader s${colour}`,
    points: `${end.x + 4},${end.y} ${left + width + 4},${end.y} ${at - 5},${first}`,
  });
  const text = lines.map((rich, i) =>
    el('text', { class: i < names ? `f${colour} strong` : 'tick', x: at, y: first + 4 + 16 * i }, svgText(rich)),
  );
  return leader + text.join('');
}

function describe(spectra: readonly KnownSpectrum[]): string {
  const sentences = spectra.map((spectrum) => {
    const shown = spectrum.known;
    const decades = Math.log10(spectrum.top) - Math.log10(shown[shown.length - 1].value);
    const top = plain(number(spectrum.top));
    const span =
      shown.length === 1
        ? `one eigenvalue, ${top}`
        : `${decades.toFixed(1)} decades over ${shown.length} eigenvalues from ${top}`;
    const rest = leftOut(spectrum);
    return `${spectrum.label}: ${span}` + (rest === '' ? '' : ` (${rest}, not drawn)`);
  });
  const fits = spectra.some(({ fit }) => fit !== undefined) ? ' Dashed: fitted straight lines.' : '';
  const dotted = spectra.some((spectrum) => showsNoise(spectrum))
    ? ' Dotted: the noise floor, under which values are not known.'
    : '';
  return `${sentences.join('; ')}. A straight line on this axis is an exponential decay.${fits}${dotted}`;
}
