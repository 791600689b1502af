import { el, escapeText, html, type Rich } from './markup.js';
import { marker } from './marker.js';

/** What stands beside a figure for one of its curves, and below it where the screen is narrow. */
export interface Name {
  readonly label: string;
  readonly value?: string;
  readonly colour?: number;
  readonly dashed?: boolean;
  readonly below?: readonly Rich[];
}

/** The names of a figure as a list for narrow screens, where there is no room beside it: samples of the curves, whole names, values. */
export function nameList(names: readonly Name[]): string {
  const items = names.map(({ label, value, colour, dashed, below = [] }) =>
    el(
      'li',
      {},
      colour === undefined ? '' : sample(colour, dashed === true),
      escapeText(`${label}${value === undefined ? '' : ` ${value}`}`),
      ...below.map((rich) => `; ${html(rich)}`),
    ),
  );
  return items.length === 0 ? '' : el('ul', { class: 'names' }, ...items);
}

function sample(colour: number, dashed: boolean): string {
  const line = el('line', { class: `line s${colour}${dashed ? ' dashed' : ''}`, x1: 1, x2: 29, y1: 7, y2: 7 });
  const mark = marker(colour, { x: 15, y: 7 }, 4);
  return el(
    'svg',
    { class: 'hr sample', viewBox: '0 0 30 14', width: 30, height: 14, 'aria-hidden': 'true' },
    line + mark,
  );
}
