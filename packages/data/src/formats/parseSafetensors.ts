import type { NumericArray } from './numericArray.js';
import { openTensors, type SafetensorsOptions } from './openSafetensors.js';

export interface SafetensorsFile {
  /** tensors by name, in the order of the header */
  readonly tensors: Map<string, NumericArray>;
  readonly metadata: Map<string, string>;
}

/**
 * Reads a safetensors file: all of it. {@link openSafetensors} reads single tensors of a file that holds other types too.
 *
 * Tensors must cover the data exactly: no overlap, no hole, no byte left over. Numbers of 8 and 16 bits with a point become Float32Array
 * (exact), 64-bit integers BigInt arrays.
 *
 * @param bytes the whole file
 * @param options limits
 * @returns tensors and metadata; a name such as __proto__ is an ordinary key of the Map
 * @throws FormatError when the file is malformed, holds an unsupported type or exceeds a limit
 * Cost: one copy of the data.
 * @example
 * const { tensors } = parseSafetensors(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d)); // an empty file
 * Source: [safetensors].
 */
export function parseSafetensors(bytes: Uint8Array, options: SafetensorsOptions = {}): SafetensorsFile {
  const file = openTensors('parseSafetensors', bytes, options);
  return {
    tensors: new Map(file.names.map((name) => [name, file.read(name)])),
    metadata: new Map(file.metadata),
  };
}
