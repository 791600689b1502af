import { type Format, FormatError } from './formatError.js';

/** Element types of files. float8, float16 and bfloat16 are held in a Float32Array (exact), bool as 0 and 1 in a Uint8Array. */
export type ElementType =
  | `float${64 | 32 | 16}`
  | 'bfloat16'
  | `float8_e${'4m3' | '5m2'}`
  | `${'int' | 'uint'}${64 | 32 | 16 | 8}`
  | 'bool';

interface Element {
  readonly bytes: number;
  /** what the formats call it */
  readonly npy?: string;
  readonly safetensors: string;
  readonly idx?: number;
  readonly holder: new (buffer: ArrayBuffer) => NumericData;
}

const elementTypes: Readonly<Record<ElementType, Element>> = {
  float64: { bytes: 8, npy: 'f8', safetensors: 'F64', idx: 0x0e, holder: Float64Array },
  float32: { bytes: 4, npy: 'f4', safetensors: 'F32', idx: 0x0d, holder: Float32Array },
  float16: { bytes: 2, npy: 'f2', safetensors: 'F16', holder: Uint16Array },
  float8_e4m3: { bytes: 1, safetensors: 'F8_E4M3', holder: Uint8Array },
  float8_e5m2: { bytes: 1, safetensors: 'F8_E5M2', holder: Uint8Array },
  bfloat16: { bytes: 2, safetensors: 'BF16', holder: Uint16Array },
  int64: { bytes: 8, npy: 'i8', safetensors: 'I64', holder: BigInt64Array },
  int32: { bytes: 4, npy: 'i4', safetensors: 'I32', idx: 0x0c, holder: Int32Array },
  int16: { bytes: 2, npy: 'i2', safetensors: 'I16', idx: 0x0b, holder: Int16Array },
  int8: { bytes: 1, npy: 'i1', safetensors: 'I8', idx: 0x09, holder: Int8Array },
  uint64: { bytes: 8, npy: 'u8', safetensors: 'U64', holder: BigUint64Array },
  uint32: { bytes: 4, npy: 'u4', safetensors: 'U32', holder: Uint32Array },
  uint16: { bytes: 2, npy: 'u2', safetensors: 'U16', holder: Uint16Array },
  uint8: { bytes: 1, npy: 'u1', safetensors: 'U8', idx: 0x08, holder: Uint8Array },
  bool: { bytes: 1, npy: 'b1', safetensors: 'BOOL', holder: Uint8Array },
};

const names = Object.keys(elementTypes) as ElementType[];

export function bytesPerElement(dtype: ElementType): number {
  return elementTypes[dtype].bytes;
}

/** The type that a format calls so; undefined if there is none. */
export function elementTypeOf(format: 'npy' | 'safetensors' | 'idx', code: string | number): ElementType | undefined {
  return names.find((name) => elementTypes[name][format] === code);
}

/** All codes of a format, for messages. */
export function elementCodes(format: 'npy' | 'safetensors'): string[] {
  return names.flatMap((name) => elementTypes[name][format] ?? []);
}

/** What npy calls the numbers of a typed array; undefined for what is none. */
export function npyCodeOf(arrayName: string): string | undefined {
  // float16 is held by its bits on the way only: as a type of its own an array of 16-bit words is u2, and bool comes after uint8
  const name = names.find(
    (type) =>
      elementTypes[type].holder.name === arrayName && elementTypes[type].npy !== undefined && type !== 'float16',
  );
  return name && elementTypes[name].npy;
}

/** 64-bit integers are BigInt arrays: no value is ever rounded. */
export type NumericData =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/** An array as a file describes it: row-major data, its own copy (never a view into the file's bytes). */
export interface NumericArray {
  readonly dtype: ElementType;
  readonly shape: readonly number[];
  readonly data: NumericData;
}

/**
 * Number of elements of a shape.
 *
 * @throws FormatError when a dimension or the product of the dimensions other than 0 is above 2⁵³ − 1: a shape of
 * (0, 10²⁰) is as much of a lie as one of 10²⁰
 */
export function elementCount(format: Format, what: string, shape: readonly number[], maxRank: number): number {
  if (shape.length > maxRank) {
    throw new FormatError(
      format,
      `${what} has ${shape.length} dimensions, the limit is ${maxRank}; raise maxRank if it is meant`,
    );
  }
  let product = 1;
  for (const n of shape) {
    if (!Number.isSafeInteger(n) || n < 0) {
      throw new FormatError(format, `${what} has a dimension of ${n}; dimensions are integers from 0 to 2^53 - 1`);
    }
    product *= n === 0 ? 1 : n;
    if (product > Number.MAX_SAFE_INTEGER) throw new FormatError(format, `${what} has more than 2^53 - 1 elements`);
  }
  return shape.includes(0) ? 0 : product;
}

