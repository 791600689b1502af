import { CertificateError } from './certificateError.js';

export interface JsonLimits {
  readonly maxCharacters: number;
  readonly maxDepth: number;
  readonly maxValues: number;
}

/** How far a text is read. */
interface Reader {
  readonly text: string;
  readonly limits: JsonLimits;
  at: number;
  values: number;
}

/**
 * JSON from a stranger: RFC 8259 and nothing beside it. Refused are depth and size over the limits, a key given twice (readers
 * disagree on which one counts), `__proto__` and its kin, and numbers that overflow or that a double cannot tell from their
 * neighbours by more than 40 characters.
 * @throws CertificateError with the position of the first offence
 */
export function strictJson(text: string, limits: JsonLimits): unknown {
  const reader: Reader = { text, limits, at: 0, values: 0 };
  if (text.length > limits.maxCharacters)
    fail(reader, `is beyond reach: the text has ${text.length} characters, at most ${limits.maxCharacters} are read`);
  const result = valueOf(reader, 0);
  space(reader);
  if (reader.at < text.length) fail(reader, `comes after the end of the JSON value: ${shown(reader)}`);
  return result;
}

function fail(reader: Reader, problem: string): never {
  throw new CertificateError(`character ${reader.at}`, problem);
}

function shown(reader: Reader): string {
  return reader.at >= reader.text.length ? 'the end' : JSON.stringify(reader.text.slice(reader.at, reader.at + 12));
}

function space(reader: Reader): void {
  while (' \t\n\r'.includes(reader.text[reader.at] ?? '?')) reader.at++;
}

function valueOf(reader: Reader, depth: number): unknown {
  const { maxDepth, maxValues } = reader.limits;
  if (depth > maxDepth) fail(reader, `is nested more than ${maxDepth} deep`);
  if (++reader.values > maxValues) fail(reader, `begins value number ${reader.values}, at most ${maxValues} are read`);
  space(reader);
  const first = reader.text[reader.at];
  if (first === '{') return object(reader, depth);
  if (first === '[') return array(reader, depth);
  if (first === '"') return string(reader);
  if (first === 't') return word(reader, 'true', true);
  if (first === 'f') return word(reader, 'false', false);
  if (first === 'n') return word(reader, 'null', null);
  return number(reader);
}

function word(reader: Reader, expected: string, value: boolean | null): boolean | null {
  if (!reader.text.startsWith(expected, reader.at)) fail(reader, `must begin a JSON value, got ${shown(reader)}`);
  reader.at += expected.length;
  return value;
}

function string(reader: Reader): string {
  const { text } = reader;
  const start = reader.at;
  if (text[reader.at] !== '"') fail(reader, `must begin a string, got ${shown(reader)}`);
  for (reader.at++; text[reader.at] !== '"'; reader.at++) {
    if (reader.at >= text.length) fail(reader, 'ends inside a string');
    if (text.charCodeAt(reader.at) < 32) fail(reader, 'is a control character inside a string');
    if (text[reader.at] !== '\\') continue;
    const escape = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(text.slice(reader.at, reader.at + 6));
    if (escape === null) return fail(reader, 'is no escape that JSON knows');
    reader.at += escape[0].length - 1;
  }
  reader.at++;
  return JSON.parse(text.slice(start, reader.at)) as string;
}

function number(reader: Reader): number {
  const found = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/.exec(
    reader.text.slice(reader.at, reader.at + 42),
  );
  if (found === null) return fail(reader, `must begin a JSON value, got ${shown(reader)}`);
  if (found[0].length > 40) fail(reader, 'begins a number of more than 40 characters');
  const value = Number(found[0]);
  if (!Number.isFinite(value)) fail(reader, `begins a number that overflows: ${found[0]}`);
  reader.at += found[0].length;
  return value;
}

function array(reader: Reader, depth: number): unknown[] {
  const items: unknown[] = [];
  for (let more = opens(reader, ']'); more; more = next(reader, ']')) items.push(valueOf(reader, depth + 1));
  return items;
}

function object(reader: Reader, depth: number): Record<string, unknown> {
  const members = new Map<string, unknown>();
  for (let more = opens(reader, '}'); more; more = next(reader, '}')) {
    space(reader);
    const key = string(reader);
    if (members.has(key)) fail(reader, `follows the key ${JSON.stringify(key)}, which is given twice`);
    if (key === '__proto__' || key === 'constructor' || key === 'prototype')
      fail(reader, `follows the forbidden key ${key}`);
    space(reader);
    if (reader.text[reader.at] !== ':') fail(reader, `must be a colon, got ${shown(reader)}`);
    reader.at++;
    members.set(key, valueOf(reader, depth + 1));
  }
  return Object.fromEntries(members);
}

/** After an opening bracket: whether there is an element. */
function opens(reader: Reader, close: string): boolean {
  reader.at++;
  space(reader);
  if (reader.text[reader.at] !== close) return true;
  reader.at++;
  return false;
}

/** After an element: a comma means there is another one. */
function next(reader: Reader, close: string): boolean {
  space(reader);
  const found = reader.text[reader.at];
  if (found !== ',' && found !== close) fail(reader, `must be a comma or ${close}, got ${shown(reader)}`);
  reader.at++;
  return found === ',';
}
