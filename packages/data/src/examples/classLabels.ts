import { refuse, requireInteger, typedArrayName } from '@hyperribbon/contract';
import { quote } from '../formats/formatError.js';
import type { ShapedArray } from './shapedArray.js';

export interface ClassLabelsOptions {
  /** how many classes there are, where that is known: a network tells so many apart. Default: as the labels say */
  readonly classes?: number;
  /** what class 0, 1, … are called, where another part of the data has told: its `names` */
  readonly names?: readonly (number | string)[];
}

/** Labels as numbers of classes. */
export interface ClassLabels {
  /** (count,) in [0, classes) */
  readonly labels: Int32Array;
  /** at least 2 */
  readonly classes: number;
  /** what the data call class 0, 1, …; absent where the labels are these numbers themselves */
  readonly names?: readonly (number | string)[];
}

const caller = 'classLabels';

/**
 * Numbers of classes from labels as people write them: whole numbers, words, one-hot rows.
 *
 * Whole numbers of which 0 is one, and which leave out less than half of the numbers up to the largest, are classes as they stand; so is
 * whatever fits into `classes`. Others, such as 1 to 3, −1 and 1, 2 and 4 or words, are names of classes: the distinct ones in ascending order
 * are class 0, 1, …, and come back as `names`.
 *
 * @param labels (count,) or (count, 1) whole numbers or bools, (count, k) one-hot rows, or a list of words
 * @throws ArgumentError for labels that tell no classes: fractions, more than ten different ones among fewer than twice as many examples (ids and
 * measurements), labels that do not fit `classes` or `names`
 * Cost: two passes.
 * @example
 * classLabels({ shape: [3], data: Uint8Array.of(2, 4, 2) }); // labels 0, 1, 0; classes 2; names 2, 4
 * classLabels(['cat', 'ant']).names; // ['ant', 'cat']
 */
export function classLabels(
  labels: ShapedArray | readonly string[],
  { classes, names }: ClassLabelsOptions = {},
): ClassLabels {
  if (classes !== undefined) requireInteger(caller, 'classes', classes, 2);
  if (Array.isArray(labels)) return named(labels as readonly string[], classes, names);
  const values = wholeNumbers(labels as ShapedArray);
  if (values.length === 0) return { labels: new Int32Array(0), classes: classes ?? Math.max(2, names?.length ?? 0) };
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  const largest = distinct[distinct.length - 1] ?? 0;
  const counts = distinct[0] >= 0;
  if (names === undefined && classes !== undefined && counts && largest < classes)
    return { labels: Int32Array.from(values), classes };
  if (names === undefined && classes === undefined) {
    if (counts && distinct.length === 1 && largest < 0x7fff_ffff)
      return { labels: Int32Array.from(values), classes: Math.max(2, largest + 1) };
    requireFew(distinct.length, values.length);
    if (distinct[0] === 0 && 2 * distinct.length > largest + 1)
      return { labels: Int32Array.from(values), classes: Math.max(2, largest + 1) };
  }
  return coded(Array.from(values), distinct, classes, names);
}

function named(
  labels: readonly string[],
  classes: number | undefined,
  names: readonly (number | string)[] | undefined,
): ClassLabels {
  const distinct = [...new Set(labels)].sort((a, b) => (a < b ? -1 : Number(a > b)));
  if (classes === undefined) requireFew(distinct.length, labels.length);
  return coded(labels, distinct, classes, names);
}

/** Classes by the order of their names. */
function coded<T extends number | string>(
  labels: readonly T[],
  distinct: readonly T[],
  classes: number | undefined,
  names: readonly (number | string)[] = distinct,
): ClassLabels {
  const numbers = new Map(names.map((name, i) => [name, i]));
  const strange = distinct.find((label) => !numbers.has(label));
  if (strange !== undefined) refuse(caller, `label ${shown(strange)} is none of the classes ${listed(names)}`);
  if (classes !== undefined && names.length !== classes)
    refuse(
      caller,
      `labels must be in [0, ${classes}), or ${classes} different ones, got label ${listed(distinct)}: ${distinct.length} different`,
    );
  return {
    labels: Int32Array.from(labels, (label) => numbers.get(label)!),
    classes: Math.max(2, names.length),
    names,
  };
}

const shown = (label: number | string): string => (typeof label === 'string' ? quote(label) : String(label));

/** The first of some labels, for messages. */
function listed(labels: readonly (number | string)[]): string {
  return `${labels.slice(0, 5).map(shown).join(', ')}${labels.length > 5 ? ', …' : ''}`;
}

function requireFew(different: number, count: number): void {
  if (different > 10 && 2 * different > count)
    refuse(
      caller,
      `${different} different labels among ${count} examples are ids or measurements, not classes; labels must say which class each example is of`,
    );
}

function wholeNumbers({ shape, data }: ShapedArray): Float64Array {
  const [count, columns = 1] = shape;
  if (typedArrayName(data) === '' || shape.length > 2 || shape.length === 0 || count * columns !== data.length)
    refuse(caller, `labels must have shape (count,), or (count, classes) one-hot, got [${shape.join(', ')}]`);
  return columns > 1 ? fromOneHot(data, count, columns) : Float64Array.from(data as ArrayLike<number>, requireWhole);
}

function requireWhole(value: number | bigint, i: number): number {
  const label = Number(value);
  if (!Number.isSafeInteger(label))
    refuse(caller, `labels must be integers, got ${label} at index ${i}; bin measurements into classes first`);
  return label;
}

/** The place of the 1 of each row. */
function fromOneHot(data: ShapedArray['data'], count: number, columns: number): Float64Array {
  const values = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    let ones = 0;
    for (let column = 0; column < columns; column++) {
      const value = Number(data[row * columns + column]);
      if (value === 1) {
        ones++;
        values[row] = column;
      } else if (value !== 0) ones = columns + 1;
    }
    if (ones !== 1)
      refuse(
        caller,
        `labels of shape [${count}, ${columns}] must be one-hot, a single 1 among zeros, but row ${row} is not`,
      );
  }
  return values;
}
