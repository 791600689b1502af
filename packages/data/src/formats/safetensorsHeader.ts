import { FormatError, quote } from './formatError.js';

/** One tensor as the header describes it; offsets count from the end of the header. */
export interface TensorEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly tensors: Map<string, TensorEntry>;
  readonly metadata: Map<string, string>;
}

/**
 * Reads the JSON header of a safetensors file with a grammar of its own, because JSON.parse keeps the last of two equal
 * keys, rounds integers and nests as deep as the text says: names map to exactly {dtype, shape, data_offsets},
 * __metadata__ to strings, numbers are plain decimal integers, and only spaces may follow.
 */
export function parseSafetensorsHeader(text: string): SafetensorsHeader {
  const scan = new Scanner(text);
  const tensors = new Map<string, TensorEntry>();
  let metadata: Map<string, string> | undefined;
  scan.object((name) => {
    if (name === '__metadata__') {
      if (metadata !== undefined) scan.fail('__metadata__ appears twice');
      metadata = new Map();
      const entries = metadata;
      scan.object((key) => {
        if (entries.has(key)) scan.fail(`the metadata key ${quote(key)} appears twice`);
        entries.set(key, scan.string());
      });
      return;
    }
    if (tensors.has(name)) scan.fail(`the tensor ${quote(name)} appears twice`);
    tensors.set(name, tensorEntry(scan, name));
  });
  scan.end();
  return { tensors, metadata: metadata ?? new Map<string, string>() };
}

function tensorEntry(scan: Scanner, name: string): TensorEntry {
  let dtype: string | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  scan.object((key) => {
    if (key === 'dtype' && dtype === undefined) dtype = scan.string();
    else if (key === 'shape' && shape === undefined) shape = scan.integers();
    else if (key === 'data_offsets' && offsets === undefined) offsets = scan.integers();
    else scan.fail(`the key ${quote(key)} of tensor ${quote(name)} is unknown or appears twice`);
  });
  if (dtype === undefined || shape === undefined || offsets === undefined) {
    return scan.fail(`tensor ${quote(name)} needs dtype, shape and data_offsets`);
  }
  if (offsets.length !== 2) return scan.fail(`data_offsets of tensor ${quote(name)} must be two integers`);
  return { dtype, shape, begin: offsets[0], end: offsets[1] };
}

class Scanner {
  private at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  fail(what: string): never {
    throw new FormatError('safetensors', `the header is malformed at character ${this.at}: ${what}`);
  }

  object(member: (key: string) => void): void {
    this.expect('{');
    if (this.accept('}')) return;
    do {
      const key = this.string();
      this.expect(':');
      member(key);
    } while (this.accept(','));
    this.expect('}');
  }

  integers(): number[] {
    const values: number[] = [];
    this.expect('[');
    if (this.accept(']')) return values;
    do values.push(this.integer());
    while (this.accept(','));
    this.expect(']');
    return values;
  }

  string(): string {
    this.expect('"');
    const start = this.at;
    let escaped = false;
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (!(code >= 32)) this.fail('a string does not end or holds a control character');
      this.at++;
      if (code === 34) break;
      if (code === 92) {
        escaped = true;
        this.at++;
      }
    }
    const raw = this.text.slice(start, this.at - 1);
    if (!escaped) return raw;
    let value: string;
    try {
      value = JSON.parse(`"${raw}"`) as string;
    } catch {
      return this.fail('a string holds an unknown escape');
    }
    if (/[\ud800-\udfff]/u.test(value)) this.fail('a string holds half a surrogate pair');
    return value;
  }

  /** Nothing but spaces may follow the object. */
  end(): void {
    while (this.text[this.at] === ' ') this.at++;
    if (this.at !== this.text.length) this.fail('text follows the header');
  }

  private integer(): number {
    this.space();
    const start = this.at;
    while (this.text.charCodeAt(this.at) >= 48 && this.text.charCodeAt(this.at) <= 57) this.at++;
    const digits = this.text.slice(start, this.at);
    if (digits === '' || '.eE'.includes(this.text[this.at] ?? ' '))
      this.fail('expected an integer >= 0 in plain decimal digits');
    if (digits.length > 1 && digits[0] === '0') this.fail('integers have no leading zeros');
    const value = Number(digits);
    if (!Number.isSafeInteger(value)) this.fail('the integer is above 2^53 - 1');
    return value;
  }

  private space(): void {
    while (this.at < this.text.length && ' \t\n\r'.includes(this.text[this.at])) this.at++;
  }

  private accept(token: string): boolean {
    this.space();
    if (this.text[this.at] !== token) return false;
    this.at++;
    return true;
  }

  private expect(token: string): void {
    if (!this.accept(token)) this.fail(`expected ${token}`);
  }
}
