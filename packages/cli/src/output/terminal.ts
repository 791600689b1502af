import { wrapCells } from '@hyperribbon/report/terminal';

/**
 * Whether lines on a stream can be drawn again: on a terminal, unless it is the log of a CI service, which keeps every line, or one that says
 * it cannot move its cursor.
 */
export function isInteractive(stream: NodeJS.WriteStream): boolean {
  const { CI, TERM } = process.env;
  return stream.isTTY === true && TERM !== 'dumb' && !isSet(CI);
}

/** Whether an environment variable asks for what it names: `NO_COLOR=` and `CI=false` do not. */
export function isSet(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value);
}

/** Columns of a terminal; what goes to a file or a pipe has lines as long as they are, for grep and for editors. */
export function columnsOf(stream: NodeJS.WriteStream): number {
  return stream.isTTY === true && stream.columns > 0 ? stream.columns : Infinity;
}

/** Lines broken between words where the terminal ends, under their own indent and a little further. */
export function fitted(text: string, width: number): string {
  const lines = text.split('\n').flatMap((line) => wrapCells(line, width, `${/^ */u.exec(line)![0]}  `));
  return lines.join('\n');
}
