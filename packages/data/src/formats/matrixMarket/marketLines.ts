import { FormatError, quote } from '../formatError.js';

/** longest line, as the format has it */
const LONGEST = 1024;

/** Lines of a file of bytes, and the words of the line at hand: nothing is decoded before it is asked for. */
export class MarketLines {
  /** of the line at hand, from 1 */
  line = 0;
  /** begin and end of the line at hand, without its end of line */
  private at = 0;
  private end = 0;
  private next = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** bytes behind the line at hand */
  get left(): number {
    return this.bytes.length - this.next;
  }

  /** Goes to the next line; false at the end of the file. */
  advance(): boolean {
    const { bytes } = this;
    if (this.next >= bytes.length) return false;
    this.line++;
    this.at = this.next;
    let end = this.at;
    while (end < bytes.length && bytes[end] !== 10) end++;
    this.next = end + 1;
    if (end > this.at && bytes[end - 1] === 13) end--;
    this.end = end;
    if (end - this.at > LONGEST) this.fail(`the line has ${end - this.at} bytes, most is ${LONGEST}`);
    return true;
  }

  /** Goes to the next line that holds words and is no comment; false at the end of the file. */
  advanceToWords(): boolean {
    while (this.advance()) {
      if (this.bytes[this.at] === 37) continue;
      this.skipBlanks();
      if (this.at < this.end) return true;
    }
    return false;
  }

  /** What is left of the line. */
  text(): string {
    return decode(this.bytes, this.at, this.end);
  }

  /** The next word of the line. */
  word(what: string): string {
    this.skipBlanks();
    const start = this.at;
    while (this.at < this.end && !isBlank(this.bytes[this.at])) this.at++;
    if (start === this.at) this.fail(`the line ends before ${what}`);
    return decode(this.bytes, start, this.at);
  }

  /** The next word, an integer in [low, high] in plain digits. */
  integer(what: string, low: number, high: number): number {
    this.skipBlanks();
    const { bytes, end } = this;
    const start = this.at;
    let value = 0;
    let at = start;
    // hot: two words of each entry
    for (; at < end; at++) {
      const digit = bytes[at] - 48;
      if (digit < 0 || digit > 9 || at - start > 15) break;
      value = 10 * value + digit;
    }
    if (at === start || (at < end && !isBlank(bytes[at])))
      this.fail(`${what} must be an integer, got ${quote(this.word(what))}`);
    this.at = at;
    if (value < low || value > high) this.fail(`${what} must lie in [${low}, ${high}], got ${value}`);
    return value;
  }

  /** Nothing but blanks may follow. */
  endLine(): void {
    this.skipBlanks();
    if (this.at < this.end) this.fail(`${quote(this.text())} follows what the line should hold`);
  }

  fail(message: string): never {
    throw new FormatError('matrix-market', `line ${this.line}: ${message}`);
  }

  private skipBlanks(): void {
    while (this.at < this.end && isBlank(this.bytes[this.at])) this.at++;
  }
}

const isBlank = (byte: number): boolean => byte === 32 || byte === 9;

function decode(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let p = start; p < end; p++) text += String.fromCharCode(bytes[p]);
  return text;
}
