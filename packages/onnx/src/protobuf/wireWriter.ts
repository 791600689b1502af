/** Bytes of a message in pieces, so that weights are copied once, when all is joined. */
export interface Pieces {
  readonly length: number;
  readonly parts: readonly Uint8Array[];
}

const encoder = new TextEncoder();
const nothing: Pieces = { length: 0, parts: [] };

/** Pieces one after the other: the fields of a message. */
export function joined(pieces: readonly Pieces[]): Pieces {
  return {
    length: pieces.reduce((total, { length }) => total + length, 0),
    parts: pieces.flatMap(({ parts }) => parts),
  };
}

/** One array of all bytes. */
export function bytesOf({ length, parts }: Pieces): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const raw = (bytes: Uint8Array): Pieces => ({ length: bytes.length, parts: [bytes] });

/** An integer of 64 bits; 2^63, the nearest double of the largest one, is that one: open ends of slices are written so. */
export function integer64(value: number): bigint {
  return value >= 2 ** 63 ? 2n ** 63n - 1n : BigInt(value);
}

/** A signed 64-bit integer as a varint: two's complement, seven bits a byte. */
function varint(value: number): number[] {
  let rest = BigInt.asUintN(64, integer64(value));
  const bytes: number[] = [];
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

const tag = (number: number, wire: 0 | 2 | 5): number[] => varint(number * 8 + wire);

/** A field that holds an integer. */
export function integerField(number: number, value: number): Pieces {
  return raw(Uint8Array.from([...tag(number, 0), ...varint(value)]));
}

/** A field that holds a 32-bit float, the nearest one. */
export function floatField(number: number, value: number): Pieces {
  const bytes = Uint8Array.from([...tag(number, 5), 0, 0, 0, 0]);
  new DataView(bytes.buffer).setFloat32(bytes.length - 4, value, true);
  return raw(bytes);
}

/** A field that holds a message, or bytes. */
export function messageField(number: number, content: Pieces): Pieces {
  return joined([raw(Uint8Array.from([...tag(number, 2), ...varint(content.length)])), content]);
}

/** A field that holds bytes, which are not copied before all is joined. */
export function bytesField(number: number, bytes: Uint8Array): Pieces {
  return messageField(number, raw(bytes));
}

/** A field that holds text in UTF-8. */
export function textField(number: number, text: string): Pieces {
  return bytesField(number, encoder.encode(text));
}

/** A repeated field of integers, packed; nothing for none. */
export function integersField(number: number, values: readonly number[]): Pieces {
  return values.length === 0 ? nothing : bytesField(number, Uint8Array.from(values.flatMap(varint)));
}

/** A repeated field of 32-bit floats, packed; nothing for none. */
export function floatsField(number: number, values: readonly number[]): Pieces {
  return values.length === 0 ? nothing : bytesField(number, new Uint8Array(Float32Array.from(values).buffer));
}
