import { line } from 'd3-shape';
import type { CurvatureSpectrum, InputSpectrum } from './analysis.js';
import { linearAxis, logAxis, xAxis, yAxis, type Axis, type Frame } from './axes.js';
import { clipId, clipTo, type Figure } from './figure.js';
import { integer, number } from './format.js';
import { knownSpectra, leftOut, type KnownSpectrum } from './knownValues.js';
import { labelsHeight, spread } from './labels.js';
import { el, plain, svgText, textWidth, type Rich } from './markup.js';

const labelColumn = 186;

/** All spectra, each divided by its largest value, on one logarithmic axis against the index: the "sloppy" picture. */
export function spectraFigure(
  inputs: InputSpectrum | undefined,
  curvature: readonly CurvatureSpectrum[] | undefined,
): Figure | undefined {
  const all = knownSpectra(inputs, curvature);
  const longest = Math.max(0, ...(curvature ?? []).map(({ eigenvalues }) => eigenvalues.length));
  return draw('spectra', 'Spectra of inputs and curvature', all, longest > 1 ? longest - 1 : undefined);
}

/** The whole input spectrum, which is usually much longer than what is computed of a Hessian. */
export function inputSpectrumFigure(inputs: InputSpectrum): Figure | undefined {
  return draw('input-spectrum', 'Input spectrum', knownSpectra(inputs), undefined);
}

function draw(name: string, title: string, all: readonly KnownSpectrum[], lastIndex?: number): Figure | undefined {
  const spectra = all.filter(({ known }) => known.length > 0);
  if (spectra.length === 0) return undefined;
  const end = Math.max(1, lastIndex ?? Math.max(...spectra.map(({ count }) => count - 1)));
  const blocks = spectra.map((spectrum) => labelLines(spectrum));
  const sizes = blocks.map((lines) => ({ size: 16 * lines.length + 10 }));
  const frame: Frame = { left: 58, top: 34, width: 720 - 58 - labelColumn, height: Math.max(300, labelsHeight(sizes)) };
  const bottom = frame.top + frame.height;
  const visible = spectra.map(({ known, top }) => known.filter(({ index }) => index <= end).map((p) => p.value / top));
  const lowest = Math.min(...visible.map((values) => values.at(-1) ?? 1), 0.1);
  const x = linearAxis(0, end, frame.left, frame.left + frame.width, 7, (t) => [Number.isInteger(t) ? integer(t) : '']);
  const y = logAxis(lowest, 1, bottom, frame.top);

  const clip = clipId(name);
  const curves = spectra.map((spectrum) => curve(spectrum, x, y, end));
  const ends = spectra.map(({ known, top }) => {
    const last = known.findLast(({ index }) => index <= end) ?? known[0];
    return { x: x.map(last.index), y: y.map(last.value / top) };
  });
  const places = sizes.map(({ size }, i) => ({ target: ends[i].y, size }));
  const middles = spread(places, frame.top, bottom);
  const labels = spectra.map((spectrum, i) => label(spectrum.colour, blocks[i], middles[i], ends[i], frame));
  return {
    name,
    title,
    description: describe(spectra, end),
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

function curve({ known, top, colour, fit }: KnownSpectrum, x: Axis, y: Axis, end: number): string {
  const shown = known.filter(({ index }) => index <= end);
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
  const straight = (i: number): number => y.map(Math.exp(fit!.intercept + fit!.slope * i) / top);
  const fitted =
    fit === undefined || fit.from > end
      ? ''
      : el('line', {
          class: 'fit',
          x1: x.map(fit.from),
          x2: x.map(Math.min(end, fit.to)),
          y1: straight(fit.from),
          y2: straight(Math.min(end, fit.to)),
        });
  return el('path', { class: `line s${colour}`, d: path ?? '' }) + whiskers.join('') + dots.join('') + fitted;
}

function dot(colour: number, cx: number, cy: number): string {
  return el('circle', { class: `f${colour}`, cx, cy, r: 2.2 });
}

function labelLines(spectrum: KnownSpectrum): readonly Rich[] {
  const { label: name, fit } = spectrum;
  const rest = leftOut(spectrum);
  return [
    [shorten(name)],
    ...(fit === undefined ? [] : [['slope ', ...number(fit.slope), ', R² ', ...number(fit.rSquared)]]),
    ...(rest === '' ? [] : [[rest]]),
  ];
}

/** Names come from users: what does not fit the column is cut. */
function shorten(name: string): string {
  return textWidth([name], 13) <= labelColumn - 24 ? name : `${[...name].slice(0, 20).join('')}…`;
}

function label(
  colour: number,
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
    el('text', { class: i === 0 ? `f${colour} strong` : 'tick', x: at, y: first + 4 + 16 * i }, svgText(rich)),
  );
  return leader + text.join('');
}

function describe(spectra: readonly KnownSpectrum[], end: number): string {
  const sentences = spectra.map((spectrum) => {
    const shown = spectrum.known.filter(({ index }) => index <= end);
    const last = shown.at(-1) ?? spectrum.known[0];
    const decades = Math.log10(spectrum.top / last.value);
    const rest = leftOut(spectrum);
    return (
      `${spectrum.label}: ${decades.toFixed(1)} decades over ${shown.length} eigenvalues from ${plain(number(spectrum.top))}` +
      (rest === '' ? '' : ` (${rest}, not drawn)`)
    );
  });
  const fits = spectra.some(({ fit }) => fit !== undefined) ? ' Dashed: fitted straight lines.' : '';
  return `${sentences.join('; ')}. A straight line on this axis is an exponential decay.${fits}`;
}
