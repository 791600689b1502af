import { CertificateError } from './certificateError.js';

export interface JsonLimits {
  readonly maxCharacters: number;
  readonly maxDepth: number;
  readonly maxValues: number;
}

/**
 * JSON from a stranger: RFC 8259 and nothing beside it. Refused are depth and size over the limits, a key given twice (readers
 * disagree on which one counts), `__proto__` and its kin, and numbers that overflow or that a double cannot tell from their
 * neighbours by more than 40 characters.
 * @throws CertificateError with the position of the first offence
 */
export function strictJson(text: string, { maxCharacters, maxDepth, maxValues }: JsonLimits): unknown {
  let at = 0;
  let values = 0;
  const fail = (problem: string): never => {
    throw new CertificateError(`character ${at}`, problem);
  };
  if (text.length > maxCharacters)
    fail(`is beyond reach: the text has ${text.length} characters, at most ${maxCharacters} are read`);
  const space = (): void => {
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code !== 32 && code !== 9 && code !== 10 && code !== 13) return;
    }
  };
  const word = (expected: string, value: boolean | null): boolean | null => {
    if (!text.startsWith(expected, at)) fail(`must begin a JSON value, got ${shown(text, at)}`);
    at += expected.length;
    return value;
  };
  const string = (): string => {
    const start = at;
    if (text[at] !== '"') fail(`must begin a string, got ${shown(text, at)}`);
    for (at++; text[at] !== '"'; at++) {
      if (at >= text.length) fail('ends inside a string');
      if (text.charCodeAt(at) < 32) fail('is a control character inside a string');
      if (text[at] !== '\\') continue;
      const escape = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(text.slice(at, at + 6));
      if (escape === null) return fail('is no escape that JSON knows');
      at += escape[0].length - 1;
    }
    at++;
    return JSON.parse(text.slice(start, at)) as string;
  };
  const number = (): number => {
    const found = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/.exec(text.slice(at, at + 42));
    if (found === null) return fail(`must begin a JSON value, got ${shown(text, at)}`);
    if (found[0].length > 40) fail('begins a number of more than 40 characters');
    const value = Number(found[0]);
    if (!Number.isFinite(value)) fail(`begins a number that overflows: ${found[0]}`);
    at += found[0].length;
    return value;
  };
  const value = (depth: number): unknown => {
    if (depth > maxDepth) fail(`is nested more than ${maxDepth} deep`);
    if (++values > maxValues) fail(`begins value number ${values}, at most ${maxValues} are read`);
    space();
    const first = text[at];
    if (first === '{') return object(depth);
    if (first === '[') return array(depth);
    if (first === '"') return string();
    if (first === 't') return word('true', true);
    if (first === 'f') return word('false', false);
    if (first === 'n') return word('null', null);
    return number();
  };
  const array = (depth: number): unknown[] => {
    const items: unknown[] = [];
    at++;
    space();
    if (text[at] === ']') at++;
    else for (let more = true; more; more = next(']')) items.push(value(depth + 1));
    return items;
  };
  const object = (depth: number): Record<string, unknown> => {
    const members: [string, unknown][] = [];
    const keys = new Set<string>();
    at++;
    space();
    if (text[at] === '}') at++;
    else
      for (let more = true; more; more = next('}')) {
        space();
        const key = string();
        if (keys.has(key)) fail(`follows the key ${JSON.stringify(key)}, which is given twice`);
        if (key === '__proto__' || key === 'constructor' || key === 'prototype')
          fail(`follows the forbidden key ${key}`);
        keys.add(key);
        space();
        if (text[at] !== ':') fail(`must be a colon, got ${shown(text, at)}`);
        at++;
        members.push([key, value(depth + 1)]);
      }
    return Object.fromEntries(members);
  };
  /** After an element: a comma means there is another one. */
  const next = (close: string): boolean => {
    space();
    const found = text[at];
    if (found !== ',' && found !== close) fail(`must be a comma or ${close}, got ${shown(text, at)}`);
    at++;
    return found === ',';
  };
  const result = value(0);
  space();
  if (at < text.length) fail(`comes after the end of the JSON value: ${shown(text, at)}`);
  return result;
}

function shown(text: string, at: number): string {
  return at >= text.length ? 'the end' : JSON.stringify(text.slice(at, at + 12));
}
