import { el, escapeText, html, type Rich } from './markup.js';
import type { Figure } from './figure.js';
import { figureSvg } from './figure.js';

/** One cell: text, or rich text, or null for what is not known. */
export type Cell = string | Rich | null;

export interface Column {
  readonly title: Cell;
  readonly numeric?: boolean;
}

/** Table in a box that scrolls by itself on narrow screens. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  marked?: number,
  dense = false,
): string {
  const kind = (i: number): string | undefined => (columns[i].numeric ? 'num' : undefined);
  const head = columns.map(({ title }, i) => el('th', { scope: 'col', class: kind(i) }, cell(title)));
  const body = rows.map((row, r) =>
    el(
      'tr',
      { class: r === marked ? 'marked' : undefined },
      ...row.map((c, i) => el('td', { class: kind(i) }, cell(c))),
    ),
  );
  return el(
    'div',
    { class: 'scroll' },
    el(
      'table',
      { class: dense ? 'dense' : undefined },
      el('thead', {}, el('tr', {}, ...head)),
      el('tbody', {}, ...body),
    ),
  );
}

function cell(content: Cell): string {
  if (content === null) return '–';
  return typeof content === 'string' ? escapeText(content) : html(content);
}

/** Names and values of a short list. */
export function facts(entries: readonly (readonly [name: string, value: Cell])[]): string {
  return el(
    'dl',
    { class: 'facts' },
    ...entries.map(([name, value]) => el('div', {}, el('dt', {}, escapeText(name)), el('dd', {}, cell(value)))),
  );
}

export function paragraph(text: string): string {
  return el('p', {}, escapeText(text));
}

/** Figure with its caption: the title in bold, then what one sees. */
export function figureBlock(figure: Figure | undefined): string {
  if (figure === undefined) return '';
  return el(
    'figure',
    {},
    el('div', { class: 'scroll' }, figureSvg(figure)),
    el('figcaption', {}, el('b', {}, escapeText(`${figure.title}.`)), escapeText(` ${figure.description}`)),
  );
}

export function section(id: string, title: string, ...content: readonly string[]): string {
  return el('section', { id }, el('h2', {}, escapeText(title)), ...content);
}

export function list(items: readonly string[]): string {
  return el('ul', {}, ...items.map((item) => el('li', {}, escapeText(item))));
}
