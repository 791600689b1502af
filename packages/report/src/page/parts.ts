import { el, escapeText, html, type Rich } from './markup.js';
import type { Figure } from './figure.js';
import { nameList } from './names.js';
import { figureSvg, figureWidth } from './figure.js';

/** One cell: text, or rich text, or null for what is not known. */
export type Cell = string | Rich | null;

/** A title; numbers stand to the right. */
export type Column = string | { readonly numeric: string };

export function numeric(...titles: readonly string[]): readonly Column[] {
  return titles.map((title) => ({ numeric: title }));
}

export interface TableOptions {
  /** name of the region for those who do not see it; default: the titles of its columns */
  readonly label?: string;
  /** row to stand out */
  readonly marked?: number;
  /** smaller type, for wide tables */
  readonly dense?: boolean;
}

/** Table in a box that scrolls by itself on narrow screens, by keys too. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { label, marked, dense = false }: TableOptions = {},
): string {
  const kinds = columns.map((column) => (typeof column === 'string' ? undefined : 'num'));
  const head = columns.map((column, i) =>
    el('th', { scope: 'col', class: kinds[i] }, cell(typeof column === 'string' ? column : column.numeric)),
  );
  const body = rows.map((row, r) =>
    el(
      'tr',
      { class: r === marked ? 'marked' : undefined },
      ...row.map((c, i) => el('td', { class: kinds[i] }, cell(c))),
    ),
  );
  const parts = el('thead', {}, el('tr', {}, ...head)) + el('tbody', {}, ...body);
  const titles = columns.map((column) => (typeof column === 'string' ? column : column.numeric));
  // what scrolls must be reached by keys
  const region = {
    class: 'scroll',
    tabindex: '0',
    role: 'region',
    'aria-label': label ?? `Table: ${titles.join(', ')}`,
  };
  return el('div', region, el('table', { class: dense ? 'dense' : undefined }, parts));
}

function cell(content: Cell): string {
  if (content === null) return '–';
  return typeof content === 'string' ? escapeText(content) : html(content);
}

export type Fact = readonly [name: string, value: Cell];

/** A fact, or none where its value is not known. */
export function known<T>(name: string, value: T | undefined, show: (value: T) => Cell = String): readonly Fact[] {
  return value === undefined ? [] : [[name, show(value)]];
}

/** Names and values of a short list. */
export function facts(entries: readonly Fact[]): string {
  return el(
    'dl',
    { class: 'facts' },
    ...entries.map(([name, value]) => el('div', {}, el('dt', {}, escapeText(name)), el('dd', {}, cell(value)))),
  );
}

export function paragraph(text: string): string {
  return el('p', {}, escapeText(text));
}

/** What a reader must not miss. */
export function warning(text: string): string {
  return el('p', { class: 'warning', role: 'note' }, escapeText(text));
}

/** A remark in small type. */
export function small(text: string): string {
  return el('p', { class: 'small' }, escapeText(text));
}

/** One of the numbers that one came for. */
export interface Tile {
  readonly value: Rich;
  readonly label: string;
}

export function tileRow(tiles: readonly Tile[]): string {
  const boxes = tiles.map(({ value, label }) =>
    el('div', {}, el('p', { class: 'big' }, html(value)), el('p', { class: 'small' }, escapeText(label))),
  );
  return boxes.length === 0 ? '' : el('div', { class: 'tiles' }, ...boxes);
}

/** Figure with its caption: the title in bold, then what one sees. */
export function figureBlock(figure: Figure | undefined): string {
  if (figure === undefined) return '';
  const { plotWidth = figureWidth, plotHeight = figure.height } = figure;
  const style = `--plot:${Math.round(plotWidth)};--tall:${Math.round(plotHeight)}`;
  return el(
    'figure',
    {},
    el('div', { class: 'plot', style }, figureSvg(figure)),
    nameList(figure.names ?? []),
    el('figcaption', {}, el('b', {}, escapeText(`${figure.title}.`)), escapeText(figure.description)),
  );
}

/** @param tag stands beside the title: "reconstruction" */
export function section(
  id: string,
  title: string | readonly [title: string, tag: string],
  ...content: readonly string[]
): string {
  const [name, tag] = typeof title === 'string' ? [title] : title;
  const mark = tag === undefined ? '' : ' ' + el('span', { class: `tag ${tag}` }, tag);
  return el('section', { id }, el('h2', {}, escapeText(name), mark), ...content);
}

export function subsection(title: string, ...content: readonly string[]): string {
  return el('h3', {}, escapeText(title)) + content.join('');
}

export function list(items: readonly string[]): string {
  return el('ul', {}, ...items.map((item) => el('li', {}, escapeText(item))));
}
