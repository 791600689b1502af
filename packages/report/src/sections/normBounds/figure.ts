import { type Axis, logAxis, xAxis } from '../../page/axes.js';
import { plotEnd } from '../../page/chart.js';
import { figureWidth, type Figure, type Frame } from '../../page/figure.js';
import { percent } from '../../page/format.js';
import { wrap } from '../../page/labels.js';
import { el, escapeText, inline, textWidth } from '../../page/markup.js';
import { marker } from '../../page/marker.js';
import type { NormBoundRow, NormBoundsSection } from './shape.js';
import { isStatement, standingText, valueText } from './texts.js';

const row = 34;
/** pixels for names, right of the plot: narrow screens show them below it */
const column = 330;
/** Doubles end there; a value beyond is drawn at the edge, with its power of ten. */
const most = 300;

/** Colour, and with it the shape, of a standing: square, circle, triangle. */
export const colourOf = { paper: 0, derived: 1, reconstructed: 2 } as const;

/** Powers of ten of natural logarithms. */
function decades(log: number): number {
  return log / Math.LN10;
}

/**
 * Every bound a row on one logarithmic axis: its parts as strokes, its value as a mark; a bound right of the line at 1 says nothing. Rows have the numbers of the
 * table, and names beside them.
 */
export function normBoundsFigure(section: NormBoundsSection): Figure | undefined {
  const { bounds, testError, trivial } = section;
  const drawn = bounds.filter(({ logValue }) => logValue !== null);
  if (drawn.length === 0) return undefined;
  const frame: Frame = { left: 36, top: 62, width: figureWidth - 36 - column, height: row * drawn.length };
  const [low, high] = reach(drawn, testError);
  const x = logAxis(10 ** low, 10 ** high, frame.left + 8, frame.left + frame.width - 8, 6);
  const bottom = frame.top + frame.height;
  const middle = (i: number): number => frame.top + row * (i + 0.5);
  const clip = { x: frame.left - 4, y: frame.top - 4, width: frame.width + 8, height: frame.height + 8 };
  const body = [
    el('defs', {}, el('clipPath', { id: 'norm-bounds-clip' }, el('rect', clip))),
    ...drawn.map((_, i) => el('text', { class: 'tick', x: 26, y: middle(i) + 4, 'text-anchor': 'end' }, String(i + 1))),
    xAxis(x, frame, ['value, on the scale of errors'], true),
    ...lineAt(x, 1, 'line ink', frame, 14, 'vacuous from here on'),
    ...(testError ? lineAt(x, testError, 'line dashed s3', frame, 32, `test error, ${percent(testError)}`) : []),
    el(
      'g',
      { 'clip-path': 'url(#norm-bounds-clip)' },
      ...drawn.map((bound, i) => boundRow(bound, x, middle(i), frame)),
    ),
    el('g', { class: 'names' }, ...drawn.map((bound, i) => nameOf(bound, middle(i), frame, bound.name === trivial))),
    legend(frame.left, bottom + 66),
  ];
  return {
    name: 'norm-bounds',
    title: 'Bounds by norms, ranks and counts',
    description: describe(section, drawn),
    height: bottom + 66 + 20 * keys.length,
    plotWidth: plotEnd(frame),
    names: drawn.map((bound, i) => ({
      label: `${i + 1}. ${brief(bound.title)}:`,
      value: sizeText(bound),
      colour: colourOf[bound.standing],
    })),
    body: body.join(''),
  };
}

/** An upright line with words above it, on the side that has room for them. */
function lineAt(
  x: Axis,
  value: number,
  look: string,
  { left, top, width, height }: Frame,
  up: number,
  words: string,
): readonly string[] {
  const at = x.map(value);
  const right = at + 6 + textWidth([words], 12) < left + width + 12;
  const text = { class: 'tick', x: right ? at + 6 : at - 6, y: top - up, 'text-anchor': right ? 'start' : 'end' };
  return [
    el('line', { class: look, x1: at, x2: at, y1: top - up - 10, y2: top + height }),
    el('text', text, escapeText(words)),
  ];
}

function reach(bounds: readonly NormBoundRow[], testError: number | undefined): readonly [number, number] {
  const values = bounds.map(({ logValue }) => Math.min(most, decades(logValue!)));
  const parts = bounds.flatMap(({ terms }) => terms.flatMap(({ log }) => (log === null ? [] : [decades(log)])));
  const smallest = Math.min(...values, ...parts.filter((part) => part > -4), 0, testError ? Math.log10(testError) : 0);
  return [Math.max(-4, smallest - 0.2), Math.max(1, ...values) + 0.2];
}