export const hostIsLittleEndian = (): boolean => new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function swapBytes(bytes: Uint8Array, width: number): void {
  for (let i = 0; i < bytes.length; i += width) bytes.subarray(i, i + width).reverse();
}

/** bfloat16 is the upper half of a float32. */
function widenBfloat16(halves: Uint16Array): Float32Array {
  const words = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) words[i] = halves[i] << 16;
  return new Float32Array(words.buffer);
}

/** IEEE binary16 to binary32, bit for bit: normal numbers shift and rebias, subnormal ones become normal, NaN keeps its payload. */
function widenFloat16(halves: Uint16Array): Float32Array {
  const words = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i];
    const sign = (half & 0x8000) << 16;
    const exponent = (half >>> 10) & 0x1f;
    let mantissa = half & 0x3ff;
    if (exponent === 0x1f) words[i] = sign | 0x7f80_0000 | (mantissa << 13);
    else if (exponent !== 0) words[i] = sign | ((exponent + 112) << 23) | (mantissa << 13);
    else if (mantissa === 0) words[i] = sign;
    else {
      const shift = Math.clz32(mantissa) - 21;
      mantissa = (mantissa << shift) & 0x3ff;
      words[i] = sign | ((113 - shift) << 23) | (mantissa << 13);
    }
  }
  return new Float32Array(words.buffer);
}

/**
 * The 8-bit floats of [micikevicius2022]: E5M2 is the upper half of a float16; E4M3 has four bits of exponent, biased by 7, no infinity, and
 * NaN where all bits but the sign are set.
 */
function widenFloat8(bytes: Uint8Array, dtype: 'float8_e4m3' | 'float8_e5m2'): Float32Array {
  if (dtype === 'float8_e5m2') return widenFloat16(Uint16Array.from(bytes, (byte) => byte << 8));
  return Float32Array.from(bytes, (byte) => {
    if ((byte & 0x7f) === 0x7f) return NaN;
    const [sign, exponent, mantissa] = [byte & 0x80 ? -1 : 1, (byte >> 3) & 15, byte & 7];
    // powers of two are exact; subnormal numbers count 2^-9
    return sign * (exponent === 0 ? mantissa / 512 : ((8 + mantissa) * (1 << exponent)) / 1024);
  });
}

/**
 * Copies the bytes of an array into a typed array of its own, in the host's byte order. Alignment does not matter.
 *
 * @throws FormatError when a bool is neither 0 nor 1
 */
export function decodeElements(
  format: Format,
  what: string,
  bytes: Uint8Array,
  dtype: ElementType,
  littleEndian: boolean,
): NumericData {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  const { bytes: width, holder: Holder } = elementTypes[dtype];
  if (width > 1 && littleEndian !== hostIsLittleEndian()) swapBytes(copy, width);
  const odd = dtype === 'bool' ? copy.findIndex((byte) => byte > 1) : -1;
  if (odd >= 0) throw new FormatError(format, `${what} is bool but byte ${odd} of its data is ${copy[odd]}`);
  const data = new Holder(copy.buffer);
  if (dtype === 'float16') return widenFloat16(data as Uint16Array);
  if (dtype === 'float8_e4m3' || dtype === 'float8_e5m2') return widenFloat8(data as Uint8Array, dtype);
  return dtype === 'bfloat16' ? widenBfloat16(data as Uint16Array) : data;
}

/**
 * The data of a file from after its header on.
 *
 * @throws FormatError when their length is not exactly what shape and type need
 */
export function decodeRest(
  format: Format,
  bytes: Uint8Array,
  { dtype, shape }: Omit<NumericArray, 'data'>,
  littleEndian: boolean,
  maxRank = 32,
): NumericData {
  const length = elementCount(format, 'the shape', shape, maxRank) * bytesPerElement(dtype);
  if (length !== bytes.length) {
    const verb = length > bytes.length ? 'the file is cut off' : 'extra bytes follow the data';
    throw new FormatError(
      format,
      `shape (${shape.join(', ')}) of ${dtype} needs ${length} bytes, the file has ${bytes.length}: ${verb}`,
    );
  }
  return decodeElements(format, 'the array', bytes, dtype, littleEndian);
}
