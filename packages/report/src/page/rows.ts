import { number } from './format.js';
import { plain } from './markup.js';

/** One line of the table for a terminal. */
export type Row = readonly [name: string, value: string, remark: string];

/** A number as terminals show it: 1.2e-7 rather than a power with a caret. */
export function ascii(x: number, digits = 3): string {
  return plain(number(x, digits)).replace(/\s*×\s*10\^/u, 'e');
}

/** Rows joined by newlines, columns aligned: numbers to the right, names to the left. */
export function aligned(rows: readonly Row[]): string {
  const clean = rows.map((row) => row.map(oneLine));
  const widths = [0, 1].map((column) => clean.reduce((width, row) => Math.max(width, length(row[column])), 0));
  const lines = clean.map(([name, value, remark]) => {
    const space = ' '.repeat(widths[1] - length(value));
    const right = /^[-\d>]/u.test(value) && length(value) < 12;
    return `${name}${' '.repeat(widths[0] - length(name))}  ${right ? space + value : value + space}  ${remark}`.trimEnd();
  });
  return lines.join('\n');
}

/** No control characters: a data set's name must not be able to move the cursor. */
export function oneLine(text: string): string {
  return text
    .replace(/\u202F/gu, ' ')
    .replace(/−/gu, '-')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
}

function length(text: string): number {
  return [...text].length;
}
