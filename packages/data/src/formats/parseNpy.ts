import { FormatError, quote, requireBytes } from './formatError.js';
import {
  bytesPerElement,
  decodeRest,
  type ElementType,
  elementTypeOf,
  hostIsLittleEndian,
  type NumericArray,
  type NumericData,
} from './numericArray.js';
import { parseNpyHeader } from './npyHeader.js';

/** Limits; the defaults are generous for honest files. */
export interface NpyOptions {
  /** longest header, in bytes (default 64 KiB) */
  readonly maxHeaderBytes?: number;
  /** most dimensions (default 32) */
  readonly maxRank?: number;
}

/** `=f8` and `f8` are in the byte order of the reader, as NumPy takes them; `?` is its own word for bool. */
function elementType(descr: string): { dtype: ElementType; littleEndian: boolean } {
  const [, order, code] = /^([<>=|]?)(.*)$/s.exec(descr) as unknown as [string, string, string];
  const dtype = elementTypeOf('npy', code === '?' ? 'b1' : code);
  if (dtype === undefined || (order === '|' && bytesPerElement(dtype) > 1)) {
    const advice = code.startsWith('O')
      ? 'object arrays are Python pickles, which are never loaded'
      : /^[SUa]/.test(code)
        ? 'it holds text'
        : 'supported are f2 f4 f8 i1..i8 u1..u8 and b1, with < or > before them';
    throw new FormatError(
      'npy',
      `the element type ${quote(descr)} is not supported: ${advice}; convert it with astype before saving`,
      { unsupported: true },
    );
  }
  return { dtype, littleEndian: order === '' || order === '=' ? hostIsLittleEndian() : order !== '>' };
}

/** Column-major to row-major, for any rank: an odometer over the row-major indices moves a column-major offset. */
function toRowMajor<A extends NumericData>(data: A, shape: readonly number[]): A {
  const rank = shape.length;
  if (rank < 2 || data.length === 0) return data;
  const out = data.slice() as A;
  const stride = Array.from({ length: rank }, () => 1);
  for (let d = 1; d < rank; d++) stride[d] = stride[d - 1] * shape[d - 1];
  const index = Array.from({ length: rank }, () => 0);
  const last = rank - 1;
  let from = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = data[from];
    let d = last;
    from += stride[d];
    while (++index[d] === shape[d] && d > 0) {
      from -= stride[d] * shape[d];
      index[d] = 0;
      from += stride[--d];
    }
  }
  return out;
}

/**
 * Reads an array that numpy.save wrote: versions 1.0, 2.0 and 3.0, both byte orders, both memory orders.
 *
 * The file is read strictly: the header must end with a newline, the data must have exactly the length that the shape
 * says, and no byte may follow it. 64-bit integers become BigInt arrays, float16 a Float32Array, bool 0 and 1.
 *
 * @param bytes the whole file
 * @param options limits
 * @returns dtype, shape and a row-major copy of the data; rank 0 has shape []
 * @throws FormatError when the file is malformed, holds an unsupported type or exceeds a limit
 * Cost: one copy of the data, two for column-major files.
 * @example
 * const { shape, data } = parseNpy(writeNpy({ shape: [2, 2], data: Float64Array.of(1, 2, 3, 4) }));
 * Source: [numpy-npy].
 */
export function parseNpy(bytes: Uint8Array, options: NpyOptions = {}): NumericArray {
  const { maxHeaderBytes = 65_536, maxRank = 32 } = options;
  requireBytes('parseNpy', bytes, { maxHeaderBytes, maxRank });
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
  if (bytes.length < 10 || magic.some((byte, i) => bytes[i] !== byte)) {
    throw new FormatError(
      'npy',
      `the file does not begin with the npy signature (${bytes.length} bytes); write it with numpy.save`,
    );
  }
  const major = bytes[6];
  if (major < 1 || major > 3 || bytes[7] !== 0) {
    throw new FormatError('npy', `version ${major}.${bytes[7]} is unknown; versions 1.0, 2.0 and 3.0 are read`);
  }
  const start = major === 1 ? 10 : 12;
  if (bytes.length < start) throw new FormatError('npy', 'the file ends inside its length field');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (headerLength > bytes.length - start) {
    throw new FormatError(
      'npy',
      `the header claims ${headerLength} bytes but only ${bytes.length - start} follow; the file is cut off`,
    );
  }
  if (headerLength > maxHeaderBytes) {
    throw new FormatError(
      'npy',
      `the header has ${headerLength} bytes, the limit is ${maxHeaderBytes} (maxHeaderBytes)`,
    );
  }
  const end = start + headerLength;
  if (headerLength === 0 || bytes[end - 1] !== 10)
    throw new FormatError('npy', 'the header does not end with a newline');
  let text = '';
  for (let i = start; i < end; i++) {
    // every key, type code and dimension is ASCII, in version 3.0 (UTF-8) as well: only field names of records are not
    if (bytes[i] > 126 || (bytes[i] < 32 && bytes[i] !== 9 && bytes[i] !== 10 && bytes[i] !== 13)) {
      throw new FormatError('npy', `byte ${i} of the header is ${bytes[i]}; headers of numeric arrays are plain ASCII`);
    }
    text += String.fromCharCode(bytes[i]);
  }
  const { descr, fortranOrder, shape } = parseNpyHeader(text);
  const { dtype, littleEndian } = elementType(descr);
  const data = decodeRest('npy', bytes.subarray(end), { dtype, shape }, littleEndian, maxRank);
  return { dtype, shape, data: fortranOrder ? toRowMajor(data, shape) : data };
}
