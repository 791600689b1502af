import { FormatError, quote, requireBytes } from './formatError.js';
import {
  bytesPerElement,
  decodeElements,
  elementCodes,
  elementCount,
  elementTypeOf,
  type NumericArray,
} from './numericArray.js';
import { parseSafetensorsHeader } from './safetensorsHeader.js';

export interface SafetensorsOptions {
  /** longest header, in bytes (default 25 MB) */
  readonly maxHeaderBytes?: number;
  /** most dimensions (default 32) and most tensors (default 100 000) */
  readonly maxRank?: number;
  readonly maxTensors?: number;
}

export interface SafetensorsFile {
  /** tensors by name, in the order of the header */
  readonly tensors: Map<string, NumericArray>;
  readonly metadata: Map<string, string>;
}

/**
 * Reads a safetensors file.
 *
 * Tensors must cover the data exactly: no overlap, no hole, no byte left over. Float16 and bfloat16 become Float32Array
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
  const { maxHeaderBytes = 25_000_000, maxRank = 32, maxTensors = 100_000 } = options;
  requireBytes('parseSafetensors', bytes, { maxHeaderBytes, maxRank, maxTensors });
  const fail = (message: string, cause?: unknown): never => {
    throw new FormatError('safetensors', message, cause === undefined ? undefined : { cause });
  };
  if (bytes.length < 8) fail(`the file has ${bytes.length} bytes; its first 8 are the header's length`);
  const declared = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
  if (declared > BigInt(bytes.length - 8)) {
    fail(
      `the header claims ${declared} bytes but only ${bytes.length - 8} follow; the file is cut off or not safetensors`,
    );
  }
  if (declared > BigInt(maxHeaderBytes))
    fail(`the header has ${declared} bytes, the limit is ${maxHeaderBytes} (maxHeaderBytes)`);
  const start = 8 + Number(declared);
  if (bytes[8] !== 0x7b || start < 10) fail('the header does not begin with {');
  let text = '';
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, start));
  } catch (error) {
    fail('the header is not UTF-8', error);
  }
  const { tensors: entries, metadata } = parseSafetensorsHeader(text);
  if (entries.size > maxTensors) fail(`the file has ${entries.size} tensors, the limit is ${maxTensors} (maxTensors)`);

  const room = bytes.length - start;
  let reached = 0;
  for (const [name, { begin, end }] of [...entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== reached)
      fail(
        `tensor ${quote(name)} begins at ${begin}, the one before ends at ${reached}: tensors must not overlap or leave holes`,
      );
    if (end < begin || end > room)
      fail(
        `tensor ${quote(name)} lies at [${begin}, ${end}) but the file has ${room} bytes of data; the file is cut off or edited`,
      );
    reached = end;
  }
  if (reached !== room) fail(`${room - reached} bytes follow the last tensor`);

  const tensors = new Map<string, NumericArray>();
  for (const [name, { dtype: code, shape, begin, end }] of entries) {
    const what = `tensor ${quote(name)}`;
    const dtype =
      elementTypeOf('safetensors', code) ??
      fail(`${what} has the type ${quote(code)}; supported are ${elementCodes('safetensors').join(' ')}`);
    const length = elementCount('safetensors', what, shape, maxRank) * bytesPerElement(dtype);
    if (length !== end - begin)
      fail(`${what} of shape [${shape.join(', ')}] needs ${length} bytes, its offsets say ${end - begin}`);
    tensors.set(name, {
      dtype,
      shape,
      data: decodeElements('safetensors', what, bytes.subarray(start + begin, start + end), dtype, true),
    });
  }
  return { tensors, metadata };
}
