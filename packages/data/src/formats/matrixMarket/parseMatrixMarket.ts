import { refuse, requireOneOf, requireOnly, requireOptions } from '@hyperribbon/contract';
import { numberOf } from '../csvCells.js';
import { FormatError, quote, requireBytes } from '../formatError.js';
import { gunzip, isGzip } from '../gunzip.js';
import { expandArray, expandEntries } from './expandSymmetry.js';
import { findRepeatedEntry } from './findRepeatedEntry.js';
import { type MarketField, type MarketHeader, type MarketSymmetry, readHeader } from './marketHeader.js';
import { MarketLines } from './marketLines.js';

export interface MatrixMarketOptions {
  /** true (default): all entries of a symmetric, skew-symmetric or hermitian matrix; false: the lower triangle, as the file has it. Arrays are always whole */
  readonly expand?: boolean;
  /** entries of one place: 'reject' (default), or 'keep', for coo to add them */
  readonly duplicates?: 'reject' | 'keep';
  /** most bytes of the text (default 2 GiB), after inflation where it is gz */
  readonly memoryLimit?: number;
}

interface MarketMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly field: MarketField;
  /** what the file said */
  readonly symmetry: MarketSymmetry;
  /** all entries are there; false: the lower triangle alone, of which `symmetry` says what follows */
  readonly expanded: boolean;
  /** (nnz,), or (nnz, 2) where the field is complex, real and imaginary parts beside each other; 1 where it is pattern */
  readonly values: Float64Array;
}

/** Entries in the order of the file, those of mirrored places behind; indices from 0. What coo takes, unless it is complex. */
export interface MatrixMarketEntries extends MarketMatrix {
  readonly layout: 'coordinate';
  readonly rowIndices: Int32Array;
  readonly columnIndices: Int32Array;
}

/** A dense matrix, row-major. */
export interface MatrixMarketArray extends MarketMatrix {
  readonly layout: 'array';
}

/**
 * Reads a matrix in Matrix Market format (.mtx, .mtx.gz): coordinate and array; real, integer, complex and pattern; general, symmetric,
 * skew-symmetric and hermitian. Words of the first line in any case, comments and blank lines anywhere behind it, LF or CRLF.
 *
 * @param bytes the whole file
 * @returns entries with indices from 0, or a row-major array; complex numbers interleaved, which `field` tells
 * @throws FormatError naming the line: sizes that the file cannot hold (nothing is allocated for them), indices out of range, entries above the
 * diagonal of a matrix given by its lower triangle, a diagonal that skew symmetry or hermitian symmetry excludes, entries of one place, numbers that are none,
 * not finite or, where integers, above 2⁵³, too few lines or too many. ArgumentError for options
 * Cost: one pass over the text; 20 bytes an entry, twice that for a moment where it is expanded.
 * @example
 * const file = new TextEncoder().encode('%%MatrixMarket matrix coordinate real symmetric\n2 2 2\n1 1 2\n2 1 -1\n');
 * const { rowIndices, columnIndices, values } = parseMatrixMarket(file); // 0, 1, 0 · 0, 0, 1 · 2, -1, -1
 * Source: [boisvert1996].
 */
export function parseMatrixMarket(
  bytes: Uint8Array,
  options: MatrixMarketOptions = {},
): MatrixMarketEntries | MatrixMarketArray {
  requireOptions('parseMatrixMarket', options);
  requireOnly('parseMatrixMarket', options, ['expand', 'duplicates', 'memoryLimit']);
  const { expand = true, duplicates = 'reject', memoryLimit = 2 ** 31 } = options;
  requireBytes('parseMatrixMarket', bytes, { memoryLimit });
  if (typeof expand !== 'boolean') refuse('parseMatrixMarket', `expand must be true or false, got ${String(expand)}`);
  requireOneOf('parseMatrixMarket', 'duplicates', duplicates, ['reject', 'keep']);
  const text = isGzip(bytes) ? gunzip(bytes, { memoryLimit }) : bytes;
  if (text.length > memoryLimit)
    throw new FormatError('matrix-market', `the file has ${text.length} bytes, memoryLimit is ${memoryLimit}`);
  const lines = new MarketLines(text);
  const header = readHeader(lines);
  const read = header.layout === 'array' ? readArray(lines, header) : readEntries(lines, header, duplicates, expand);
  if (lines.advanceToWords()) lines.fail(`${header.entries} entries were announced, and more follow`);
  return read;
}

