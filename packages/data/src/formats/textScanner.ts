import { type Format, FormatError, quote } from './formatError.js';

const BLANKS = ' \t\n\r';

/** Reads a header from the left: what the grammars of npy and safetensors have in common. */
export class TextScanner {
  at = 0;
  readonly text: string;
  private readonly format: Format;

  constructor(format: Format, text: string) {
    this.format = format;
    this.text = text;
  }

  fail(what: string): never {
    throw new FormatError(
      this.format,
      `the header is malformed at character ${this.at}: ${what}; the header is ${quote(this.text)}`,
    );
  }

  /** The character that comes next, blanks too; '' at the end. */
  get next(): string {
    return this.text.charAt(this.at);
  }

  space(blanks: string = BLANKS): void {
    while (this.at < this.text.length && blanks.includes(this.next)) this.at++;
  }

  /** Takes a token, after blanks, if it comes next. */
  accept(token: string): boolean {
    this.space();
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  expect(token: string): void {
    if (!this.accept(token)) this.fail(`expected ${token}`);
  }

  /** A whole number in plain decimal digits, below 2^53. */
  integer(): number {
    this.space();
    const start = this.at;
    while (this.text.charCodeAt(this.at) >= 48 && this.text.charCodeAt(this.at) <= 57) this.at++;
    const digits = this.text.slice(start, this.at);
    if (digits === '' || /[.eE]/.test(this.next)) this.fail('expected an integer >= 0 in plain decimal digits');
    if (digits.length > 1 && digits[0] === '0') this.fail('integers have no leading zeros');
    const value = Number(digits);
    if (!Number.isSafeInteger(value)) this.fail('the integer is above 2^53 - 1');
    return value;
  }

  /** Nothing but blanks may follow. */
  end(blanks: string = BLANKS): void {
    this.space(blanks);
    if (this.at !== this.text.length) this.fail('text follows the header');
  }
}
