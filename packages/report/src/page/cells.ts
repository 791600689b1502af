/** Escape sequences of colours, or one character. */
// oxlint-disable-next-line no-control-regex
const token = /\u001B\[[0-9;]*m|./gsu;
const unseen = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/u;
/** Two cells each: East Asian wide and fullwidth characters, emoji. */
const wide =
  /^[\u1100-\u115F\u231A\u231B\u2329\u232A\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1F64F}\u{1F680}-\u{1F6FF}\u{1F900}-\u{1F9FF}\u{20000}-\u{3FFFD}]/u;

/** What a terminal draws together, with the cells it takes. */
function cellsOfToken(text: string): number {
  if (unseen.test(text)) return 0;
  return wide.test(text) ? 2 : 1;
}

/**
 * How many columns of a terminal a line takes: escape sequences of colours and combining marks none, East Asian wide characters two.
 *
 * @param line without line breaks
 * @example cells('λ₁ = 3'); // 6
 */
export function cells(line: string): number {
  let sum = 0;
  for (const [part] of line.matchAll(token)) sum += cellsOfToken(part);
  return sum;
}

/**
 * The line itself if it fits into `room` columns, else its beginning with an ellipsis.
 *
 * @example cutCells('a long name', 6); // 'a lon…'
 */
export function cutCells(line: string, room: number): string {
  if (cells(line) <= room) return line;
  if (room < 1) return '';
  const [first] = splitCells(line, room - 1);
  return `${first.trimEnd()}…`;
}

/** The longest beginning of at most `room` columns, and what is left. */
function splitCells(line: string, room: number): readonly [first: string, rest: string] {
  let used = 0;
  for (const { 0: part, index } of line.matchAll(token)) {
    used += cellsOfToken(part);
    if (used > room) return [line.slice(0, index), line.slice(index)];
  }
  return [line, ''];
}

/**
 * A line broken at spaces (no-break spaces stay) into lines of at most `room` columns; a word that is longer is broken where it must.
 *
 * @param indent stands before every line but the first, and counts
 * @returns at least one line
 * @example wrapCells('to be or not to be', 9); // ['to be or', 'not to be']
 */
export function wrapCells(line: string, room: number, indent = ''): string[] {
  const width = Math.max(2, room); // a wide character needs two
  if (cells(line) <= width) return [line];
  // an indent that leaves no room for words is none
  const margin = cells(indent) + 2 <= width / 2 ? indent : '';
  const lines: string[] = [];
  let current = '';
  for (const [, gap, word] of line.matchAll(/( *)([^ ]+)/gu)) {
    if (cells(current + gap + word) <= width) {
      current += gap + word;
      continue;
    }
    // what only indents is no line of its own, and an indent goes before a word is broken
    const lead = isBlank(current) ? current + gap : margin;
    if (!isBlank(current)) lines.push(current);
    let rest = (cells(lead + word) > width ? margin : lead) + word;
    for (; cells(rest) > width; rest = margin + rest) {
      const [first, more] = splitCells(rest, width);
      lines.push(first);
      rest = more;
    }
    current = rest;
  }
  return isBlank(current) && lines.length > 0 ? lines : [...lines, current];
}

function isBlank(line: string): boolean {
  return [...line.matchAll(token)].every(([part]) => part === ' ' || cellsOfToken(part) === 0);
}
