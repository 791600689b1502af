import type { Table } from '@hyperribbon/data';
import { UsageError } from '../../usageError.js';

/** What headers call a column of labels. */
const labelName = /^(y|labels?|targets?|class(es)?|category|species|outcome|diagnosis)$/i;

/** The columns of a table by name or number. */
export class Columns {
  readonly all: readonly number[];
  private readonly rows: readonly number[];
  private readonly file: string;
  private readonly table: Table;

  constructor(file: string, table: Table) {
    this.file = file;
    this.table = table;
    this.all = Array.from({ length: table.shape[1] }, (_, column) => column);
    this.rows = Array.from({ length: table.shape[0] }, (_, row) => row);
  }

  /** How messages call a column. */
  title(column: number): string {
    const name = this.table.names?.[column];
    return name === undefined || name === '' ? `column ${column + 1}` : `"${name}"`;
  }

  /** What the file calls classes 0, 1, … of these labels. */
  classNames(labels: readonly number[]): readonly string[] | undefined {
    return labels.join() === String(this.table.shape[1] - 1) ? this.table.classNames : undefined;
  }

  /** A first column without a name that counts the rows is no feature: pandas and R write it. Nor is an empty one. */
  rowNumbers(): readonly number[] {
    const { names, shape, missing } = this.table;
    const nameless = this.all.filter((column) => names !== undefined && /^(Unnamed: \d+)?$/.test(names[column]));
    return nameless.filter(
      (column) => (column === 0 && this.countsRows(column)) || missing.get(column)?.count === shape[0],
    );
  }

  private countsRows(column: number): boolean {
    const { data, shape } = this.table;
    const start = data[column];
    return (
      (start === 0 || start === 1) &&
      shape[0] > 2 &&
      this.rows.every((row) => data[row * shape[1] + column] === start + row)
    );
  }

  /** Columns that an option names, with commas between: by their names, else by their numbers from 1. */
  named(given: string | undefined, option: string): readonly number[] {
    if (given === undefined) return [];
    const whole = this.find(given);
    if (whole !== undefined) return [whole];
    return given.split(',').map((part) => {
      const found = this.find(part.trim());
      if (found !== undefined) return found;
      const { names, shape } = this.table;
      const there =
        names === undefined
          ? 'no header'
          : `the columns ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`;
      throw new UsageError(
        `${option}: ${this.file} has ${there}, none is called "${part.trim()}"; columns go by their numbers too, 1 to ${shape[1]}`,
      );
    });
  }

  /** Whether a column has this name. */
  has(name: string): boolean {
    return this.table.names?.includes(name) === true;
  }

  private find(name: string): number | undefined {
    const { names, shape } = this.table;
    if (names?.includes(name) === true) return names.indexOf(name);
    return /^[1-9]\d{0,8}$/.test(name) && Number(name) <= shape[1] ? Number(name) - 1 : undefined;
  }

  /** Columns that an option names for labels or targets. */
  chosen(wanted: string, option: '--label-column' | '--target', dropped: ReadonlySet<number>): readonly number[] {
    const columns = this.named(wanted, option);
    const both = columns.find((column) => dropped.has(column));
    if (both !== undefined)
      throw new UsageError(`--drop: ${this.title(both)} is ${option === '--target' ? 'a target' : 'the label column'}`);
    const twice = columns.find((column, i) => columns.indexOf(column) < i);
    if (twice !== undefined) throw new UsageError(`${option}: ${this.title(twice)} is named twice`);
    return columns;
  }

  /** The column of labels, or those of a one-hot label. */
  labels(wanted: string | undefined, dropped: ReadonlySet<number>): readonly number[] {
    if (wanted !== undefined) return this.chosen(wanted, '--label-column', dropped);
    const left = this.all.filter((column) => !dropped.has(column));
    const last = left[left.length - 1];
    const { names, texts } = this.table;
    const other = left.find((column) => names !== undefined && labelName.test(names[column]));
    if (other !== undefined && !labelName.test(names![last]))
      throw new UsageError(
        `--label-column: the last column of ${this.file} is "${names![last]}", but another is called "${names![other]}"; say which holds the labels`,
      );
    const text = left.find((column) => column !== last && texts.has(column));
    if (text !== undefined && !texts.has(last)) this.refuseText(text);
    const hot = this.oneHotTail(left);
    if (hot.length > 1) {
      const list = hot.map((column) => names?.[column] ?? String(column + 1)).join(',');
      throw new UsageError(
        `--label-column: the last ${hot.length} columns of ${this.file} hold a single 1 in every row, like one-hot labels; say --label-column ${list}, or the one of them that is the label`,
      );
    }
    return last === undefined ? [] : [last];
  }

