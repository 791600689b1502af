import { quote } from './formatError.js';
import { TextScanner } from './textScanner.js';

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
 * __metadata__ to strings or null, numbers are plain decimal integers, and only spaces may follow.
 */
export function parseSafetensorsHeader(text: string): SafetensorsHeader {
  const scan = new TextScanner('safetensors', text);
  const tensors = new Map<string, TensorEntry>();
  let metadata: Map<string, string> | undefined;
  object(scan, (name) => {
    if (name === '__metadata__') {
      if (metadata !== undefined) scan.fail('__metadata__ appears twice');
      metadata = new Map();
      if (scan.accept('null')) return; // as some writers say that there is none
      const entries = metadata;
      object(scan, (key) => {
        if (entries.has(key)) scan.fail(`the metadata key ${quote(key)} appears twice`);
        entries.set(key, string(scan));
      });
      return;
    }
    if (tensors.has(name)) scan.fail(`the tensor ${quote(name)} appears twice`);
    tensors.set(name, tensorEntry(scan, name));
  });
  scan.end(' ');
  return { tensors, metadata: metadata ?? new Map<string, string>() };
}

function tensorEntry(scan: TextScanner, name: string): TensorEntry {
  let dtype: string | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  object(scan, (key) => {
    if (key === 'dtype' && dtype === undefined) dtype = string(scan);
    else if (key === 'shape' && shape === undefined) shape = integers(scan);
    else if (key === 'data_offsets' && offsets === undefined) offsets = integers(scan);
    else scan.fail(`the key ${quote(key)} of tensor ${quote(name)} is unknown or appears twice`);
  });
  if (dtype === undefined || shape === undefined || offsets === undefined) {
    return scan.fail(`tensor ${quote(name)} needs dtype, shape and data_offsets`);
  }
  if (offsets.length !== 2) return scan.fail(`data_offsets of tensor ${quote(name)} must be two integers`);
  return { dtype, shape, begin: offsets[0], end: offsets[1] };
}

function object(scan: TextScanner, member: (key: string) => void): void {
  scan.expect('{');
  if (scan.accept('}')) return;
  do {
    const key = string(scan);
    scan.expect(':');
    member(key);
  } while (scan.accept(','));
  scan.expect('}');
}

function integers(scan: TextScanner): number[] {
  const values: number[] = [];
  scan.expect('[');
  if (scan.accept(']')) return values;
  do values.push(scan.integer());
  while (scan.accept(','));
  scan.expect(']');
  return values;
}

function string(scan: TextScanner): string {
  scan.expect('"');
  const start = scan.at;
  let escaped = false;
  for (;;) {
    const code = scan.text.charCodeAt(scan.at);
    if (!(code >= 32)) scan.fail('a string does not end or holds a control character');
    scan.at++;
    if (code === 34) break;
    if (code === 92) {
      escaped = true;
      scan.at++;
    }
  }
  const raw = scan.text.slice(start, scan.at - 1);
  if (!escaped) return raw;
  let value: string;
  try {
    value = JSON.parse(`"${raw}"`) as string;
  } catch {
    return scan.fail('a string holds an unknown escape');
  }
  if (/[\ud800-\udfff]/u.test(value)) scan.fail('a string holds half a surrogate pair');
  return value;
}
