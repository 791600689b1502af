import { describe, refuse, requireOneOf } from '@hyperribbon/contract';
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

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/**
 * The number that a cell spells, or undefined. Decimal only: an optional sign, digits with at most one point, an optional
 * exponent; and the exact words NaN, Infinity, -Infinity. One pass, so that a long cell costs what it is long.
 */
function number(cell: string): number | undefined {
  if (cell === 'NaN') return NaN;
  let at = cell.charCodeAt(0) === 45 || cell.charCodeAt(0) === 43 ? 1 : 0;
  if (cell.charCodeAt(0) !== 43 && cell.startsWith('Infinity', at) && cell.length === at + 8) return Number(cell);
  let digits = 0;
  for (; isDigit(cell.charCodeAt(at)); at++) digits++;
  if (cell.charCodeAt(at) === 46) for (at++; isDigit(cell.charCodeAt(at)); at++) digits++;
  if (digits === 0) return undefined;
  if ((cell.charCodeAt(at) | 32) === 101) {
    at++;
    if (cell.charCodeAt(at) === 45 || cell.charCodeAt(at) === 43) at++;
    const exponent = at;
    while (isDigit(cell.charCodeAt(at))) at++;
    if (at === exponent) return undefined;
  }
  return at === cell.length ? Number(cell) : undefined;
}

function decode(bytes: Uint8Array): string {
  if (bytes.length === 0) throw new FormatError('csv', 'the file is empty');
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new FormatError('csv', 'the file is UTF-16; save it as UTF-8');
  }
  if (bytes.length > 2 ** 29 - 64) throw new FormatError('csv', 'the file is larger than 512 MiB; convert it to npy');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes); // drops a byte order mark
  } catch (error) {
    throw new FormatError('csv', 'the file is not UTF-8 (Latin-1 perhaps); save it as UTF-8', { cause: error });
  }
}

/** Cells of a text, one after another: RFC 4180 quoting, lines end with LF or CRLF. */
class CellReader {
  /** 1-based, for messages */
  line = 1;
  column = 0;
  lineEnded = false;
  quoted = false;
  private at = 0;
  private readonly text: string;
  private readonly delimiter: string;
  private readonly maxLength: number;

  constructor(text: string, delimiter: string, maxLength: number) {
    this.text = text;
    this.delimiter = delimiter;
    this.maxLength = maxLength;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  fail(what: string): never {
    throw new FormatError('csv', `line ${this.line}, column ${this.column}: ${what}`);
  }

  /** The next cell; afterwards `lineEnded` says whether it was the last of its line. */
  next(): string {
    const { text, delimiter } = this;
    if (this.lineEnded) {
      this.line++;
      this.column = 0;
      this.lineEnded = false;
    }
    this.column++;
    this.quoted = text[this.at] === '"';
    const cell = this.quoted ? this.quotedCell() : this.plainCell();
    if (cell.length > this.maxLength)
      this.fail(`the cell has ${cell.length} characters, the limit is ${this.maxLength}`);
    if (text[this.at] === delimiter) {
      this.at++;
      if (this.at === text.length) this.fail('the file ends after a delimiter');
      return cell;
    }
    this.lineEnded = true;
    if (text[this.at] === '\r' && text[this.at + 1] === '\n') this.at++;
    else if (text[this.at] === '\r') this.fail('a carriage return without a line feed; lines end with LF or CRLF');
    this.at++;
    return cell;
  }

  private plainCell(): string {
    const { text, delimiter } = this;
    const start = this.at;
    const separator = delimiter.charCodeAt(0);
    for (; this.at < text.length; this.at++) {
      const code = text.charCodeAt(this.at);
      if (code === separator || code === 10 || code === 13) break;
      if (code === 34) this.fail('a quote inside an unquoted cell');
    }
    return text.slice(start, this.at);
  }

  private quotedCell(): string {
    const { text, delimiter } = this;
    let cell = '';
    for (let from = this.at + 1; ; ) {
      const end = text.indexOf('"', from);
      if (end < 0) this.fail('the quoted cell does not end');
      cell += text.slice(from, end);
      this.at = end + 1;
      if (text[this.at] !== '"') break;
      cell += '"';
      from = this.at + 1;
    }
    const after = text[this.at];
    if (after !== undefined && after !== delimiter && after !== '\n' && after !== '\r')
      this.fail('text follows a quoted cell');
    return cell;
  }
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
  const reader = new CellReader(decode(bytes), delimiter, maxCellLength);
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
  const odd = cells.findIndex((cell) => number(cell) === undefined);
  if (odd >= 0 && cells.some((cell) => number(cell) !== undefined))
    throw new FormatError(
      'csv',
      `line 1, column ${odd + 1}: ${quote(cells[odd])} is no number but other cells of the line are; say header: true or false`,
    );
  if (cells.length > 1 && cells.every((cell, i) => number(cell) === i))
    throw new FormatError(
      'csv',
      `line 1 counts 0 to ${cells.length - 1}: are these names of columns, as pandas writes them, or the first row? Say header: true or false`,
    );
  return odd >= 0;
}

function valueOf(cell: string, empty: 'reject' | 'nan', line: number, column: number): number {
  if (cell === '' && empty === 'nan') return NaN;
  const result = number(cell);
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
