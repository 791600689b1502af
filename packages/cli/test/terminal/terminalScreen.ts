import { cells } from '@hyperribbon/report/terminal';

/**
 * A terminal as far as progress lines need one: a grid of rows of so many columns with automatic wrap, cursor up, carriage return, erase to the
 * end; it breaks its lines anew when it is made narrower, as the common ones do. Rows above the first are kept as they scroll off.
 */
export class TerminalScreen {
  /** each line as it was written, without colours; a screen row for every `columns` of it */
  #lines: string[] = [''];
  /** line of the cursor, always at its end or its beginning */
  #at = 0;
  columns: number;

  constructor(columns: number) {
    this.columns = columns;
  }

  get rows(): readonly string[] {
    return this.#lines.flatMap((line) => this.#rowsOf(line));
  }

  /** A stream that writes here. */
  stream(): NodeJS.WriteStream {
    const columns = (): number => this.columns;
    return {
      isTTY: true,
      rows: 24,
      get columns() {
        return columns();
      },
      write: (text: string) => (this.#write(text), true),
    } as unknown as NodeJS.WriteStream;
  }

  #rowsOf(line: string): readonly string[] {
    const rows = [''];
    for (const character of line) {
      if (cells(rows[rows.length - 1] + character) > this.columns) rows.push('');
      rows[rows.length - 1] += character;
    }
    return rows;
  }

  #write(text: string): void {
    // oxlint-disable-next-line no-control-regex
    for (const [part, up] of text.matchAll(/\u001B\[(\d+)A|\u001B\[0J|\u001B\[[\d;]*m|\r|\n|[^\u001B\r\n]+/gu)) {
      if (up !== undefined) this.#up(Number(up));
      else if (part === '\u001B[0J') this.#lines = [...this.#lines.slice(0, this.#at), ''];
      else if (part === '\n') {
        this.#at += 1;
        if (this.#at === this.#lines.length) this.#lines.push('');
      } else if (!part.startsWith('\u001B') && part !== '\r') this.#lines[this.#at] += part;
    }
  }

  /** Up by rows of the screen: lines of several rows take several steps, and a step too many or too few shows. */
  #up(rows: number): void {
    let left = rows;
    while (left > 0 && this.#at > 0) {
      this.#at -= 1;
      left -= this.#rowsOf(this.#lines[this.#at]).length;
    }
    if (left < 0) {
      // inside a long line: what is above the cursor stays
      const kept = this.#rowsOf(this.#lines[this.#at]).slice(0, -left).join('');
      this.#lines.splice(this.#at, 1, kept, '');
      this.#at += 1;
    }
  }
}
