import { describe, refuse } from '@hyperribbon/contract';
import { CellReader, csvText, numberOf } from './csvCells.js';
import { FormatError, quote, requireBytes } from './formatError.js';

export interface TableOptions {
  /** one character between cells, ' ' for any run of blanks; 'auto' (default): tab, ;, | or , whichever the first lines agree on, else blanks */
  readonly delimiter?: string;
  /** whether the first line holds names; 'auto' (default): by its cells and those of the next line, and an error where that leaves a doubt */
  readonly header?: boolean | 'auto';
  /** most columns (default 10 000) and most characters per cell (default 2²⁰) */
  readonly maxColumns?: number;
  readonly maxCellLength?: number;
}

/** Cells of a column that hold nothing, or a word for it. */
export interface MissingCells {
  readonly count: number;
  /** of the first of them, from 0 */
  readonly row: number;
}

/** A table as people keep them: numbers, words, holes. */
export interface Table {
  readonly names: readonly string[] | undefined;
  /** what a first line of counts, as scikit-learn writes it, calls class 0, 1, … of the last column */
  readonly classNames?: readonly string[];
  /** rows and columns */
  readonly shape: readonly [number, number];
  /** row-major; NaN where a cell is missing or holds text */
  readonly data: Float64Array;
  /** columns that hold text, by their index: the cells of all their rows, '' where one is missing */
  readonly texts: ReadonlyMap<number, readonly string[]>;
  /** columns with missing cells, by their index */
  readonly missing: ReadonlyMap<number, MissingCells>;
  /** line of the file that each row began in, from 1 */
  readonly lines: Uint32Array;
  readonly delimiter: string;
}

/** What people and programs write where a value is missing. */
const holes = new Set(['', 'NA', 'N/A', 'n/a', 'NaN', 'nan', 'NAN', 'null', 'NULL', 'None', '?', '-']);
const truths = new Map([
  ['True', 1],
  ['true', 1],
  ['TRUE', 1],
  ['False', 0],
  ['false', 0],
  ['FALSE', 0],
]);
const infinities = new Map([
  ['inf', Infinity],
  ['Inf', Infinity],
  ['+inf', Infinity],
  ['-inf', -Infinity],
  ['-Inf', -Infinity],
]);

/** The number that a cell means: decimal, with a point or a comma, a truth, an infinity. Undefined for text and for a hole. */
function meaning(cell: string): number | undefined {
  const plain = numberOf(cell);
  if (plain !== undefined) return plain;
  const word = truths.get(cell) ?? infinities.get(cell);
  if (word !== undefined || !cell.includes(',')) return word;
  return cell.length <= 64 && !cell.includes('.') ? numberOf(cell.replace(',', '.')) : undefined;
}

type Kind = 'number' | 'text' | 'hole';

function kindOf(cell: string): Kind {
  if (holes.has(cell)) return 'hole';
  return meaning(cell) === undefined ? 'text' : 'number';
}

/**
 * Reads a table as people and spreadsheets write them, where that can mean one thing only: comma, semicolon, tab, bar or blanks between cells;
 * blanks around them; True and False as 1 and 0; decimal commas where something else parts the cells; `nan`, `NA`, empty cells and the like as
 * missing; columns of text as text; a first line that counts rows and features and names classes (scikit-learn's `150,4,setosa,versicolor,virginica`)
 * as that; blank lines and comments (# and a blank, or any # before the first row) left out. {@link parseCsv} takes numbers only and forgives nothing.
 *
 * @param bytes the whole file, UTF-8 with or without byte order mark
 * @param options delimiter, header, limits
 * @returns names (undefined without header), numbers, texts, and where cells are missing; a row of names that is one short leaves off that of the
 * first column, as R writes it
 * @throws FormatError when lines have different numbers of cells, or something can be read in two ways; ArgumentError when an option is wrong
 * Cost: one pass, two where a column holds text.
 * @example
 * const { names, data } = parseTable(new TextEncoder().encode('x; y\n1,5; True\n2; False\n')); // x, y: 1.5, 1, 2, 0
 * Source: [rfc4180].
 */