function boundRow(bound: NormBoundRow, x: Axis, y: number, { left, width }: Frame): string {
  const { terms, empirical, logValue, constants, standing } = bound;
  const colour = colourOf[standing];
  const parts = [...terms.flatMap(({ log }) => (log === null ? [] : [decades(log)])), Math.log10(empirical)].filter(
    (part) => part > -4 && part <= most,
  );
  const place = (power: number): number => x.map(10 ** Math.min(most, power));
  const at = place(decades(logValue!));
  const first = Math.min(at, ...parts.map(place));
  const strokes = parts.map((part) =>
    el('line', { class: `thin s${colour}`, x1: place(part), x2: place(part), y1: y - 5, y2: y + 5 }),
  );
  return (
    el('line', { class: 'grid', x1: left, x2: left + width, y1: y, y2: y }) +
    el('line', { class: `thin s${colour}`, x1: first, x2: at, y1: y, y2: y }) +
    strokes.join('') +
    (constants === 'explicit' ? marker(colour, { x: at, y }, 4.6) : hollow(colour, at, y))
  );
}

/** Name and value beside a row, in two lines where one is too short. */
function nameOf(bound: NormBoundRow, y: number, { left, width }: Frame, isTrivial: boolean): string {
  const lines = wrap(`${brief(bound.title)}: ${sizeText(bound)}`, 10.9, column - 34);
  const first = y + 4 - 7.5 * (lines.length - 1);
  const look = isTrivial ? 'strong' : '';
  return lines
    .map((line, k) =>
      el('text', { class: look, x: left + width + 30, y: first + 15 * k, 'font-size': 12.4 }, escapeText(line)),
    )
    .join('');
}

function sizeText(bound: NormBoundRow): string {
  const text = valueText(bound);
  return typeof text === 'string' ? text : inline(text ?? []);
}

/** "Pinto et al. 2025, as printed" of a title with all authors. */
export function brief(title: string): string {
  return title
    .replace(/^([\p{L}-]+)(?:, [\p{L}-]+)+ (?=\d{4})/u, '$1 et al. ')
    .replace(/from the reference weights$/u, 'from the reference');
}

/** The mark of a standing with a hole: part of the value is not known. */
function hollow(colour: number, x: number, y: number): string {
  return marker(colour, { x, y }, 5) + el('circle', { class: 'paper', cx: x, cy: y, r: 2.2 });
}

const keys: readonly (readonly [mark: string, words: string])[] = [
  ...(['paper', 'derived', 'reconstructed'] as const).map(
    (standing) => [marker(colourOf[standing], { x: 0, y: -4 }, 4.6), standingText[standing]] as const,
  ),
  [hollow(1, 0, -4), 'a constant is unknown or left out: no bound'],
  [el('line', { class: 'thin s1', x1: 0, x2: 0, y1: -9, y2: 1 }), 'a part: empirical, complexity, confidence'],
];

function legend(x: number, y: number): string {
  return keys
    .map(([mark, words], i) =>
      el('g', { transform: `translate(${x} ${y + 20 * i})` }, mark, el('text', { class: 'tick', x: 12, y: 0 }, words)),
    )
    .join('');
}

function describe({ bounds }: NormBoundsSection, drawn: readonly NormBoundRow[]): string {
  const whole = drawn.filter(({ constants }) => constants === 'explicit');
  const below = whole.filter(({ vacuous }) => !vacuous).length;
  const proven = drawn.find(isStatement);
  const left = bounds.length - drawn.length;
  return [
    whole.length === 0
      ? 'None has all its constants.'
      : `${below === 0 ? 'None' : below} of the ${whole.length} with all their constants ${below === 1 ? 'is' : 'are'} below 1, the smallest ${whole[0].title}.`,
    proven === undefined
      ? 'None is proved for this network as it is.'
      : proven === whole[0]
        ? 'It is proved for this network.'
        : `Proved for this network: ${proven.title}.`,
    ...(whole.length === drawn.length
      ? []
      : [`The other ${drawn.length - whole.length} order networks and bound nothing, also where they are below 1.`]),
    ...(left === 0
      ? []
      : [`${left} ${left === 1 ? 'has' : 'have'} no value and ${left === 1 ? 'is' : 'are'} not drawn.`]),
    'Strokes are the parts of a row; the mark is their sum.',
  ].join(' ');
}
