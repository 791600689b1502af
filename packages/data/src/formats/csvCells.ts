import { FormatError } from './formatError.js';

export const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/**
 * The number that a cell spells, or undefined. Decimal only: an optional sign, digits with at most one point, an optional
 * exponent; and the exact words NaN, Infinity, -Infinity. One pass, so that a long cell costs what it is long.
 */
export function numberOf(cell: string): number | undefined {
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

/** The text of a file of cells. */
export function csvText(bytes: Uint8Array): string {
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

const isBlank = (code: number): boolean => code === 32 || code === 9 || code === 160;

/**
 * Cells of a text, one after another: RFC 4180 quoting, lines end with LF or CRLF.
 *
 * Leniently, as people's tables are: blanks around cells are no part of them, a delimiter of ' ' stands for any run of blanks, a quote
 * inside a cell is a character, an old Mac's CR ends a line, and a delimiter at the end of a line or file is followed by an empty cell.
 */
export class CellReader {
  /** 1-based, for messages */
  line = 1;
  column = 0;
  lineEnded = false;
  quoted = false;
  private at = 0;
  private readonly text: string;
  private readonly delimiter: string;
  private readonly maxLength: number;
  private readonly lenient: boolean;
  /** any run of blanks is one delimiter */
  private readonly blanks: boolean;

  constructor(text: string, delimiter: string, maxLength: number, lenient = false) {
    this.text = lenient && text !== '' && !/[\r\n]$/.test(text) ? `${text}\n` : text;
    this.delimiter = delimiter;
    this.maxLength = maxLength;
    this.lenient = lenient;
    this.blanks = lenient && delimiter === ' ';
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  fail(what: string): never {
    throw new FormatError('csv', `line ${this.line}, column ${this.column}: ${what}`);
  }

  /** The next cell; afterwards `lineEnded` says whether it was the last of its line. */
  next(): string {
    const { text, lenient } = this;
    if (this.lineEnded) this.beginLine();
    this.column++;
    if (lenient) this.skipBlanks();
    this.quoted = text[this.at] === '"';
    const cell = this.quoted ? this.quotedCell() : this.plainCell();
    if (cell.length > this.maxLength)
      this.fail(`the cell has ${cell.length} characters, the limit is ${this.maxLength}`);
    if (this.blanks ? isBlank(text.charCodeAt(this.at)) : text[this.at] === this.delimiter) {
      this.at++;
      if (this.blanks) this.skipBlanks();
      else if (this.at === text.length) this.fail('the file ends after a delimiter');
      if (!this.blanks || !/[\r\n]/.test(text[this.at])) return cell;
    }
    this.lineEnded = true;
    if (text[this.at] === '\r' && text[this.at + 1] === '\n') this.at++;
    else if (text[this.at] === '\r' && !lenient)
      this.fail('a carriage return without a line feed; lines end with LF or CRLF');
    this.at++;
    return cell;
  }

  /** Goes past lines of nothing but blanks. Between lines only. */
  skipBlankLines(): void {
    const { text } = this;
    for (let at = this.at; at < text.length; at++) {
      if (text[at] === '\n' || (text[at] === '\r' && text[at + 1] !== '\n')) {
        this.at = at + 1;
        this.line++;
      } else if (text[at] !== '\r' && !isBlank(text.charCodeAt(at))) return;
    }
    this.at = text.length;
  }

  private beginLine(): void {
    this.line++;
    this.column = 0;
    this.lineEnded = false;
  }

  private skipBlanks(): void {
    const { text } = this;
    const kept = this.blanks ? '' : this.delimiter;
    while (isBlank(text.charCodeAt(this.at)) && text[this.at] !== kept) this.at++;
  }

  private plainCell(): string {
    const { text, delimiter, lenient } = this;
    const start = this.at;
    const separator = delimiter.charCodeAt(0);
    let end = start;
    for (; this.at < text.length; this.at++) {
      const code = text.charCodeAt(this.at);
      if (code === separator || code === 10 || code === 13) break;
      if (lenient) {
        if (!isBlank(code)) end = this.at + 1;
        else if (this.blanks) break;
      } else if (code === 34) this.fail('a quote inside an unquoted cell');
    }
    return text.slice(start, lenient ? end : this.at);
  }

  private quotedCell(): string {
    const { text, delimiter, lenient, blanks } = this;
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
    if (lenient && !blanks) this.skipBlanks();
    const after = text[this.at];
    const parted = after === delimiter || (blanks && isBlank(text.charCodeAt(this.at)));
    if (after !== undefined && !parted && after !== '\n' && after !== '\r') this.fail('text follows a quoted cell');
    return cell;
  }
}
