import { cells, wrapCells } from './cells.js';
import { number } from './format.js';
import { plain } from './markup.js';

/** One line of the table for a terminal. */
export type Row = readonly [name: string, value: string, remark: string];

/** A number as terminals show it: 1.2e-7 rather than a power with a caret. */
export function ascii(x: number, digits = 3): string {
  return plain(number(x, digits)).replace(/\s*×\s*10\^/u, 'e');
}

/** Columns between cells of a row, and before what stands below one. */
const gap = 2;
const indent = '    ';
/** Fewer columns than this make a remark a ladder of single words: it then stands below its row. */
const leastRemark = 24;

/**
 * Rows joined by newlines, columns aligned: numbers to the right, names to the left. Where `width` columns are too few, remarks take several
 * lines; where they are far too few, remarks stand below their rows, and values at the right edge.
 */
export function aligned(rows: readonly Row[], width: number = Infinity): string {
  const clean = rows.map(([name, value, remark]): Row => [oneLine(name), oneLine(value), oneLine(remark)]);
  const widest = (texts: readonly string[]): number => texts.reduce((most, text) => Math.max(most, cells(text)), 0);
  const names = widest(clean.map(([name]) => name));
  const values = clean.map(([, value]) => value);
  const room = width - names - 2 * gap - Math.min(widest(clean.map(([, , remark]) => remark)), leastRemark);
  // a name for a value may run into the remarks if the numbers then have room
  const column = [widest(values), widest(values.filter(isNumber))].find((columns) => columns <= room);
  const lines = clean.flatMap((row) =>
    column === undefined ? stacked(row, width) : inColumns(row, names, column, width),
  );
  return lines.map(spaced).join('\n');
}

/** What a terminal shows of a line: plain spaces, none at the end. */
export function spaced(line: string): string {
  return line.replace(/\u202F/gu, ' ').trimEnd();
}

function isNumber(value: string): boolean {
  return /^[-\d>]/u.test(value) && cells(value) < 12;
}

function inColumns([name, value, remark]: Row, names: number, values: number, width: number): readonly string[] {
  const start = names + gap;
  const space = ' '.repeat(Math.max(0, values - cells(value)));
  const text = `${isNumber(value) ? space + value : value + space}${' '.repeat(gap)}${remark}`;
  const below = cells(value) > values ? 0 : values + gap;
  return wrapCells(text, width - start, ' '.repeat(below)).map(
    (line, i) => (i === 0 ? name + ' '.repeat(start - cells(name)) : ' '.repeat(start)) + line,
  );
}

function stacked([name, value, remark]: Row, width: number): readonly string[] {
  const left = width - cells(name) - cells(value);
  const head = left >= gap ? [name + ' '.repeat(left) + value] : [...wrapCells(name, width), ...set(value, width)];
  return remark === '' ? head : [...head, ...set(remark, width)];
}

/** Below a name, a little to the right. */
function set(text: string, width: number): readonly string[] {
  const room = width - indent.length;
  return room < 8 ? wrapCells(text, width) : wrapCells(text, room).map((line) => indent + line);
}

/** No control characters: a data set's name must not be able to move the cursor. Narrow spaces stay: no line ends there. */
export function oneLine(text: string): string {
  return text.replace(/−/gu, '-').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
}
