import { sha256 } from '@hyperribbon/contract/digest';

/** Arrays that a result may hold, by name. */
const kinds = { Float32Array, Float64Array, Int32Array, Uint32Array, Uint16Array, Uint8Array } as const;
type Kind = keyof typeof kinds;
type TypedArray = InstanceType<(typeof kinds)[Kind]>;

/** stands in the text for an array: [kind, byte offset, length] */
const ARRAY = '@array';
/** stands in the text for a number that JSON has not */
const NUMBER = '@number';
const MAGIC = 'hyperribbon result 1\n';
const DIGEST_LENGTH = 64;

/** Bytes that are no result of the job that was asked for: cut short, changed, or of another. */
export class ResultFormatError extends Error {
  override readonly name = 'ResultFormatError';
}

/**
 * The one sequence of bytes of a result: equal results of a job have equal files, whoever computed them.
 *
 * First a line that names the format, then the length of a text and the text (JSON, keys in alphabetical order, arrays and numbers like NaN by what stands for them), the arrays on multiples of eight bytes,
 * little-endian, and last the SHA-256 of all that, by which a file that is cut short or changed is told.
 *
 * @param id of the job, which the file carries
 * @param result plain data with typed arrays
 * @throws TypeError for functions, symbols and objects that are neither plain nor typed arrays
 */
export function encodeResult(id: string, result: unknown): Uint8Array {
  const arrays: TypedArray[] = [];
  let offset = 0;
  const plain = (value: unknown): unknown => {
    if (typeof value === 'number')
      return Number.isFinite(value) && !Object.is(value, -0) ? value : { [NUMBER]: numberName(value) };
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (Array.isArray(value)) return value.map(plain);
    if (ArrayBuffer.isView(value)) {
      const kind = value.constructor.name as Kind;
      if (!(kind in kinds)) throw new TypeError(`encodeResult: a result may not hold a ${kind}`);
      const array = value as TypedArray;
      const at = offset;
      arrays.push(array);
      offset = upToEight(offset + array.byteLength);
      return { [ARRAY]: [kind, at, array.length] };
    }
    if (typeof value !== 'object' || Object.prototype.toString.call(value) !== '[object Object]')
      throw new TypeError(`encodeResult: a result must be plain data, got ${typeof value}`);
    const members = Object.entries(value).filter(([, entry]) => entry !== undefined);
    members.sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(members.map(([key, entry]) => [key, plain(entry)]));
  };
  const text = new TextEncoder().encode(JSON.stringify({ id, result: plain(result) }));
  const magic = new TextEncoder().encode(MAGIC);
  const start = upToEight(magic.length + 4 + text.length);
  const bytes = new Uint8Array(start + offset + DIGEST_LENGTH);
  bytes.set(magic);
  new DataView(bytes.buffer).setUint32(magic.length, text.length, true);
  bytes.set(text, magic.length + 4);
  let at = start;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at = upToEight(at + array.byteLength);
  }
  bytes.set(new TextEncoder().encode(sha256(bytes.subarray(0, at))), at);
  return bytes;
}

/**
 * The result that a file holds.
 *
 * @param id the job it must be of
 * @throws ResultFormatError for bytes that are cut short, changed, or of another job
 */
export function decodeResult(id: string, bytes: Uint8Array): unknown {
  const magic = new TextEncoder().encode(MAGIC);
  const whole = magic.length + 4 + DIGEST_LENGTH;
  const said = (what: string): never => {
    throw new ResultFormatError(`decodeResult: ${what}; the job is to be computed again`);
  };
  if (bytes.length < whole || !magic.every((byte, i) => bytes[i] === byte))
    said('the bytes are no result, or not all of one');
  const end = bytes.length - DIGEST_LENGTH;
  if (new TextDecoder().decode(bytes.subarray(end)) !== sha256(bytes.subarray(0, end)))
    said('the bytes are not those that were written');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(magic.length, true);
  const from = magic.length + 4;
  if (from + length > end) said('the text is longer than the file');
  const found = JSON.parse(new TextDecoder().decode(bytes.subarray(from, from + length))) as {
    id: string;
    result: unknown;
  };
  if (found.id !== id) said(`it is the result of ${found.id}, not of ${id}`);
  return back(found.result, bytes.subarray(upToEight(from + length), end));
}

function back(value: unknown, data: Uint8Array): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((entry) => back(entry, data));
  if (NUMBER in value) return numberOf(String(value[NUMBER]));
  if (ARRAY in value) {
    const [kind, at, length] = value[ARRAY] as [Kind, number, number];
    const size = length * kinds[kind].BYTES_PER_ELEMENT;
    return new kinds[kind](data.slice(at, at + size).buffer);
  }
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, back(entry, data)]));
}

function numberName(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function numberOf(name: string): number {
  return name === '-0' ? -0 : Number(name);
}

function upToEight(length: number): number {
  return 8 * Math.ceil(length / 8);
}