export function parseTable(bytes: Uint8Array, options: TableOptions = {}): Table {
  const { delimiter: asked = 'auto', header = 'auto', maxColumns = 10_000, maxCellLength = 2 ** 20 } = options;
  requireBytes('parseTable', bytes, { maxColumns, maxCellLength });
  if (asked !== 'auto' && (typeof asked !== 'string' || asked.length !== 1 || '"\r\n.+-0123456789eE#'.includes(asked)))
    refuse('parseTable', `delimiter must be 'auto' or one character that no number holds, got ${describe(asked)}`);
  if (header !== true && header !== false && header !== 'auto')
    refuse('parseTable', `header must be true, false or 'auto', got ${describe(header)}`);
  const text = csvText(bytes);
  const delimiter = asked === 'auto' ? delimiterOf(text) : asked;
  const open = (): RowReader => new RowReader(text, { delimiter, maxColumns, maxCellLength });
  const start = headOf(open(), header);
  const table = new TableBuilder(start.columns, delimiter);
  const rows = open();
  for (let i = 0; i < start.skipped; i++) rows.next();
  for (let row = rows.next(); row !== undefined; row = rows.next()) table.add(row, rows);
  table.requireOneDecimalMark();
  if (start.counts !== undefined) requireCounted(start.counts, table.count);
  const texts = new Map([...table.textColumns].map((column) => [column, [] as string[]]));
  if (texts.size > 0) {
    const again = open();
    for (let i = 0; i < start.skipped; i++) again.next();
    for (let row = again.next(); row !== undefined; row = again.next())
      for (const [column, cells] of texts) cells.push(holes.has(row[column]) ? '' : row[column]);
  }
  const called = start.counts?.classes ?? [];
  return {
    names: start.names,
    ...(called.length === 0 ? {} : { classNames: called }),
    ...table.numbers(),
    texts,
    missing: table.missing,
    delimiter,
  };
}

/** Rows of a text, blank lines and comments left out. */
class RowReader {
  /** line that the last row began in */
  line = 0;
  /** of the last line before the first row, if that began with #: its cells, without the mark */
  comment: readonly string[] | undefined;
  private first = true;
  private readonly cells: CellReader;
  private readonly maxColumns: number;

  constructor(
    text: string,
    {
      delimiter,
      maxColumns,
      maxCellLength,
    }: Required<Pick<TableOptions, 'delimiter' | 'maxColumns' | 'maxCellLength'>>,
  ) {
    this.cells = new CellReader(text, delimiter, maxCellLength, true);
    this.maxColumns = maxColumns;
  }

  next(): string[] | undefined {
    const { cells } = this;
    for (;;) {
      cells.skipBlankLines();
      if (cells.done) return undefined;
      const row: string[] = [];
      do {
        if (row.length === this.maxColumns) cells.fail(`more than ${this.maxColumns} columns (maxColumns)`);
        row.push(cells.next());
        if (row.length === 1) this.line = cells.line;
      } while (!cells.lineEnded);
      const before = this.first && row[0].startsWith('#');
      // later on a # alone marks a comment: #ff0000 may be a cell
      if (!before && !/^#(\s|$)/.test(row[0])) {
        this.first = false;
        return row;
      }
      const mark = row[0].slice(1).trim();
      if (before) this.comment = mark === '' ? row.slice(1) : [mark, ...row.slice(1)];
    }
  }
}

