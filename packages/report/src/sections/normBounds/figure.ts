import { type Axis, logAxis, xAxis } from '../../page/axes.js';
import { figureWidth, type Figure, type Frame } from '../../page/figure.js';
import { powerOfTen } from '../../page/format.js';
import { shorten } from '../../page/labels.js';
import { el, escapeText, svgText } from '../../page/markup.js';
import { marker } from '../../page/marker.js';
import type { NormBoundRow, NormBoundsSection } from './shape.js';

const row = 24;
const names = 262;
/** Doubles end there; a value beyond is drawn at the edge, with its power of ten. */
const most = 300;

/** Colour, and with it the shape, of a standing: square, circle, triangle. */
export const colourOf = { paper: 0, derived: 1, reconstructed: 2 } as const;
export const standingText = {
  paper: 'as printed in its source',
  derived: 'derived here',
  reconstructed: 'reconstruction',
} as const;

/** Powers of ten of natural logarithms. */
function decades(log: number): number {
  return log / Math.LN10;
}

/** Every bound a row on one logarithmic axis: its parts as strokes, its value as a mark; what is right of the line at 1 says nothing. */
export function normBoundsFigure({ bounds, testError, trivial }: NormBoundsSection): Figure | undefined {
  const drawn = bounds.filter(({ logValue }) => logValue !== null);
  if (drawn.length === 0) return undefined;
  const frame: Frame = { left: names, top: 46, width: figureWidth - names - 62, height: row * drawn.length };
  const [low, high] = reach(drawn, testError);
  const x = logAxis(10 ** low, 10 ** high, frame.left, frame.left + frame.width, 7);
  const bottom = frame.top + frame.height;
  const one = x.map(1);
  const body = [
    xAxis(x, frame, ['value of the bound on the error'], true),
    el('line', { class: 'line ink', x1: one, x2: one, y1: frame.top - 6, y2: bottom }),
    el('text', { class: 'tick', x: one + 5, y: frame.top - 12 }, 'vacuous from here on'),
    ...(testError === undefined || testError === 0 ? [] : testLine(x, testError, frame)),
    ...drawn.map((bound, i) => boundRow(bound, x, frame.top + row * (i + 0.5), bound.name === trivial)),
    legend(bottom + 62),
  ];
  return {
    name: 'norm-bounds',
    title: 'Bounds by norms, ranks and counts',
    description: describe(drawn, bounds.length),
    height: bottom + 84,
    body: body.join(''),
  };
}

function reach(bounds: readonly NormBoundRow[], testError: number | undefined): readonly [number, number] {
  const values = bounds.map(({ logValue }) => Math.min(most, decades(logValue!)));
  const parts = bounds.flatMap(({ terms }) => terms.flatMap(({ log }) => (log === null ? [] : [decades(log)])));
  const smallest = Math.min(...values, ...parts.filter((part) => part > -4), 0, testError ? Math.log10(testError) : 0);
  return [Math.max(-4, smallest - 0.2), Math.max(1, ...values) + 0.2];
}

function testLine(x: Axis, testError: number, { top, height }: Frame): readonly string[] {
  const at = x.map(testError);
  return [
    el('line', { class: 'line dashed s3', x1: at, x2: at, y1: top - 6, y2: top + height }),
    el('text', { class: 'tick', x: at - 5, y: top - 12, 'text-anchor': 'end' }, 'test error'),
  ];
}

function boundRow(bound: NormBoundRow, x: Axis, y: number, isTrivial: boolean): string {
  const { title, terms, empirical, logValue, constants, standing } = bound;
  const colour = colourOf[standing];
  const parts = [...terms.flatMap(({ log }) => (log === null ? [] : [decades(log)])), Math.log10(empirical)].filter(
    (part) => part > -4 && part <= most,
  );
  const place = (power: number): number => x.map(10 ** Math.min(most, power));
  const value = decades(logValue!);
  const at = place(value);
  const first = Math.min(at, ...parts.map(place));
  const strokes = parts.map((part) =>
    el('line', { class: `thin s${colour}`, x1: place(part), x2: place(part), y1: y - 5, y2: y + 5 }),
  );
  const beyond =
    value > most ? el('text', { class: 'tick', x: at + 9, y: y + 4 }, svgText(powerOfTen(Math.round(value)))) : '';
  const mark =
    constants === 'explicit' ? marker(colour, { x: at, y }, 4.6) : el('g', { class: 'open' }, hollow(colour, at, y));
  return (
    el('line', { class: 'grid', x1: names, x2: figureWidth - 62, y1: y, y2: y }) +
    el(
      'text',
      { class: isTrivial ? 'strong' : '', x: names - 12, y: y + 4, 'text-anchor': 'end' },
      escapeText(shorten(brief(title), 13, names - 16)),
    ) +
    el('line', { class: `thin s${colour}`, x1: first, x2: at, y1: y, y2: y }) +
    strokes.join('') +
    mark +
    beyond
  );
}

/** "Pinto et al. 2025, as printed" of a title with all authors. */
export function brief(title: string): string {
  return title.replace(/^([\p{L}-]+)(?:, [\p{L}-]+)+ (?=\d{4})/u, '$1 et al. ');
}

/** The mark of a standing with a hole: part of the value is not known. */
function hollow(colour: number, x: number, y: number): string {
  return marker(colour, { x, y }, 5) + el('circle', { class: 'paper', cx: x, cy: y, r: 2.2 });
}

function legend(y: number): string {
  const entries = [
    ...(['paper', 'derived', 'reconstructed'] as const).map(
      (standing) => [marker(colourOf[standing], { x: 0, y: -4 }, 4.6), standingText[standing]] as const,
    ),
    [hollow(1, 0, -4), 'a constant is unknown or left out'] as const,
  ];
  let at = 20;
  return entries
    .map(([mark, words]) => {
      const drawn = el(
        'g',
        { transform: `translate(${at} ${y})` },
        mark,
        el('text', { class: 'tick', x: 11, y: 0 }, words),
      );
      at += 34 + words.length * 6.6;
      return drawn;
    })
    .join('');
}

function describe(drawn: readonly NormBoundRow[], all: number): string {
  const sound = drawn.filter(({ vacuous }) => !vacuous);
  const [best] = drawn;
  const proven = drawn.find(({ constants, caveats }) => constants === 'explicit' && caveats.length === 0);
  const least = `The smallest value is that of ${best.title}`;
  const of = proven === undefined ? '; none is a statement on this network with all its constants' : '';
  const smallest =
    proven === undefined || proven === best
      ? `${least}${of}.`
      : `${least}; of those with all constants, ${proven.title}.`;
  const left = all > drawn.length ? ` ${all - drawn.length} have no value and are not drawn.` : '';
  return (
    `${sound.length === 0 ? 'All' : `${drawn.length - sound.length} of ${drawn.length}`} bounds are vacuous: an error is at most 1 without them. ${smallest}${left} ` +
    'Strokes are the parts of each bound, among them the empirical term; the mark is their sum.'
  );
}
