import { typedArrayName } from '@hyperribbon/contract';
import { sha256 } from '@hyperribbon/contract/digest';

/** Any typed array. */
type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array | Uint16Array;

/** Arrays from so many bytes on travel by name; below it a name costs as much as the numbers. */
const smallest = 4096;

/** Stands in plain data for an array that is somewhere else. */
const marker = '@hyperribbon/array';

/** Plain data without its large arrays, and those by the digest of their bits. */
export interface Packed {
  readonly data: unknown;
  readonly arrays: ReadonlyMap<string, TypedArray>;
}

/** Remembers the digests of arrays: what is packed must not change as long as this lives. */
export type Digests = WeakMap<object, string>;

/**
 * Takes the large arrays out of plain data. Arrays in shared memory stay: they reach other threads without a copy.
 *
 * @param digests of arrays packed before; new ones are added
 */
export function pack(value: unknown, digests: Digests): Packed {
  const arrays = new Map<string, TypedArray>();
  const data = mapped(value, (array) => {
    if (array.byteLength < smallest || isShared(array)) return array;
    let digest = digests.get(array);
    if (digest === undefined) digests.set(array, (digest = digestOf(array)));
    arrays.set(digest, array);
    return { [marker]: digest };
  });
  return { data, arrays };
}

/** Puts the arrays back. @throws TypeError for one that `find` does not know */
export function unpack(data: unknown, find: (digest: string) => TypedArray | undefined): unknown {
  if (typeof data !== 'object' || data === null || ArrayBuffer.isView(data)) return data;
  if (marker in data) {
    const array = find(String(data[marker]));
    if (array === undefined) throw new TypeError(`unpack: there is no array ${String(data[marker])}`);
    return array;
  }
  return withEntries(data, (value) => unpack(value, find));
}

/**
 * The same numbers in shared memory, so that every thread of this process has them without a copy; the array itself where there is no
 * shared memory, or it is there already.
 */
export function shareArray<T extends Float32Array | Float64Array | Int32Array>(array: T): T {
  if (typeof SharedArrayBuffer === 'undefined' || isShared(array)) return array;
  const make = array.constructor as new (buffer: SharedArrayBuffer) => T;
  const shared = new make(new SharedArrayBuffer(array.byteLength));
  shared.set(array);
  return shared;
}

function isShared({ buffer }: ArrayBufferView): boolean {
  return (
    typeof SharedArrayBuffer !== 'undefined' && Object.prototype.toString.call(buffer) === '[object SharedArrayBuffer]'
  );
}

/** Of the type and the bits. */
export function digestOf(array: ArrayBufferView): string {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return `${typedArrayName(array)}:${sha256(bytes)}`;
}

function mapped(value: unknown, change: (array: TypedArray) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) return change(value as TypedArray);
  return withEntries(value, (entry) => mapped(entry, change));
}

/** Arrays and plain objects entry by entry; anything else (a Map, a Date) as it is. */
function withEntries(value: object, change: (entry: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  if (Object.prototype.toString.call(value) !== '[object Object]') return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, change(entry)]));
}
