import { FormatError, quote } from './formatError.js';
import { TextScanner } from './textScanner.js';

/** What the dictionary of an npy header says. */
export interface NpyHeader {
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

/**
 * Reads the one Python literal that npy headers consist of, {'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), },
 * by hand and in one pass: nothing is evaluated, other keys, nested literals and other spellings of a number are refused.
 * Python 2's long suffix, (3L, 2L), is accepted as NumPy accepts it.
 */
export function parseNpyHeader(text: string): NpyHeader {
  const scan = new TextScanner('npy', text);
  let descr: string | undefined;
  let fortranOrder: boolean | undefined;
  let shape: number[] | undefined;
  scan.expect('{');
  while (!scan.accept('}')) {
    const key = stringLiteral(scan);
    scan.expect(':');
    if (key === 'descr' && descr === undefined) descr = elementCode(scan);
    else if (key === 'fortran_order' && fortranOrder === undefined) {
      fortranOrder = scan.accept('True');
      if (!fortranOrder) scan.expect('False');
    } else if (key === 'shape' && shape === undefined) shape = tuple(scan);
    else scan.fail(`the key ${quote(key)} is unknown or appears twice`);
    if (scan.accept(',')) continue;
    scan.expect('}');
    break;
  }
  scan.end();
  if (descr === undefined || fortranOrder === undefined || shape === undefined)
    return scan.fail("'descr', 'fortran_order' and 'shape' must all be there");
  return { descr, fortranOrder, shape };
}

function elementCode(scan: TextScanner): string {
  scan.space();
  if (scan.next === '[')
    throw new FormatError('npy', 'structured arrays are not supported; save each field as an array of its own', {
      unsupported: true,
    });
  return stringLiteral(scan);
}

function stringLiteral(scan: TextScanner): string {
  scan.space();
  const mark = scan.next;
  if (mark !== "'" && mark !== '"') scan.fail('expected a quoted string');
  const end = scan.text.indexOf(mark, scan.at + 1);
  if (end < 0 || end - scan.at > 100) scan.fail('the string does not end');
  const value = scan.text.slice(scan.at + 1, end);
  if (value.includes('\\')) scan.fail('escapes are not allowed in strings');
  scan.at = end + 1;
  return value;
}

function tuple(scan: TextScanner): number[] {
  const values: number[] = [];
  scan.expect('(');
  while (!scan.accept(')')) {
    values.push(scan.integer());
    if (scan.next === 'L') scan.at++;
    if (scan.accept(',')) continue;
    if (values.length === 1) scan.fail('a tuple of one dimension is written (n,)');
    scan.expect(')');
    break;
  }
  return values;
}
