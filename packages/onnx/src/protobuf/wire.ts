import { FormatError } from '@hyperribbon/data';

/** A stretch of bytes that holds one message or one field's content; `end` is excluded. */
export interface Span {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** One field of a message on the wire. Lengths and places are checked against the span that holds it. */
export type Field =
  | { readonly number: number; readonly kind: 'varint'; readonly low: number; readonly high: number }
  | { readonly number: number; readonly kind: 'bytes' | 'fixed32' | 'fixed64'; readonly content: Span };

/** What a varint says: `value` as a signed 64-bit integer, nearest double, and where it ends. */
interface Varint {
  /** bits 0 to 27 */
  low: number;
  /** bits 28 to 63 */
  high: number;
  next: number;
}

const BELOW = 2 ** 28;
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws FormatError with the message and the byte where it went wrong */
export function malformed(sentence: string, at?: number): never {
  throw new FormatError('onnx', at === undefined ? sentence : `${sentence} (byte ${at})`);
}

/**
 * Fields of one message, in the order of the file, those of unknown numbers too.
 *
 * @throws FormatError for a varint of more than 10 bytes, a length beyond the message's end, field number 0, groups and unknown wire types
 * Cost: one pass over the tags; contents are not looked at.
 */
export function* fieldsOf({ bytes, start, end }: Span): Generator<Field, void, undefined> {
  let at = start;
  while (at < end) {
    const tag = readVarint(bytes, at, end);
    if (tag.high >= 2 ** 4) malformed('a field number is beyond 32 bits: the file is damaged or no ONNX file', at);
    const [number, wire] = [Math.floor((tag.high * BELOW + tag.low) / 8), tag.low % 8];
    if (number === 0) malformed('a field has number 0: the file is damaged or no ONNX file', at);
    if (wire === 0) {
      const { low, high, next } = readVarint(bytes, tag.next, end);
      yield { number, kind: 'varint', low, high };
      at = next;
    } else if (wire === 1 || wire === 5) {
      const next = tag.next + (wire === 1 ? 8 : 4);
      if (next > end) malformed('the file ends within a number: it was cut short', at);
      yield { number, kind: wire === 1 ? 'fixed64' : 'fixed32', content: { bytes, start: tag.next, end: next } };
      at = next;
    } else if (wire === 2) {
      const length = readVarint(bytes, tag.next, end);
      const next = length.next + length.high * BELOW + length.low;
      if (!(next <= end)) malformed('a field is longer than what holds it: the file was cut short', at);
      yield { number, kind: 'bytes', content: { bytes, start: length.next, end: next } };
      at = next;
    } else malformed(`wire type ${wire} is not one of ONNX: the file is damaged or no ONNX file`, at);
  }
}

function readVarint(bytes: Uint8Array, at: number, end: number): Varint {
  let [low, high] = [0, 0];
  for (let i = 0; i < 10; i++) {
    if (at + i >= end) malformed('the file ends within a number: it was cut short', at);
    const byte = bytes[at + i];
    const bits = byte & 127;
    if (i < 4) low += bits * 2 ** (7 * i);
    else high += bits * 2 ** (7 * (i - 4));
    if (byte < 128) {
      if (i === 9 && byte > 1) break;
      return { low, high, next: at + i + 1 };
    }
  }
  return malformed('a number has more than 64 bits: the file is damaged or no ONNX file', at);
}

/** A varint field as a signed 64-bit integer; exact up to 2^53, the nearest double beyond. */
export function signed({ low, high }: { readonly low: number; readonly high: number }): number {
  return (high >= 2 ** 35 ? high - 2 ** 36 : high) * BELOW + low;
}

/** @throws FormatError unless the field is a varint that fits into 53 bits */
export function integerOf(field: Field, what: string): number {
  if (field.kind !== 'varint') malformed(`${what} is not stored as a number`);
  const value = signed(field);
  if (!Number.isSafeInteger(value)) malformed(`${what} is beyond 2^53, got ${value}`);
  return value;
}

/** @throws FormatError unless the field has a length of its own */
export function contentOf(field: Field, what: string): Span {
  if (field.kind !== 'bytes') malformed(`${what} is not stored as text, bytes or a message`);
  return field.content;
}

/** @throws FormatError unless the field is UTF-8 text */
export function textOf(field: Field, what: string): string {
  const { bytes, start, end } = contentOf(field, what);
  try {
    return strict.decode(bytes.subarray(start, end));
  } catch {
    return malformed(`${what} is not UTF-8 text`, start);
  }
}

/** A 32-bit float field. */
export function floatOf(field: Field, what: string): number {
  if (field.kind !== 'fixed32') malformed(`${what} is not stored as a float`);
  const { bytes, start } = field.content;
  return new DataView(bytes.buffer, bytes.byteOffset + start, 4).getFloat32(0, true);
}

/**
 * Integers of a repeated field, packed (many in one field) or not, as signed 64-bit integers, added to `out`.
 * Beyond 2^53 they are the nearest double: open ends of slices are written as 2^63 − 1.
 */
export function appendIntegers(field: Field, what: string, out: number[]): void {
  if (field.kind === 'varint') return void out.push(signed(field));
  const { bytes, start, end } = contentOf(field, what);
  for (let at = start; at < end; ) {
    const varint = readVarint(bytes, at, end);
    out.push(signed(varint));
    at = varint.next;
  }
}

/** Fixed-width floats of a repeated field, packed or not, added to `out`. */
export function appendFloats(field: Field, what: string, width: 4 | 8, out: number[]): void {
  const single = width === 4 ? 'fixed32' : 'fixed64';
  if (field.kind !== 'bytes' && field.kind !== single) malformed(`${what} is not stored as floats of ${width} bytes`);
  const { bytes, start, end } = field.content;
  if ((end - start) % width !== 0) malformed(`${what} does not hold whole floats of ${width} bytes`, start);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = start; at < end; at += width)
    out.push(width === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true));
}
