import { FormatError, requireBytes } from './formatError.js';
import { gunzip, type GunzipOptions, isGzip } from './gunzip.js';
import { decodeRest, elementTypeOf, type NumericArray } from './numericArray.js';

/**
 * Reads an idx file, the format of MNIST: two zero bytes, a type, a rank, big-endian dimensions, big-endian data.
 *
 * @param file the whole file, as it is or compressed by gzip (idx.gz)
 * @param options limit of what is decompressed
 * @returns type, shape and a row-major copy of the data
 * @throws FormatError when the file is malformed or its length is not exactly what its dimensions say, or gzip data are: see {@link gunzip}
 * Cost: one copy.
 * @example
 * const { shape } = parseIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9)); // [2]
 * Source: [lecun1998].
 */
export function parseIdx(file: Uint8Array, options: GunzipOptions = {}): NumericArray {
  requireBytes('parseIdx', file);
  const bytes = isGzip(file) ? gunzip(file, options) : file;
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0) {
    throw new FormatError('idx', 'the file does not begin with two zero bytes, a type and a rank');
  }
  const dtype = elementTypeOf('idx', bytes[2]);
  if (dtype === undefined) throw new FormatError('idx', `the element type 0x${bytes[2].toString(16)} is unknown`);
  const rank = bytes[3];
  const start = 4 + 4 * rank;
  if (bytes.length < start) throw new FormatError('idx', `the file ends inside its ${rank} dimensions`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, d) => view.getUint32(4 + 4 * d, false));
  return { dtype, shape, data: decodeRest('idx', bytes.subarray(start), { dtype, shape }, false) };
}
