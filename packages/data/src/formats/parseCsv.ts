import { describe, refuse, requireOneOf } from '@hyperribbon/contract';
import { CellReader, csvText, isDigit, numberOf } from './csvCells.js';
import { FormatError, quote, requireBytes } from './formatError.js';

export interface CsvOptions {
  /** one character between cells (default ',') */
  readonly delimiter?: string;
  /**
   * true: the first line holds names; false: it holds numbers; 'auto' (default): names when none of its cells is a number,
   * numbers when all are, and an error when only some are, or when they count 0, 1, 2, … as the columns of a table without
   * names do, because guessing would lose or invent a row
   */
  readonly header?: boolean | 'auto';
  /** what an empty cell is: 'reject' (default) or 'nan' */
  readonly empty?: 'reject' | 'nan';
  /** most columns (default 10 000) and most characters per cell (default 2²⁰) */
  readonly maxColumns?: number;
  readonly maxCellLength?: number;
}

/** A table of numbers: data is (rows, columns), row-major. */
export interface CsvTable {
  readonly names: readonly string[] | undefined;
  readonly shape: readonly [number, number];
  readonly data: Float64Array;
}

/**
 * Reads a table of numbers. Every line has the same number of cells and every cell is a number: nothing is trimmed,
 * guessed or skipped, so blank lines, blanks around numbers, empty cells (unless `empty` is 'nan'), `inf`, `nan`, hexadecimal
 * numbers and decimal commas are errors that name line and column. So is a number too large for float64.
 *
 * @param bytes the whole file, UTF-8 with or without byte order mark
 * @param options delimiter, header, empty, limits
 * @returns names (undefined without header), shape and row-major data; a file with only a header has 0 rows
 * @throws FormatError when the file is malformed; ArgumentError when an option is
 * Cost: linear in the length (14 MB/s on a busy core); the text and the numbers are held at once.
 * @example
 * const { names, data } = parseCsv(new TextEncoder().encode('x,y\n1,2\n3,4\n'));
 * Source: [rfc4180].
 */
export function parseCsv(bytes: Uint8Array, options: CsvOptions = {}): CsvTable {
  const { delimiter = ',', header = 'auto', empty = 'reject', maxColumns = 10_000, maxCellLength = 2 ** 20 } = options;
  requireBytes('parseCsv', bytes, { maxColumns, maxCellLength });
  if (typeof delimiter !== 'string' || delimiter.length !== 1 || '"\r\n.+-0123456789eE'.includes(delimiter))
    refuse('parseCsv', `delimiter must be one character that no number holds, got ${describe(delimiter)}`);
  if (header !== true && header !== false && header !== 'auto')
    refuse('parseCsv', `header must be true, false or 'auto', got ${describe(header)}`);
  requireOneOf('parseCsv', 'empty', empty, ['reject', 'nan']);
  const reader = new CellReader(csvText(bytes), delimiter, maxCellLength);
  const first = firstLine(reader, maxColumns);
  const columns = first.length;
  const named = holdsNames(first, header);
  let data = new Float64Array(named ? columns : 2 * columns);
  let length = 0;
  if (!named) for (const [i, cell] of first.entries()) data[length++] = valueOf(cell, empty, 1, i + 1);
  while (!reader.done) {
    if (length + columns > data.length) {
      const larger = new Float64Array(2 * data.length + columns);
      larger.set(data);
      data = larger;
    }
    for (let column = 1; column <= columns; column++) {
      const cell = reader.next();
      if (reader.lineEnded !== (column === columns))
        reader.fail(
          reader.lineEnded ? `the line has ${column} of ${columns} cells` : `the line has more than ${columns} cells`,
        );
      data[length++] = valueOf(cell, empty, reader.line, column);
    }
  }
  return {
    names: named ? headerNames(first) : undefined,
    shape: [length / columns, columns],
    data: data.slice(0, length),
  };
}

function firstLine(reader: CellReader, maxColumns: number): string[] {
  if (reader.done) throw new FormatError('csv', 'the file is empty');
  const cells: string[] = [];
  while (!reader.lineEnded) {
    if (cells.length === maxColumns) reader.fail(`more than ${maxColumns} columns (maxColumns)`);
    cells.push(reader.next());
  }
  return cells;
}

/** Whether the first line is one of names: as the option says, or by its cells if they agree. */
function holdsNames(cells: readonly string[], header: boolean | 'auto'): boolean {
  if (header !== 'auto') return header;
  const odd = cells.findIndex((cell) => numberOf(cell) === undefined);
  if (odd >= 0 && cells.some((cell) => numberOf(cell) !== undefined))
    throw new FormatError(
      'csv',
      `line 1, column ${odd + 1}: ${quote(cells[odd])} is no number but other cells of the line are; say header: true or false`,
    );
  if (cells.length > 1 && cells.every((cell, i) => numberOf(cell) === i))
    throw new FormatError(
      'csv',
      `line 1 counts 0 to ${cells.length - 1}: are these names of columns, as pandas writes them, or the first row? Say header: true or false`,
    );
  return odd >= 0;
}

function valueOf(cell: string, empty: 'reject' | 'nan', line: number, column: number): number {
  if (cell === '' && empty === 'nan') return NaN;
  const result = numberOf(cell);
  if (result === undefined) {
    const what = cell === '' ? "is empty (say empty: 'nan' if it is missing on purpose)" : 'is not a number';
    throw new FormatError('csv', `line ${line}, column ${column}: ${quote(cell)} ${what}`);
  }
  if (!Number.isFinite(result) && isDigit(cell.charCodeAt(cell.length - 1)))
    throw new FormatError('csv', `line ${line}, column ${column}: ${quote(cell)} is too large for float64`);
  return result;
}

function headerNames(cells: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  for (const [i, name] of cells.entries()) {
    const where = `line 1, column ${i + 1}`;
    if (name === '') throw new FormatError('csv', `${where}: the name is empty`);
    for (const char of name) {
      if (char < ' ' || char === '\x7f')
        throw new FormatError('csv', `${where}: the name ${quote(name)} holds a control character`);
    }
    if (seen.has(name)) throw new FormatError('csv', `${where}: the name ${quote(name)} appears twice`);
    seen.add(name);
  }
  return cells;
}
