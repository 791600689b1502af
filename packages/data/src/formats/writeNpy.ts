import { refuse, refuseType, typedArrayName } from '@hyperribbon/contract';
import { npyCodeOf, type NumericData } from './numericArray.js';

/** What the writers take: row-major data and its shape. A Uint8Array is written as uint8, or as bool when dtype says so. */
export interface WritableArray {
  readonly shape: readonly number[];
  readonly data: NumericData;
  readonly dtype?: string;
}

/**
 * Writes an array as an npy file (version 1.0, C order, header padded to 64 bytes as NumPy pads it): numpy.load reads it.
 *
 * @param array shape and row-major data; float16 and bfloat16 data, held as Float32Array, are written as float32
 * @returns the file
 * @throws ArgumentTypeError when data is not a typed array, ArgumentError when the shape does not match its length
 * Cost: one copy.
 * @example
 * const file = writeNpy({ shape: [2, 3], data: new Float32Array(6) });
 * Source: [numpy-npy].
 */
export function writeNpy(array: WritableArray): Uint8Array {
  const { shape, data, dtype } = array;
  let code = npyCodeOf(typedArrayName(data));
  if (code === undefined) return refuseType('writeNpy', 'data', 'a numeric typed array', data);
  if (code === 'u1' && dtype === 'bool') code = 'b1';
  if (!Array.isArray(shape) || !shape.every((n) => Number.isSafeInteger(n) && n >= 0))
    return refuse('writeNpy', `shape must hold integers >= 0, got [${String(shape)}]`);
  const count = shape.reduce((product, n) => product * n, 1);
  if (count !== data.length)
    return refuse('writeNpy', `shape [${shape.join(', ')}] has ${count} elements, data has ${data.length}`);
  const little = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  const order = data.BYTES_PER_ELEMENT === 1 ? '|' : little ? '<' : '>';
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '${order}${code}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const headerLength = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10;
  if (headerLength > 0xffff) return refuse('writeNpy', `shape has too many dimensions (${shape.length})`);
  const text = `\x93NUMPY\x01\0${String.fromCharCode(headerLength & 255, headerLength >> 8)}${dictionary.padEnd(headerLength - 1)}\n`;
  const file = new Uint8Array(text.length + data.byteLength);
  for (let i = 0; i < text.length; i++) file[i] = text.charCodeAt(i);
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), text.length);
  return file;
}