function readEntries(
  lines: MarketLines,
  header: MarketHeader,
  duplicates: 'reject' | 'keep',
  expand: boolean,
): MatrixMarketEntries {
  const { rows, columns, field, symmetry, entries } = header;
  const width = field === 'complex' ? 2 : 1;
  const [rowIndices, columnIndices] = [new Int32Array(entries), new Int32Array(entries)];
  const places = new Int32Array(entries);
  const values = new Float64Array(width * entries);
  const read = valueReader(lines, field, values);
  for (let p = 0; p < entries; p++) {
    if (!lines.advanceToWords()) lines.fail(`the file ends after ${p} of ${entries} entries`);
    const i = lines.integer('the row', 1, rows);
    const j = lines.integer('the column', 1, columns);
    read(p);
    lines.endLine();
    if (symmetry !== 'general') requirePlace(lines, symmetry, i, j, values.subarray(width * p, width * (p + 1)));
    rowIndices[p] = i - 1;
    columnIndices[p] = j - 1;
    places[p] = lines.line;
  }
  const again = duplicates === 'reject' ? findRepeatedEntry(rowIndices, columnIndices) : undefined;
  if (again !== undefined) {
    const [first, second] = [places[again.first], places[again.second]];
    const place = `(${rowIndices[again.first] + 1}, ${columnIndices[again.first] + 1})`;
    throw new FormatError(
      'matrix-market',
      `line ${second}: the entry ${place} stands in line ${first} too; say duplicates: 'keep' to add them`,
    );
  }
  const expanded = expand || symmetry === 'general';
  const stored = { rowIndices, columnIndices, values };
  const all = expanded ? expandEntries(stored, symmetry, width) : stored;
  return { layout: 'coordinate', rows, columns, field, symmetry, expanded, ...all };
}

function readArray(lines: MarketLines, { rows, columns, field, symmetry, entries }: MarketHeader): MatrixMarketArray {
  const width = field === 'complex' ? 2 : 1;
  const values = new Float64Array(width * entries);
  const read = valueReader(lines, field, values);
  for (let p = 0; p < entries; p++) {
    if (!lines.advanceToWords()) lines.fail(`the file ends after ${p} of ${entries} entries`);
    read(p);
    lines.endLine();
  }
  const whole = expandArray(values, rows, columns, symmetry, width);
  if (typeof whole === 'number')
    throw new FormatError(
      'matrix-market',
      `the diagonal of a hermitian matrix must be real, got an imaginary part in row ${whole + 1}`,
    );
  return { layout: 'array', rows, columns, field, symmetry, expanded: true, values: whole };
}

/** An entry that a triangle of the given symmetry may hold. */
function requirePlace(lines: MarketLines, symmetry: MarketSymmetry, i: number, j: number, value: Float64Array): void {
  if (j > i) lines.fail(`(${i}, ${j}) lies above the diagonal; a ${symmetry} matrix is given by its lower triangle`);
  if (i !== j) return;
  if (symmetry === 'skew-symmetric')
    lines.fail(`(${i}, ${i}) lies on the diagonal, which is zero in a skew-symmetric matrix`);
  if (symmetry === 'hermitian' && value[1] !== 0)
    lines.fail(`the diagonal of a hermitian matrix must be real, got ${value[1]} i in (${i}, ${i})`);
}

/** Reads the value of entry p from the line at hand. */
function valueReader(lines: MarketLines, field: MarketField, values: Float64Array): (p: number) => void {
  const number = (what: string): number => {
    const word = lines.word(what);
    const value = numberOf(word);
    if (value === undefined || !/\d$|\.$/.test(word)) return lines.fail(`${what} must be a number, got ${quote(word)}`);
    if (!Number.isFinite(value)) return lines.fail(`${what} is too large for float64, got ${quote(word)}`);
    return value;
  };
  if (field === 'pattern') return (p) => void (values[p] = 1);
  if (field === 'real') return (p) => void (values[p] = number('the value'));
  if (field === 'complex')
    return (p) => {
      values[2 * p] = number('the real part');
      values[2 * p + 1] = number('the imaginary part');
    };
  return (p) => {
    const value = number('the value');
    if (!Number.isSafeInteger(value)) lines.fail(`the value must be an integer within ±(2^53 - 1), got ${value}`);
    values[p] = value;
  };
}
