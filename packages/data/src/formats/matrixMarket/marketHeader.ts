import { quote } from '../formatError.js';
import type { MarketLines } from './marketLines.js';

/** What the first line and the line of sizes say. */
export interface MarketHeader {
  readonly layout: 'coordinate' | 'array';
  readonly field: MarketField;
  readonly symmetry: MarketSymmetry;
  readonly rows: number;
  readonly columns: number;
  /** lines that must follow, one entry each */
  readonly entries: number;
}

/** What entries are; pattern: places alone. */
export type MarketField = 'real' | 'integer' | 'complex' | 'pattern';

/** How the part that a file does not hold follows from the lower triangle, which it holds. */
export type MarketSymmetry = 'general' | 'symmetric' | 'skew-symmetric' | 'hermitian';

const MOST = 2 ** 31 - 1;

/** Reads up to and with the line of sizes; nothing is allocated. @throws FormatError */
export function readHeader(lines: MarketLines): MarketHeader {
  if (!lines.advance()) lines.fail('the file is empty');
  const first = lines.text();
  const [banner, object, layout, field, symmetry, ...more] = first
    .trim()
    .toLowerCase()
    .split(/[ \t]+/);
  if (banner !== '%%matrixmarket') lines.fail(`must begin with %%MatrixMarket, got ${quote(first)}`);
  if (object !== 'matrix') lines.fail(`only matrices are read, got ${quote(object ?? '')}`);
  const layouts = { coordinate: 'coordinate', array: 'array' } as const;
  const fields = {
    real: 'real',
    double: 'real',
    integer: 'integer',
    'unsigned-integer': 'integer',
    complex: 'complex',
    pattern: 'pattern',
  } as const;
  const symmetries = {
    general: 'general',
    symmetric: 'symmetric',
    'skew-symmetric': 'skew-symmetric',
    hermitian: 'hermitian',
  } as const;
  const named = {
    layout: oneOf(lines, 'the layout', layout, layouts),
    field: oneOf(lines, 'the field', field, fields),
    symmetry: oneOf(lines, 'the symmetry', symmetry, symmetries),
  };
  if (more.length > 0) lines.fail(`${quote(more.join(' '))} follows what the line should hold`);
  if (named.field === 'pattern' && (named.layout === 'array' || /skew|herm/.test(named.symmetry)))
    lines.fail(`a pattern must be coordinate and general or symmetric, got ${named.layout} ${named.symmetry}`);
  if (named.symmetry === 'hermitian' && named.field !== 'complex')
    lines.fail(`a hermitian matrix must be complex, got ${named.field}`);
  return { ...named, ...readSizes(lines, named.layout, named.symmetry, named.field) };
}

function readSizes(
  lines: MarketLines,
  layout: MarketHeader['layout'],
  symmetry: MarketSymmetry,
  field: MarketField,
): Pick<MarketHeader, 'rows' | 'columns' | 'entries'> {
  if (!lines.advanceToWords()) lines.fail('the file ends before the line of sizes');
  const rows = lines.integer('the number of rows', 0, MOST);
  const columns = lines.integer('the number of columns', 0, MOST);
  if (symmetry !== 'general' && rows !== columns)
    lines.fail(`a ${symmetry} matrix must be square, got ${rows} rows, ${columns} columns`);
  const triangle = symmetry === 'skew-symmetric' ? (rows * (rows - 1)) / 2 : (rows * (rows + 1)) / 2;
  const places = symmetry === 'general' ? rows * columns : triangle;
  const entries = layout === 'array' ? places : lines.integer('the number of entries', 0, MOST);
  lines.endLine();
  if (entries > places && entries > 0)
    lines.fail(`${entries} entries are said to lie in ${places} places; the line of sizes is wrong`);
  // shortest lines: '1\n', '1 1\n', each word of a value two bytes more; the last end of line may be missing
  const words = field === 'complex' ? 2 : field === 'pattern' ? 0 : 1;
  const least = (layout === 'array' ? 2 * words : 4 + 2 * words) * entries - 1;
  if (lines.left < least)
    lines.fail(
      `${entries} entries take at least ${least} bytes, ${lines.left} follow; the file is cut short or the size wrong`,
    );
  return { rows, columns, entries };
}

function oneOf<T extends string>(
  lines: MarketLines,
  what: string,
  word: string | undefined,
  allowed: Readonly<Record<string, T>>,
): T {
  const known = Object.entries(allowed).find(([name]) => name === word);
  return known === undefined
    ? lines.fail(`${what} must be one of ${Object.keys(allowed).join(', ')}, got ${quote(word ?? '')}`)
    : known[1];
}
