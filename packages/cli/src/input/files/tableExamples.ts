import { parseTable, type ShapedArray, type Table } from '@hyperribbon/data';
import { UsageError } from '../../usageError.js';
import { Columns } from './columns.js';
import { labelled, type FileExamples, type Labelled, type LabelledOptions } from './labelled.js';
import type { SourceOptions } from '../sourceOptions.js';

/** What is known of a table before it is read. */
export interface KnownTable
  extends Pick<LabelledOptions, 'classes' | 'names' | 'wanted' | 'unlabelled' | 'standardize'> {
  /** labels from a file of their own */
  readonly beside?: Labelled['labels'];
}

/** Examples of a table: the labels are its last column, or the one that was named, or come from a file of their own. */
export function tableExamples(
  file: string,
  bytes: Uint8Array,
  options: SourceOptions,
  { beside, wanted, ...known }: KnownTable = {},
): FileExamples {
  const { header, target, drop, missing = 'refuse' } = options;
  const table = parseTable(bytes, header === undefined ? {} : { header: header === 'true' });
  const columns = new Columns(file, table);
  const index = columns.rowNumbers();
  const dropped = new Set([...index, ...columns.named(drop, '--drop')]);
  const labels = answerColumns(columns, dropped, options, { beside, unlabelled: known.unlabelled });
  const features = columns.all.filter((column) => !dropped.has(column) && !labels.includes(column));
  if (features.length === 0)
    throw new UsageError(
      `--data: ${file} has ${table.shape[1]} column${table.shape[1] === 1 ? '' : 's'}; features and a label make at least two`,
    );
  columns.requireNumbers(features);
  const rows = columns.wholeRows([...features, ...labels], missing);
  const data = new Float64Array(rows.length * features.length);
  for (const [i, row] of rows.entries())
    for (const [j, column] of features.entries())
      data[i * features.length + j] = table.data[row * table.shape[1] + column];
  columns.requireFinite(data, rows, features);
  const own = labels.length === 0 ? rowsOf(beside, rows, table.shape[0]) : columns.cells(labels, rows);
  const result = labelled(
    { inputs: { shape: [rows.length, features.length], data }, labels: own },
    {
      ...known,
      wanted: target === undefined ? wanted : 'real',
      targets: labels.length === 0 ? undefined : labels.map((column) => columns.title(column)),
      called: columns.classNames(labels),
      features: features.map((column) => columns.title(column)),
    },
  );
  return { ...result, notes: [...columns.notes(index, features, rows.length), ...result.notes] };
}

/** The columns of labels or targets; none where all columns are features. */
function answerColumns(
  columns: Columns,
  dropped: ReadonlySet<number>,
  { labelColumn, target }: SourceOptions,
  { beside, unlabelled = false }: KnownTable,
): readonly number[] {
  if (target !== undefined && labelColumn !== undefined)
    throw new UsageError('--target and --label-column: give one of the two');
  const none = labelColumn === 'none' && !columns.has('none');
  if (beside !== undefined && !none)
    throw new UsageError(
      '--labels: the labels of a csv file are its last column, or --label-column; where all of its columns are features say --label-column none',
    );
  if (none && beside === undefined && !unlabelled)
    throw new UsageError('--label-column: none, but labels are needed here; name their file with --labels');
  if (none) return [];
  return target === undefined ? columns.labels(labelColumn, dropped) : columns.chosen(target, '--target', dropped);
}

/** The labels of the rows that are left. */
function rowsOf(labels: Labelled['labels'], rows: readonly number[], count: number): Labelled['labels'] {
  if (labels === undefined || rows.length === count) return labels;
  const own = Array.isArray(labels) ? labels.length : (labels as ShapedArray).shape[0];
  // of another number they are refused beside the inputs
  if (own !== count) return labels;
  if (Array.isArray(labels)) return rows.map((row) => labels[row] as string);
  const { shape, data } = labels as ShapedArray;
  const width = data.length / count;
  const left = Float64Array.from({ length: rows.length * width }, (_, i) =>
    Number(data[rows[Math.floor(i / width)] * width + (i % width)]),
  );
  return { shape: [rows.length, ...shape.slice(1)], data: left };
}

/** A table whose first line names its column, unless the word is a label of others too. */
function labelTable(bytes: Uint8Array): Table {
  const table = parseTable(bytes);
  const [name] = table.names ?? [];
  const alone = table.shape[1] === 1 && table.texts.get(0)?.includes(name) === true;
  return alone ? parseTable(bytes, { header: false }) : table;
}

/** Labels or targets from a table of nothing else: one column, or several of a one-hot label or of targets. */
export function tableLabels(file: string, bytes: Uint8Array): NonNullable<Labelled['labels']> {
  const columns = new Columns(file, labelTable(bytes));
  const index = columns.rowNumbers();
  const own = columns.all.filter((column) => !index.includes(column));
  if (own.length === 0) throw new UsageError(`${file} holds no labels`);
  return columns.cells(own, columns.wholeRows(own, 'refuse'));
}
