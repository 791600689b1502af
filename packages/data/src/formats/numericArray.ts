import { type Format, FormatError } from './formatError.js';

/** Element types of files. float16 and bfloat16 are held in a Float32Array (exact), bool as 0 and 1 in a Uint8Array. */
export type ElementType =
  | 'float64'
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'int64'
  | 'int32'
  | 'int16'
  | 'int8'
  | 'uint64'
  | 'uint32'
  | 'uint16'
  | 'uint8'
  | 'bool';

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

export const bytesPerElement: Readonly<Record<ElementType, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint64: 8,
  uint32: 4,
  uint16: 2,
  uint8: 1,
  bool: 1,
};

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

const hostIsLittleEndian = (): boolean => new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

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
  const width = bytesPerElement[dtype];
  if (width > 1 && littleEndian !== hostIsLittleEndian()) swapBytes(copy, width);
  const buffer = copy.buffer;
  switch (dtype) {
    case 'float64':
      return new Float64Array(buffer);
    case 'float32':
      return new Float32Array(buffer);
    case 'float16':
      return widenFloat16(new Uint16Array(buffer));
    case 'bfloat16':
      return widenBfloat16(new Uint16Array(buffer));
    case 'int64':
      return new BigInt64Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'int16':
      return new Int16Array(buffer);
    case 'int8':
      return new Int8Array(buffer);
    case 'uint64':
      return new BigUint64Array(buffer);
    case 'uint32':
      return new Uint32Array(buffer);
    case 'uint16':
      return new Uint16Array(buffer);
    case 'bool': {
      const at = copy.findIndex((byte) => byte > 1);
      if (at >= 0) throw new FormatError(format, `${what} is bool but byte ${at} of its data is ${copy[at]}`);
      return copy;
    }
    case 'uint8':
      return copy;
  }
}