/** Tab, ;, | or , if the first lines have equally many of it, outside quotes; else blanks, or a comma where there are none of those. */
function delimiterOf(text: string): string {
  const lines = text
    .slice(0, 65_536)
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .slice(0, 5);
  // the last of what was looked at may be cut off
  if (text.length > 65_536 && lines.length > 1) lines.pop();
  const counts = (mark: string): number[] => lines.map((line) => line.replaceAll(/"[^"]*"/g, '').split(mark).length);
  const agreed = ['\t', ';', '|', ','].find((mark) => {
    const [first = 1, ...others] = counts(mark);
    return first > 1 && others.every((count) => count === first);
  });
  if (agreed !== undefined) return agreed;
  // tabs that no two lines agree on are blanks
  const some = [';', '|', ','].find((mark) => counts(mark).some((count) => count > 1));
  return some ?? (lines.some((line) => /\S[ \t]+\S/.test(line)) ? ' ' : ',');
}

/** What stands before the data. */
interface Head {
  readonly names: readonly string[] | undefined;
  /** rows before those of data: of counts, of names */
  readonly skipped: number;
  readonly columns: number;
  readonly counts?: Counts;
}

/** A line such as 150,4,setosa,versicolor,virginica or 506,13,,,: rows, features, and the classes, if they are named. */
interface Counts {
  readonly line: number;
  readonly rows: number;
  readonly classes: readonly string[];
}

/** scikit-learn begins its tables so. The line below must have a cell for each feature and one for the label. */
function countsOf(first: readonly string[], second: readonly string[] | undefined, line: number): Counts | undefined {
  const [rows, features, ...classes] = first;
  const whole = (cell: string | undefined): boolean => cell !== undefined && /^[1-9]\d{0,9}$/.test(cell);
  if (!whole(rows) || !whole(features) || second?.length !== Number(features) + 1) return undefined;
  if (classes.length < 2 || classes.length > Number(rows)) return undefined;
  const named = classes.every((cell) => kindOf(cell) === 'text') && new Set(classes).size === classes.length;
  if (named ? second.some((cell) => kindOf(cell) === 'text') : classes.some((cell) => cell !== '')) return undefined;
  return { line, rows: Number(rows), classes: named ? classes : [] };
}

function requireCounted({ line, rows }: Counts, found: number): void {
  if (rows === found) return;
  throw new FormatError(
    'csv',
    `line ${line} counts ${rows} rows, the file has ${found}: is it cut short? If the line is one of data or of names, say header false or header true`,
  );
}

/** What stands before the data: a line of counts, names. */
function headOf(rows: RowReader, header: boolean | 'auto'): Head {
  const first = rows.next();
  const { line } = rows;
  if (first === undefined) throw new FormatError('csv', 'the file holds no row');
  const second = rows.next();
  const counts = header === 'auto' ? countsOf(first, second, line) : undefined;
  if (counts === undefined) return namesOf(rows, line, first, second, header);
  const head = namesOf(rows, rows.line, second!, rows.next(), header);
  return { ...head, skipped: head.skipped + 1, counts };
}

/** @param first the first row that may hold names, in `line` */
function namesOf(
  { comment }: RowReader,
  line: number,
  first: readonly string[],
  second: readonly string[] | undefined,
  header: boolean | 'auto',
): Head {
  if (!(header === 'auto' ? holdsNames(first, second, line) : header)) {
    // NumPy's savetxt puts names behind a #
    const names = comment?.length === first.length && comment.every((cell) => kindOf(cell) === 'text');
    return { names: names ? comment : undefined, skipped: 0, columns: first.length };
  }
  const names = second !== undefined && second.length === first.length + 1 ? ['', ...first] : first;
  requireDistinct(names, line);
  return { names, skipped: 1, columns: names.length };
}

function holdsNames(first: readonly string[], second: readonly string[] | undefined, line: number): boolean {
  const kinds = first.map(kindOf);
  if (kinds.every((kind) => kind !== 'number')) return true;
  const odd = kinds.indexOf('text');
  if (odd < 0) {
    if (first.length > 1 && first.every((cell, i) => numberOf(cell) === i))
      throw new FormatError(
        'csv',
        `line ${line} counts 0 to ${first.length - 1}: are these names of columns, as pandas writes them, or the first row? Say header true or header false`,
      );
    return false;
  }
  const alike = kinds.every((kind, i) => {
    const next = kindOf(second?.[i] ?? '');
    return kind === next || kind === 'hole' || next === 'hole';
  });
  if (alike && second?.length === first.length) return false;
  throw new FormatError(
    'csv',
    `line ${line}, column ${odd + 1}: ${quote(first[odd])} is no number but other cells of the line are; are these names? Say header true or header false`,
  );
}

/** Nameless columns are found by their numbers; two of one name by none. */
function requireDistinct(names: readonly string[], line: number): void {
  const seen = new Set<string>();
  for (const [i, name] of names.entries()) {
    if (name !== '' && seen.has(name))
      throw new FormatError('csv', `line ${line}, column ${i + 1}: the name ${quote(name)} appears twice`);
    seen.add(name);
  }
}

/** Takes rows in as they come. */
class TableBuilder {
  readonly textColumns = new Set<number>();
  readonly missing = new Map<number, MissingCells>();
  private data: Float64Array;
  private lines = new Uint32Array(64);
  private rows = 0;
  private readonly columns: number;
  private readonly delimiter: string;
  /** where numbers were first written with a comma, and with a point */
  private comma: { readonly line: number; readonly cell: string } | undefined;
  private point: { readonly line: number; readonly cell: string } | undefined;
  /** every comma so far may part thousands */
  private thousands = true;

  constructor(columns: number, delimiter: string) {
    this.columns = columns;
    this.delimiter = delimiter;
    this.data = new Float64Array(64 * columns);
  }

  add(row: readonly string[], { line }: RowReader): void {
    const { columns } = this;
    if (row.length !== columns) this.refuseRagged(row, line);
    if (this.rows === this.lines.length) {
      const [data, lines] = [new Float64Array(2 * this.data.length), new Uint32Array(2 * this.rows)];
      data.set(this.data);
      lines.set(this.lines);
      this.data = data;
      this.lines = lines;
    }
    const at = this.rows * columns;
    for (let column = 0; column < columns; column++) this.data[at + column] = this.valueOf(row[column], column, line);
    this.lines[this.rows++] = line;
  }

  private valueOf(cell: string, column: number, line: number): number {
    const value = holes.has(cell) ? undefined : meaning(cell);
    if (value === undefined) {
      if (holes.has(cell)) {
        const { count, row } = this.missing.get(column) ?? { count: 0, row: this.rows };
        this.missing.set(column, { count: count + 1, row });
      } else this.textColumns.add(column);
      return NaN;
    }
    if (cell.includes(',')) {
      this.comma ??= { line, cell };
      this.thousands &&= /^[+-]?[1-9]\d{0,2},\d{3}$/.test(cell);
    } else if (this.point === undefined && cell.includes('.')) this.point = { line, cell };
    if (!Number.isFinite(value) && /\d$/.test(cell))
      throw new FormatError('csv', `line ${line}, column ${column + 1}: ${quote(cell)} is too large for float64`);
    return value;
  }

  private refuseRagged(row: readonly string[], line: number): never {
    const { columns, delimiter } = this;
    const commas =
      delimiter === ',' && row.length === 2 * columns ? '; decimal commas? Save it with semicolons between cells' : '';
    throw new FormatError(
      'csv',
      row.length < columns
        ? `line ${line} has ${row.length} of ${columns} cells`
        : `line ${line} has more than ${columns} cells (${row.length})${commas}`,
    );
  }

  /** One decimal mark, and one that can be nothing else. */
  requireOneDecimalMark(): void {
    const { comma, point, thousands } = this;
    if (comma === undefined) return;
    if (point !== undefined)
      throw new FormatError(
        'csv',
        `line ${comma.line} has ${quote(comma.cell)}, line ${point.line} ${quote(point.cell)}: which marks the decimals? Write all numbers with a point`,
      );
    if (thousands)
      throw new FormatError(
        'csv',
        `line ${comma.line} has ${quote(comma.cell)}, and all numbers with a comma look like that: decimals or thousands? Write them without commas`,
      );
  }

  get count(): number {
    return this.rows;
  }

  numbers(): Pick<Table, 'shape' | 'data' | 'lines'> {
    const { rows, columns } = this;
    return { shape: [rows, columns], data: this.data.slice(0, rows * columns), lines: this.lines.slice(0, rows) };
  }
}