  /** Columns at the end that hold one 1 and zeros in every row. */
  private oneHotTail(left: readonly number[]): readonly number[] {
    const { data, shape } = this.table;
    const zeroOne = (column: number): boolean =>
      this.rows.every((row) => data[row * shape[1] + column] === 0 || data[row * shape[1] + column] === 1);
    let from = left.length;
    while (from > 0 && zeroOne(left[from - 1])) from--;
    const sums = new Float64Array(shape[0]);
    // the shortest tail whose rows all add up to 1, without an end of it that does
    for (let first = left.length - 1; first >= from; first--) {
      for (const row of this.rows) sums[row] += data[row * shape[1] + left[first]];
      if (shape[0] > 1 && first < left.length - 1 && sums.every((sum) => sum === 1)) return left.slice(first);
    }
    return [];
  }

  private refuseText(column: number): never {
    const { texts, lines, names } = this.table;
    const row = texts.get(column)!.findIndex((cell) => cell !== '' && Number.isNaN(Number(cell)));
    const cell = texts.get(column)![row].slice(0, 40);
    const name = names?.[column] || String(column + 1);
    throw new UsageError(
      `--data: ${this.file}: line ${lines[row]}, ${this.title(column)} holds text ("${cell}"), and features are numbers; say --drop ${name}, --label-column ${name} if these are the labels, or write numbers for it`,
    );
  }

  requireNumbers(features: readonly number[]): void {
    const text = features.find((column) => this.table.texts.has(column));
    if (text !== undefined) this.refuseText(text);
  }

  /** Rows without missing cells in these columns. */
  wholeRows(columns: readonly number[], missing: 'refuse' | 'drop'): readonly number[] {
    const { missing: holes, data, shape, lines, texts } = this.table;
    const holed = columns.filter((column) => holes.has(column));
    if (holed.length === 0) return this.rows;
    if (missing === 'refuse') {
      const total = holed.reduce((sum, column) => sum + holes.get(column)!.count, 0);
      const { row } = holes.get(holed[0])!;
      throw new UsageError(
        `--missing: ${this.file} has ${total} missing value${total === 1 ? '' : 's'}, the first in line ${lines[row]}, ${this.title(holed[0])}; say --missing drop to leave such rows out, or fill them in`,
      );
    }
    const whole = this.rows.filter((row) =>
      holed.every((column) =>
        texts.has(column) ? texts.get(column)![row] !== '' : !Number.isNaN(data[row * shape[1] + column]),
      ),
    );
    if (whole.length === 0) throw new UsageError(`--missing: every row of ${this.file} has a missing value`);
    return whole;
  }

  requireFinite(data: Float64Array, rows: readonly number[], features: readonly number[]): void {
    const at = data.findIndex((value) => !Number.isFinite(value));
    if (at < 0) return;
    const [row, column] = [rows[Math.floor(at / features.length)], features[at % features.length]];
    throw new UsageError(
      `--data: ${this.file}: line ${this.table.lines[row]}, ${this.title(column)} is ${data[at]}; inputs must be finite`,
    );
  }

  /** Labels as numbers, one-hot rows or words. */
  cells(labels: readonly number[], rows: readonly number[]) {
    const { texts, data, shape } = this.table;
    const [only] = labels;
    if (labels.length === 1 && texts.has(only)) return rows.map((row) => texts.get(only)![row]);
    const words = labels.find((column) => texts.has(column));
    if (words !== undefined) this.refuseText(words);
    return {
      shape: labels.length === 1 ? [rows.length] : [rows.length, labels.length],
      data: Float64Array.from(rows.flatMap((row) => labels.map((column) => data[row * shape[1] + column]))),
    };
  }

  notes(index: readonly number[], features: readonly number[], kept: number): readonly string[] {
    const [count] = this.table.shape;
    const { names } = this.table;
    const counting = features.filter((column) => this.countsRows(column));
    return [
      ...counting.map(
        (column) =>
          `${this.title(column)} counts the rows: if it is no feature, say --drop ${names?.[column] ?? column + 1}`,
      ),
      ...index.map((column) => `${this.title(column)} counts the rows or is empty; it is left out`),
      ...(kept < count ? [`${count - kept} of ${count} rows have missing values; they are left out`] : []),
    ];
  }
}
