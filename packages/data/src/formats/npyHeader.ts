import { FormatError, quote } from './formatError.js';

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
  let at = 0;
  const fail = (what: string): never => {
    throw new FormatError('npy', `the header is malformed at character ${at}: ${what}; the header is ${quote(text)}`);
  };
  const space = (): void => {
    while (at < text.length && ' \t\r\n'.includes(text[at])) at++;
  };
  const accept = (token: string): boolean => {
    space();
    if (!text.startsWith(token, at)) return false;
    at += token.length;
    return true;
  };
  const expect = (token: string): void => {
    if (!accept(token)) fail(`expected ${token}`);
  };
  const string = (): string => {
    space();
    const mark = text[at];
    if (mark !== "'" && mark !== '"') fail('expected a quoted string');
    const end = text.indexOf(mark, at + 1);
    if (end < 0 || end - at > 100) fail('the string does not end');
    const value = text.slice(at + 1, end);
    if (value.includes('\\')) fail('escapes are not allowed in strings');
    at = end + 1;
    return value;
  };
  const integer = (): number => {
    space();
    const start = at;
    while (text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at++;
    if (at === start) fail('expected a decimal dimension');
    if (at - start > 1 && text[start] === '0') fail('dimensions have no leading zeros');
    const value = Number(text.slice(start, at));
    if (!Number.isSafeInteger(value)) fail('the dimension is above 2^53 - 1');
    if (text[at] === 'L') at++;
    return value;
  };
  const tuple = (): number[] => {
    expect('(');
    const values: number[] = [];
    while (!accept(')')) {
      values.push(integer());
      if (accept(',')) continue;
      if (values.length === 1) fail('a tuple of one dimension is written (n,)');
      expect(')');
      break;
    }
    return values;
  };

  let descr: string | undefined;
  let fortranOrder: boolean | undefined;
  let shape: number[] | undefined;
  expect('{');
  while (!accept('}')) {
    const key = string();
    expect(':');
    if (key === 'descr' && descr === undefined) {
      space();
      if (text[at] === '[') fail('structured arrays are not supported; save each field as an array of its own');
      descr = string();
    } else if (key === 'fortran_order' && fortranOrder === undefined) {
      fortranOrder = accept('True');
      if (!fortranOrder) expect('False');
    } else if (key === 'shape' && shape === undefined) {
      shape = tuple();
    } else fail(`the key ${quote(key)} is unknown or appears twice`);
    if (accept(',')) continue;
    expect('}');
    break;
  }
  space();
  if (at !== text.length) fail('text follows the dictionary');
  if (descr === undefined || fortranOrder === undefined || shape === undefined) {
    return fail("'descr', 'fortran_order' and 'shape' must all be there");
  }
  return { descr, fortranOrder, shape };
}
