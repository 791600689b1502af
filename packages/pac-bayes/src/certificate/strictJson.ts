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
export function strictJson(text: string, limits: JsonLimits): unknown {
  const reader = new JsonReader(text, limits);
  if (text.length > limits.maxCharacters)
    reader.fail(`is beyond reach: the text has ${text.length} characters, at most ${limits.maxCharacters} are read`);
  const result = reader.value(0);
  reader.space();
  if (reader.at < text.length) reader.fail(`comes after the end of the JSON value: ${reader.shown()}`);
  return result;
}

class JsonReader {
  at = 0;
  private values = 0;
  private readonly text: string;
  private readonly limits: JsonLimits;

  constructor(text: string, limits: JsonLimits) {
    this.text = text;
    this.limits = limits;
  }

  fail(problem: string): never {
    throw new CertificateError(`character ${this.at}`, problem);
  }

  shown(): string {
    return this.at >= this.text.length ? 'the end' : JSON.stringify(this.text.slice(this.at, this.at + 12));
  }

  space(): void {
    while (' \t\n\r'.includes(this.text[this.at] ?? '?')) this.at++;
  }

  value(depth: number): unknown {
    const { maxDepth, maxValues } = this.limits;
    if (depth > maxDepth) this.fail(`is nested more than ${maxDepth} deep`);
    if (++this.values > maxValues) this.fail(`begins value number ${this.values}, at most ${maxValues} are read`);
    this.space();
    const first = this.text[this.at];
    if (first === '{') return this.object(depth);
    if (first === '[') return this.array(depth);
    if (first === '"') return this.string();
    if (first === 't') return this.word('true', true);
    if (first === 'f') return this.word('false', false);
    if (first === 'n') return this.word('null', null);
    return this.number();
  }

  private word(expected: string, value: boolean | null): boolean | null {
    if (!this.text.startsWith(expected, this.at)) this.fail(`must begin a JSON value, got ${this.shown()}`);
    this.at += expected.length;
    return value;
  }

  private string(): string {
    const { text } = this;
    const start = this.at;
    if (text[this.at] !== '"') this.fail(`must begin a string, got ${this.shown()}`);
    for (this.at++; text[this.at] !== '"'; this.at++) {
      if (this.at >= text.length) this.fail('ends inside a string');
      if (text.charCodeAt(this.at) < 32) this.fail('is a control character inside a string');
      if (text[this.at] !== '\\') continue;
      const escape = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(text.slice(this.at, this.at + 6));
      if (escape === null) return this.fail('is no escape that JSON knows');
      this.at += escape[0].length - 1;
    }
    this.at++;
    return JSON.parse(text.slice(start, this.at)) as string;
  }

  private number(): number {
    const found = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/.exec(this.text.slice(this.at, this.at + 42));
    if (found === null) return this.fail(`must begin a JSON value, got ${this.shown()}`);
    if (found[0].length > 40) this.fail('begins a number of more than 40 characters');
    const value = Number(found[0]);
    if (!Number.isFinite(value)) this.fail(`begins a number that overflows: ${found[0]}`);
    this.at += found[0].length;
    return value;
  }

  private array(depth: number): unknown[] {
    const items: unknown[] = [];
    for (let more = this.opens(']'); more; more = this.next(']')) items.push(this.value(depth + 1));
    return items;
  }

  private object(depth: number): Record<string, unknown> {
    const members = new Map<string, unknown>();
    for (let more = this.opens('}'); more; more = this.next('}')) {
      this.space();
      const key = this.string();
      if (members.has(key)) this.fail(`follows the key ${JSON.stringify(key)}, which is given twice`);
      if (key === '__proto__' || key === 'constructor' || key === 'prototype')
        this.fail(`follows the forbidden key ${key}`);
      this.space();
      if (this.text[this.at] !== ':') this.fail(`must be a colon, got ${this.shown()}`);
      this.at++;
      members.set(key, this.value(depth + 1));
    }
    return Object.fromEntries(members);
  }

  /** After an opening bracket: whether there is an element. */
  private opens(close: string): boolean {
    this.at++;
    this.space();
    if (this.text[this.at] !== close) return true;
    this.at++;
    return false;
  }

  /** After an element: a comma means there is another one. */
  private next(close: string): boolean {
    this.space();
    const found = this.text[this.at];
    if (found !== ',' && found !== close) this.fail(`must be a comma or ${close}, got ${this.shown()}`);
    this.at++;
    return found === ',';
  }
}
